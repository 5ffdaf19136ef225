import type { Metric } from '../../../shared/contract/values.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import {
  fillCounts,
  type TokenCharge,
  type TokenCount,
  vendorOf,
} from '../../../shared/tokens/fill.ts';
import type { Meter } from '../../../shared/workloads/meters.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import { counted } from '../workloads/gpu.ts';
import { groupSeries } from '../workloads/groups.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import { daysOf, type Span, sumSeries } from '../workloads/sums.ts';

export interface TokenQuery {
  cube: Cube;
  ledger: ClassifiedLedger;
  span: Span;
  metric: Metric;
  /** Series that count. */
  keep: (series: number) => boolean;
  /** What a series belongs to. */
  keyOf: (series: number) => number;
}

export type TokensMeter = Extract<Meter, { kind: 'tokens' }>;

/** Charges that agree in channel, account, meter and what they belong to. */
export interface ChargedTokens {
  key: number;
  provider: string | null;
  service: string | null;
  meter: TokensMeter;
  cost: Exact | null;
  billed: Exact | null;
  unknownRows: number;
  /** Null where neither the bill nor the vendor's counts say how many. */
  tokens: Exact | null;
  /** A part of the charges does not say how many. */
  uncounted: boolean;
  /** Where the tokens come from, or why they are unknown; empty for the bill's own. */
  note: string;
}

export interface TokensFound {
  charges: ChargedTokens[];
  /** Counts of vendors of which no bill has a charge. */
  rest: TokenCount[];
}

/**
 * Token charges with their tokens: those of the bill, else those that the vendor counts. All charges
 * of a vendor are looked at, also those that do not count here: counts meant for them are not given
 * away to others.
 */
export async function chargedTokens(query: TokenQuery): Promise<TokensFound> {
  const { cube, ledger, span, metric, keep, keyOf } = query;
  const { meter, meters } = ledger.base;
  const { counts, covered } = ledger.tokenCounts(span.measuredDays ?? span);
  const isTokens = meters.map((one) => one?.kind === 'tokens');
  const all = counts.length > 0;
  const [provider, service, account] = [
    cube.series('provider'),
    cube.series('service'),
    cube.series('account'),
  ];
  const groups = groupSeries(
    ledger.decided.series,
    (series) => isTokens[meter[series] as number] === true && (all || keep(series)),
    [
      (series) => (keep(series) ? keyOf(series) + 1 : 0),
      (series) => provider[series] as number,
      (series) => service[series] as number,
      // Only what a vendor counts is told apart by it.
      (series) => (all ? (account[series] as number) : 0),
      (series) => meter[series] as number,
    ],
  );
  if (groups.count === 0) return { charges: [], rest: counts };
  await giveWay();
  const quantity = await sumSeries(cube, span, 'quantity', groups, 'none');
  const cost = await sumSeries(cube, span, metric, groups, 'none');
  const billed = metric === 'billed' ? cost : await sumSeries(cube, span, 'billed', groups, 'none');
  const days = all ? daysOf(cube, span, groups) : null;
  const texts = {
    provider: cube.values('provider'),
    service: cube.values('service'),
    account: cube.values('account'),
  };
  const charges: (ChargedTokens & { kept: boolean })[] = [];
  const asked: TokenCharge[] = [];
  for (const [g, series] of groups.first.entries()) {
    if (cost.rows(g, 0) === 0) continue;
    const of = meters[meter[series] as number] as TokensMeter;
    const amount = quantity.exact(g, 0);
    const tokens = amount === null || !of.perUnit ? null : counted(amount, of.perUnit);
    const kept = keep(series);
    const charge = {
      kept,
      key: kept ? keyOf(series) : -1,
      provider: textAt(texts.provider, provider[series]),
      service: textAt(texts.service, service[series]),
      meter: of,
      cost: cost.exact(g, 0),
      billed: billed.exact(g, 0),
      unknownRows: cost.unknownRows(g, 0),
      tokens,
      uncounted: tokens === null || quantity.unknownRows(g, 0) > 0,
      note: '',
    };
    charges.push(charge);
    const vendor = vendorOf(charge.provider ?? '', charge.service ?? '');
    asked.push({
      vendor,
      account: textAt(texts.account, account[series]) ?? '',
      model: of.model,
      direction: of.direction,
      cache: of.cache,
      batch: of.batch,
      owner: charge.key,
      tokens,
      covered: spoken(vendor && covered.get(vendor), days?.first[g], days?.last[g]),
    });
  }
  const filled = fillCounts(asked, counts);
  for (const [place, charge] of charges.entries()) {
    const tokens = filled.tokens[place] ?? null;
    if (tokens !== null) {
      charge.tokens = tokens;
      charge.uncounted = false;
      charge.note = 'Tokens as the vendor counts them: the bill does not say how many.';
    } else if (charge.uncounted) {
      charge.note = filled.why[place] ?? 'The unit on the bill does not say how many tokens.';
    }
  }
  return { charges: charges.filter(({ kept }) => kept), rest: filled.rest };
}

function textAt(values: readonly (string | null)[], id: number | undefined): string | null {
  return id === undefined || id === 0 ? null : (values[id] ?? null);
}

function spoken(
  covered: Set<number> | undefined | null,
  first = Infinity,
  last = -Infinity,
): boolean {
  if (!covered) return false;
  for (let day = first; day <= last; day++) if (!covered.has(day)) return false;
  return true;
}
