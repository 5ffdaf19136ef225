import type { DuckDBConnection } from '@duckdb/node-api';
import { currentVersion } from '../store/versions.ts';
import { sameKey } from './cells.ts';
import { refuseLessCoverage, refuseOverlap } from './guards.ts';
import { drop, type ImportContext, type Input, refuse } from './outcome.ts';
import type { BillKey } from './read-bill.ts';

/** A version to be written, and the files that make it. */
export interface PlannedVersion {
  key: BillKey;
  inputs: Input[];
  format: string;
}

/** Which files make which version. Refused files leave `inputs`; what is shown already is left. */
export async function planVersions(
  context: ImportContext,
  connection: DuckDBConnection,
  inputs: Input[],
  options: { source: string; replace: boolean },
): Promise<PlannedVersion[]> {
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
    const parts = inputs.filter((input) => input.bill?.totals.some((total) => sameKey(total, key)));
    const format = parts[0]?.bill?.format.family ?? '';
    const current = currentVersion(context.db, key);
    if (
      current &&
      sameSet(
        current.hashes,
        parts.map((input) => input.sha256),
      )
    )
      continue;
    planned.push({ key, inputs: parts, format });
    if (!current || options.replace) continue;
    const files = parts.map((input) => input.file.name).join(', ');
    const bills = parts.map((input) => input.bill).filter((bill) => bill !== null);
    try {
      refuseOverlap(current, { source: options.source, format, files });
      await refuseLessCoverage(context.db, connection, current, bills, files);
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
    refuse(context, input.loadId, error);
  }
  return planned.filter((plan) => plan.inputs.every((input) => !refused.has(input)));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
