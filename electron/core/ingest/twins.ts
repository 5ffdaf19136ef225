import { drop, endLoad, type ImportContext, type Input } from './outcome.ts';

/**
 * The same bill in two forms (CSV and Parquet, say) in one command would be added up as two parts.
 * The later file is left out where it is of another form and has the rows, the totals and the
 * cells of an earlier one. Files of one form are always parts: an export that is cut by the hour
 * may well have two of them that add up to the same.
 */
export function skipTwins(context: ImportContext, inputs: Input[]): void {
  const seen: { name: string; form: string; totals: string; fingerprints: string }[] = [];
  for (const input of inputs.slice()) {
    const { bill, file } = input;
    if (!bill) continue;
    const totals = JSON.stringify(bill.totals, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const own = { name: file.name, form: bill.form, totals, fingerprints: fingerprintsOf(input) };
    const twin = seen.find(
      (earlier) =>
        earlier.form !== own.form &&
        earlier.totals === totals &&
        earlier.fingerprints === own.fingerprints,
    );
    seen.push(own);
    if (!twin) continue;
    drop(inputs, input);
    const reason = `Holds the same ${bill.rows} rows and totals as ${twin.name}, which came with it; a bill is not added twice.`;
    endLoad(context, input, 'skipped', reason);
  }
}

/** Equal where two have as many charges of each series on each day of each version. */
function fingerprintsOf({ shares }: Input): string {
  const parts = shares.map(({ provider, billingAccount, billingPeriod, fingerprint }) =>
    JSON.stringify([provider, billingAccount, billingPeriod, fingerprint]),
  );
  return parts.sort().join();
}
