import type { Bundle } from './bundle.ts';
import { fieldOf, ownedAmounts } from './field.ts';
import type { Pool } from './pool.ts';
import { applyHours } from './simulate.ts';
import { add, emptySum, sumOf, total } from './sums.ts';

/** What today's commitments make of a bill (SAVINGS.md section 2); null: undefined. */
export interface BillFigures {
  total: number;
  on_demand: number;
  unused: number;
  coverage: number | null;
  utilisation: number | null;
  esr: number | null;
}

/** Sums that the figures are made of. */
interface BillSums {
  /** Eligible usage at on-demand prices, and what of it no commitment covers. */
  equivalent: number;
  uncovered: number;
  /** On-demand cost of usage that no commitment may cover. */
  ineligible: number;
  spot: number;
  fees: number;
  unused: number;
  other: number;
}

/** Figures of some currencies together, each at its rate. */
export function billFigures(
  bundle: Bundle,
  pools: readonly Pool[],
  currencies: readonly string[],
  rate: (currency: string) => number,
): BillFigures {
  const parts = [
    ...pools
      .filter(({ currency }) => currencies.includes(currency))
      .map((pool) => scaled(sumsOf(bundle, pool), rate(pool.currency))),
    ...currencies.map((currency) =>
      scaled({ ...nothing, other: bundle.lines.get(currency)?.other ?? 0 }, rate(currency)),
    ),
  ];
  const all = (of: (sums: BillSums) => number) => sumOf(parts.map(of));
  const equivalent = all((sums) => sums.equivalent);
  const uncovered = all((sums) => sums.uncovered);
  const ineligible = all((sums) => sums.ineligible);
  const fees = all((sums) => sums.fees);
  const unused = all((sums) => sums.unused);
  const rest = all((sums) => sums.spot + sums.other);
  return {
    total: sumOf([fees, uncovered, ineligible, rest]),
    on_demand: uncovered + ineligible,
    unused,
    coverage: equivalent > 0 ? (equivalent - uncovered) / equivalent : null,
    utilisation: fees > 0 ? 1 - unused / fees : null,
    esr: equivalent > 0 ? 1 - (fees + uncovered) / equivalent : null,
  };
}

const nothing: BillSums = {
  equivalent: 0,
  uncovered: 0,
  ineligible: 0,
  spot: 0,
  fees: 0,
  unused: 0,
  other: 0,
};

function scaled(sums: BillSums, rate: number): BillSums {
  return Object.fromEntries(
    Object.entries(sums).map(([name, value]) => [name, value * rate]),
  ) as unknown as BillSums;
}

function sumsOf({ account }: Bundle, pool: Pool): BillSums {
  const equivalent = emptySum();
  const uncovered = emptySum();
  const unused = emptySum();
  const field = fieldOf(
    pool,
    pool.workloads.map(() => 0),
  );
  applyHours(field, ownedAmounts(pool), (onDemand, row, _rest, left) => {
    const weight = field.weight[row] as number;
    const active = pool.hours.active[field.segment[row] as number] as boolean[];
    add(uncovered, onDemand * weight);
    for (let item = 0; item < field.items; item++) {
      const units = field.usage[row * field.items + item] as number;
      add(equivalent, units * (field.price[item] as number) * weight);
    }
    for (const [c, { owned, fee }] of pool.columns.entries()) {
      if (owned && active[c]) add(unused, (left[c] as number) * fee * weight);
    }
  });
  const byId = new Map(account.workloads.map((workload) => [workload.id, workload]));
  const today = pool.workloads.flatMap(({ id, choices }) => {
    const workload = byId.get(id);
    const choice = choices[0];
    return workload && choice ? [{ fixed: choice.fixedCost, spot: workload.spotCost }] : [];
  });
  return {
    equivalent: total(equivalent),
    uncovered: total(uncovered),
    ineligible: sumOf(today.map(({ fixed, spot }) => fixed - spot)),
    spot: sumOf(today.map(({ spot }) => spot)),
    fees: pool.ownedFees,
    unused: total(unused),
    other: 0,
  };
}
