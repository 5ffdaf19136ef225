import { currentVersion } from '../store/versions.ts';
import {
  refuseFewerRows,
  refuseLessCoverage,
  refuseMissingParts,
  refuseOverlap,
  refuseSecondTime,
  storedTwin,
} from './guards.ts';
import { findMixture } from './mixtures.ts';
import { drop, type ImportContext, type Input, recordContent, refuse } from './outcome.ts';
import type { BillKey } from './roll-up.ts';
import { sameKey } from './shares.ts';

/** A version to be written, and the files that make it. */
export interface PlannedVersion {
  key: BillKey;
  inputs: Input[];
  format: string;
  /** The parts of the current version stay; these come beside them. */
  adds: boolean;
}

/** Which files make which version. Refused files leave `inputs`; what is shown already is left. */
export function planVersions(
  context: ImportContext,
  inputs: Input[],
  options: {
    source: string;
    replace: boolean;
    add: boolean;
    /** Names of the files that came together with these and could not be read. */
    unreadable: readonly string[];
  },
): PlannedVersion[] {
  const keys: BillKey[] = [];
  for (const { bill } of inputs) {
    for (const total of bill?.totals ?? []) {
      if (!keys.some((key) => sameKey(key, total))) {
        const { provider, billingAccount, billingPeriod } = total;
        keys.push({ provider, billingAccount, billingPeriod });
      }
    }
  }
  const refused = new Map<Input, unknown>();
  const planned: PlannedVersion[] = [];
  for (const key of keys) {
    const holders = inputs.filter((input) =>
      input.bill?.totals.some((total) => sameKey(total, key)),
    );
    const current = currentVersion(context.db, key);
    const known = new Set(current?.files.map((file) => file.sha256));
    const adds = options.add && current !== null;
    const parts = adds ? holders.filter((input) => !known.has(input.sha256)) : holders;
    if (parts.length === 0) continue;
    // The same bytes say something else where the caller says what they do not.
    const shown = (input: Input) =>
      current !== null &&
      known.has(input.sha256) &&
      storedTwin(context.db, current, input) !== undefined;
    if (known.size === parts.length && parts.every(shown)) continue;
    const format = parts[0]?.bill?.format.family ?? '';
    planned.push({ key, inputs: parts, format, adds });
    const mixture = findMixture(context.db, key, parts, inputs);
    if (mixture) for (const input of parts) refused.set(input, mixture);
    if (mixture || !current || options.replace) continue;
    const files = parts.map((input) => input.file.name).join(', ');
    const bills = parts.map((input) => input.bill).filter((bill) => bill !== null);
    try {
      refuseOverlap(current, { source: options.source, format, files });
      if (adds) {
        for (const part of parts) refuseSecondTime(context.db, current, part);
      } else {
        refuseLessCoverage(context.db, current, parts, files);
        refuseMissingParts(current, parts);
        refuseFewerRows(current, bills, files, options.unreadable);
      }
    } catch (error) {
      for (const input of parts) refused.set(input, error);
    }
  }
  // A version is made of all its files or not at all.
  for (let before = -1; before !== refused.size; ) {
    before = refused.size;
    for (const { inputs: parts } of planned) {
      const error = parts.map((input) => refused.get(input)).find((found) => found !== undefined);
      if (error) for (const input of parts) refused.set(input, error);
    }
  }
  for (const [input, error] of refused) {
    drop(inputs, input);
    // It was read: what it holds is what the decision is about.
    context.db.transaction(() => recordContent(context, input))();
    refuse(context, input.loadId, error);
  }
  return planned.filter((plan) => plan.inputs.every((input) => !refused.has(input)));
}
