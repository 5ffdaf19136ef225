import { OutlayError } from '../../../shared/contract/errors.ts';
import { recordChange, versionSide } from '../store/changes.ts';
import { cleanDetail } from '../store/detail.ts';
import { sourceId } from '../store/loads.ts';
import { giveWay } from '../store/give-way.ts';
import type { Registry } from '../store/registry.ts';
import { dropOldSegments } from '../store/retention.ts';
import { currentVersion, writeVersion } from '../store/versions.ts';
import { keepWaiting } from './keep-lines.ts';
import { endLoad, type ImportContext, type Input, recordContent } from './outcome.ts';
import { type PlannedVersion, planVersions } from './plan.ts';
import { sameKey } from './shares.ts';

/** One transaction a billing period, oldest first. */
export async function storePeriods(
  context: ImportContext,
  registry: Registry,
  inputs: Input[],
  options: Parameters<typeof planVersions>[2],
): Promise<void> {
  const { db, signal, progress } = context;
  progress({ step: 'storing', file: null });
  const planned = planVersions(context, inputs, options);
  const periods = [...new Set(planned.map(({ key }) => key.billingPeriod))].sort();
  for (const billingPeriod of periods) {
    const versions = planned.filter(({ key }) => key.billingPeriod === billingPeriod);
    // Lets a wish to cancel be heard.
    await giveWay();
    if (signal.aborted) throw new OutlayError('CANCELLED', 'Cancelled.');
    db.transaction(() => {
      registry.flush();
      for (const { key, inputs: files, format, adds } of versions) {
        for (const input of files) recordContent(context, input);
        const parts = files.flatMap((input) =>
          input.shares.filter((share) => sameKey(share, key)).map((share) => ({ input, ...share })),
        );
        const now = context.now().toISOString();
        const previous = currentVersion(db, key);
        const before = previous && versionSide(db, previous.id);
        const id = writeVersion(
          db,
          {
            ...key,
            sourceId: sourceId(db, options.source),
            format,
            adds,
            invoiced: parts.every(({ isInvoiced }) => isInvoiced),
            now,
          },
          parts.map(({ segment }) => segment),
        );
        if (before) {
          const kind = adds ? 'added' : 'restated';
          recordChange(db, { kind, key, before, after: versionSide(db, id), at: now });
        }
        dropOldSegments(db, key, now);
        for (const { input, segment } of parts) {
          input.rowsKept += segment.packed.chargeRows;
          if (before !== null && !adds) input.replaced = true;
        }
      }
    }).immediate();
    for (const input of inputs) {
      if (lastPeriod(planned, input) === billingPeriod) keepWaiting(context, input);
    }
    cleanDetail(db, context.detailFolder);
    context.changed();
  }
  for (const input of inputs) {
    if (input.rowsKept > 0) {
      endLoad(context, input, input.replaced ? 'replaced' : 'loaded');
    } else {
      db.transaction(() => recordContent(context, input))();
      keepWaiting(context, input);
      endLoad(context, input, 'unchanged');
    }
  }
}

/** The last billing period that a file brings anything to; undefined where it brings nothing. */
function lastPeriod(planned: readonly PlannedVersion[], input: Input): string | undefined {
  return planned
    .filter(({ inputs }) => inputs.includes(input))
    .map(({ key }) => key.billingPeriod)
    .sort()
    .at(-1);
}
