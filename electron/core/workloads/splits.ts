import type { Metric } from '../../../shared/contract/values.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import { apportion } from '../../../shared/workloads/split.ts';
import type { Split } from '../../../shared/workloads/userRules.ts';
import type { Cube } from '../store/cube.ts';
import { timeSlots } from '../store/versions.ts';
import { groupSeries } from './groups.ts';
import type { ClassifiedLedger } from './ledger.ts';
import { type Span, sumSeries } from './sums.ts';

/** What a workload gets of split cost. */
export interface Share {
  /** By place in the list of purposes. */
  byPurpose: Map<number, Exact>;
  /** AI purposes only, by period of the chart. */
  points: Exact[];
}

export interface SplitAnswer {
  /** By workload id. */
  shares: Map<string, Share>;
  rules: {
    rule: string;
    method: Split['method'];
    cost: Exact | null;
    shares: Map<string, Exact>;
  }[];
  /** What no workload took: nothing was there to split by. By purpose. */
  left: Map<number, Exact>;
}

const notAi = purposes.indexOf('not-ai');
/** Groups times days of one pass. */
const mostFigures = 1_000_000;

/**
 * Divides what split rules hold, day by day, so that any days and any periods add up to the same:
 * evenly, by parts, or by what the workloads themselves cost on that day in AI. Every share keeps the
 * purpose of what it is a share of.
 */
export async function splitCosts(
  {
    cube,
    ledger,
    span,
    metric,
    mask,
  }: {
    cube: Cube;
    ledger: ClassifiedLedger;
    span: Span;
    metric: Metric;
    mask: Uint8Array;
  },
  granularity: 'day' | 'month',
): Promise<SplitAnswer> {
  const { decided, rules } = ledger;
  const answer: SplitAnswer = { shares: new Map(), rules: [], left: new Map() };
  if (!rules.some(({ split }) => split)) return answer;
  const pools = groupSeries(
    decided.series,
    (series) => mask[series] === 1 && (decided.split[series] as number) >= 0,
    [(series) => decided.split[series] as number, (series) => decided.purpose[series] as number],
  );
  if (pools.count === 0) return answer;
  const slots = timeSlots(span.firstDay, span.lastDay, granularity);
  const all = rules.some(({ split }) => split && split.to === null);
  const named = new Set(
    rules.flatMap(({ split }) => split?.to ?? []).map(({ workload }) => workload),
  );
  const direct = groupSeries(
    decided.series,
    (series) => {
      if (mask[series] === 0 || (decided.split[series] as number) >= 0) return false;
      const place = decided.workload[series] as number;
      if (place === 0 || decided.purpose[series] === notAi) return false;
      return all || named.has(decided.workloads[place]?.id ?? '');
    },
    [(series) => decided.workload[series] as number],
  );
  const idOf = direct.first.map(
    (series) => decided.workloads[decided.workload[series] as number]?.id ?? '',
  );
  const byRule = new Map<number, SplitAnswer['rules'][number]>();
  const atOnce = Math.max(1, Math.floor(mostFigures / (direct.count + pools.count + 1)));
  for (let first = span.firstDay; first <= span.lastDay; first += atOnce) {
    const days = { ...span, firstDay: first, lastDay: Math.min(span.lastDay, first + atOnce - 1) };
    const pool = await sumSeries(cube, days, metric, pools, 'day');
    const own = await sumSeries(cube, days, metric, direct, 'day');
    for (let day = 0; day < pool.periods.length; day++) {
      const slot = slots.slotOfDay[first + day - span.firstDay] ?? 0;
      let costs: Map<string, Exact> | null = null;
      for (let g = 0; g < pools.count; g++) {
        const amount = pool.exact(g, day);
        if (amount === null) continue;
        const series = pools.first[g] as number;
        const number = decided.split[series] as number;
        const purpose = decided.purpose[series] as number;
        const { name, split } = rules[number] ?? {};
        if (!split || name === undefined) continue;
        costs ??= new Map(idOf.map((id, place) => [id, own.exact(place, day) ?? 0n]));
        const [to, weights] = weightsOf(split, costs);
        let rule = byRule.get(number);
        if (!rule) {
          rule = { rule: name, method: split.method, cost: null, shares: new Map() };
          byRule.set(number, rule);
        }
        rule.cost = (rule.cost ?? 0n) + amount;
        if (to.length === 0) {
          answer.left.set(purpose, (answer.left.get(purpose) ?? 0n) + amount);
          continue;
        }
        for (const [place, part] of apportion(amount, weights).entries()) {
          const id = to[place] as string;
          rule.shares.set(id, (rule.shares.get(id) ?? 0n) + part);
          let share = answer.shares.get(id);
          if (!share) {
            share = { byPurpose: new Map(), points: slots.periods.map(() => 0n) };
            answer.shares.set(id, share);
          }
          share.byPurpose.set(purpose, (share.byPurpose.get(purpose) ?? 0n) + part);
          if (purpose !== notAi) share.points[slot] = (share.points[slot] ?? 0n) + part;
        }
      }
    }
  }
  answer.rules = [...byRule].sort(([a], [b]) => a - b).map(([, rule]) => rule);
  return answer;
}

/** Who takes part on a day, and with what weight. */
function weightsOf(
  { method, to }: Split,
  costs: ReadonlyMap<string, Exact>,
): [to: string[], weights: bigint[]] {
  if (to === null) {
    const there = [...costs].filter(([, cost]) => cost > 0n).sort(([a], [b]) => (a < b ? -1 : 1));
    return [there.map(([id]) => id), there.map(([, cost]) => (method === 'even' ? 1n : cost))];
  }
  return [
    to.map(({ workload }) => workload),
    to.map(({ workload, part }) => {
      if (method === 'even') return 1n;
      if (method === 'fixed') return BigInt(Math.round(part * 1e6));
      return costs.get(workload) ?? 0n;
    }),
  ];
}
