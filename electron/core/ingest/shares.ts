import { limbs } from '../store/limbs.ts';
import { distinct } from '../store/spans.ts';
import { cellsFingerprint } from '../store/twins.ts';
import { prepareSegment, type PreparedSegment } from '../store/versions.ts';
import type { BillCells, BillPart } from './cells.ts';
import type { Bill } from './read-bill.ts';
import type { BillKey } from './roll-up.ts';

/**
 * What a bill brings to one version: its cells packed for writing, and what the decision about
 * them asks for. The cells themselves are let go, for a command may bring many files.
 */
export interface BillShare extends BillKey {
  segment: PreparedSegment;
  /** Every cell that costs anything has an invoice. */
  isInvoiced: boolean;
  /** Days since 1970-01-01 UTC. */
  days: ReadonlySet<number>;
  accounts: ReadonlySet<string>;
  /** The same where two have as many charges of each series on each day. */
  fingerprint: string;
}

/** Throws NOT_TIED_OUT where the cells do not add up to what the file states. */
export async function shareOf(
  bill: Bill,
  { texts, placeOf }: BillCells,
  part: BillPart,
  loadId: number,
): Promise<BillShare> {
  const { cells, ...key } = part;
  const text = (dimension: 'currency' | 'account' | 'service' | 'invoice', series: number) =>
    texts[dimension][placeOf[series] ?? -1] ?? null;
  const segment = await prepareSegment({
    loadId,
    ...cells,
    totals: new Map(
      bill.totals
        .filter((total) => sameKey(total, key))
        .map(({ currency, rows, amounts }) => [currency, { rows, amounts }]),
    ),
    texts: (series) => ({
      currency: text('currency', series) ?? '',
      account: text('account', series) ?? '',
      service: text('service', series) ?? '',
    }),
  });
  return {
    ...key,
    segment,
    isInvoiced: isInvoiced(cells, (series) => text('invoice', series)),
    days: new Set(distinct(cells.day)),
    accounts: new Set(distinct(cells.series).map((series) => text('account', series) ?? '')),
    fingerprint: cellsFingerprint(cells),
  };
}

function isInvoiced(
  { series, measures: { billed } }: BillPart['cells'],
  invoiceOf: (series: number) => string | null,
): boolean {
  const without = new Set(distinct(series).filter((id) => invoiceOf(id) === null));
  if (without.size === 0) return true;
  return series.every(
    (id, cell) =>
      !without.has(id) || limbs.every((limb) => (billed.limbs[limb]?.[cell] ?? 0) === 0),
  );
}

export function sameKey(a: BillKey, b: BillKey): boolean {
  return (
    a.provider === b.provider &&
    a.billingAccount === b.billingAccount &&
    a.billingPeriod === b.billingPeriod
  );
}
