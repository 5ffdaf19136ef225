import { type ProviderKey, providerKeys, providers } from './accounts.ts';
import { lineOf, type Period } from './charge.ts';
import { columns } from './columns.ts';
import { commitmentsOf, coverOn, feeOn } from './coverage.ts';
import { type Billed, slotsOf } from './hours.ts';
import { invoiceId } from './identity.ts';
import {
  addToBase,
  creditRows,
  refundRows,
  subscriptionRows,
  type TaxBase,
  taxRows,
} from './monthlyRows.ts';
import { months, type SampleMonth } from './months.ts';
import { chargeOf, linesOf, rowOf, usesOn } from './usage.ts';

export interface SampleFile {
  name: string;
  /** The header, then one line a charge, without line ends. Each call starts from the beginning. */
  lines: () => Iterable<string>;
}

/**
 * The bill of the sample company, Meridian Labs: thirteen months of three clouds to 21 November
 * 2026, as one FOCUS 1.2 file a provider. The same bytes every time.
 */
export function sampleFiles(): SampleFile[] {
  return providerKeys.map((provider) => ({
    name: providers[provider].file,
    lines: () => linesOfFile(provider),
  }));
}

function* linesOfFile(provider: ProviderKey): Iterable<string> {
  yield columns.join(',');
  const lines = linesOf(provider);
  const commitments = commitmentsOf(provider);
  for (const month of months) yield* linesOfMonth(provider, month, lines, commitments);
}

function* linesOfMonth(
  provider: ProviderKey,
  month: SampleMonth,
  lines: ReturnType<typeof linesOf>,
  commitments: ReturnType<typeof commitmentsOf>,
): Iterable<string> {
  const period: Period = {
    start: month.start,
    end: month.end,
    invoice: invoiceId(provider, month),
  };
  const taxBase: TaxBase = new Map();
  for (const each of [...subscriptionRows(provider, month), ...creditRows(provider, month)]) {
    addToBase(taxBase, each.account, each.service, each.charge.costs);
    yield lineOf(each.row, each.charge, period);
  }
  for (const day of month.days) {
    const uses = usesOn(lines, day, month);
    for (const billed of slotsOf(day, uses, commitments))
      yield* linesOfSlot(billed, period, taxBase);
    for (const commitment of commitments) {
      const fee = feeOn(commitment, day, month);
      if (fee) yield lineOf(fee.row, fee.charge, period);
    }
  }
  for (const each of refundRows(provider, month)) yield lineOf(each.row, each.charge, period);
  for (const each of taxRows(taxBase, month)) yield lineOf(each.row, each.charge, period);
}

function* linesOfSlot(
  { slot, uses, commitments }: Billed,
  period: Period,
  taxBase: TaxBase,
): Iterable<string> {
  const { covers, unused } = coverOn(commitments, uses, slot);
  for (const use of uses) {
    const { series } = use;
    let open = use.quantity;
    for (const { commitment, quantity, effective, counted } of covers.get(use) ?? []) {
      const charge = chargeOf(use, quantity, slot, { effective, commitment: counted });
      addToBase(taxBase, series.workload.account, series.sku.service, charge.costs);
      yield lineOf(rowOf(series, commitment), charge, period);
      open -= quantity;
    }
    if (open === 0n) continue;
    const charge = chargeOf(use, open, slot);
    addToBase(taxBase, series.workload.account, series.sku.service, charge.costs);
    yield lineOf(rowOf(series, null), charge, period);
  }
  for (const { row, charge } of unused) yield lineOf(row, charge, period);
}
