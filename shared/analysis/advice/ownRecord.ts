import { fieldOf } from '../field.ts';
import { todaysBill } from '../jointPlan.ts';
import { type Account, hoursPerMonth } from '../model.ts';
import { poolsOf } from '../pool.ts';
import { billOf } from '../simulate.ts';
import type { Solver } from '../solver.ts';
import { sumOf } from '../sums.ts';
import { advise } from './advise.ts';
import { windowOf } from './forecast.ts';
import { type AdviceSettings, adviceDefaults, hoursPerWeek } from './settings.ts';

/** What the rule would have recommended to buy in the past, and what came of it. */
export interface PastDecision {
  /** Hour of the history at which it was made, and for how many hours it was followed. */
  at: number;
  hours: number;
  /** Fees an hour of what it bought, in the reporting currency; 0: nothing. */
  committed: number;
  /** Savings over these hours, in the reporting currency. */
  promised: number;
  realised: number;
}

/** History that a decision needs before it. */
const leastHours = 8 * hoursPerWeek;

/**
 * Decisions about commitments a month apart, each with the hours before it only and followed to
 * the end of the history, or for `mostHours`. Machines stay as they are: what telemetry said then
 * is not known any more. Currencies without a rate are left out.
 */
export function ownRecord(
  account: Account,
  solver: Solver,
  settings: AdviceSettings = adviceDefaults,
  mostHours = Number.POSITIVE_INFINITY,
): PastDecision[] {
  const found: PastDecision[] = [];
  const last = Math.floor(account.hours - hoursPerMonth);
  for (let at = last; at >= leastHours; at -= hoursPerMonth) {
    found.push(decisionAt(asOf(account, at), at, solver, settings, mostHours));
  }
  return found.reverse();
}

/** Commitments bought later are not there, and machines are not changed. */
function asOf(account: Account, at: number): Account {
  return {
    ...account,
    candidates: [],
    owned: account.owned.filter(({ startH }) => startH <= at),
    workloads: account.workloads.map((workload) => ({
      ...workload,
      spot: { ...workload.spot, eligible: false },
    })),
  };
}

function decisionAt(
  account: Account,
  at: number,
  solver: Solver,
  settings: AdviceSettings,
  mostHours: number,
): PastDecision {
  const hours = Math.min(mostHours, account.hours - at);
  const advised = advise(windowOf(account, 0, at), at, hours, solver, settings);
  const known = {
    ...account,
    offers: account.offers.filter(
      ({ kind, termH }) => kind === 'csp' || termH <= settings.lockedTermH,
    ),
  };
  const { pools } = poolsOf(windowOf(known, at, at + hours));
  const rate = (currency: string) => account.fx.get(currency) ?? 0;
  const each = advised.pools.map(({ pool, plan, today }, p) => {
    const actual = pools[p];
    if (!actual) throw new RangeError('pools of the past and of what followed differ');
    const bill = billOf(fieldOf(actual, plan.selection), plan.amounts);
    const fees = pool.columns.map(({ owned, fee }, c) =>
      owned ? 0 : fee * (plan.amounts[c] ?? 0),
    );
    return {
      committed: sumOf(fees) * rate(pool.currency),
      promised: (today - plan.bill) * rate(pool.currency),
      realised: (todaysBill(actual) - bill) * rate(pool.currency),
    };
  });
  return {
    at,
    hours,
    committed: sumOf(each.map(({ committed }) => committed)),
    promised: sumOf(each.map(({ promised }) => promised)),
    realised: sumOf(each.map(({ realised }) => realised)),
  };
}

/** Share of decisions that lost; a rule above 10 % is not shown as a recommendation. */
export function losingShare(decisions: readonly PastDecision[]): number | null {
  if (decisions.length === 0) return null;
  return decisions.filter(({ realised }) => realised < -1e-6).length / decisions.length;
}

/** Relative errors of the promises, for the radius of the next one. */
export function promiseErrors(decisions: readonly PastDecision[]): number[] {
  return decisions.flatMap(({ promised, realised }) =>
    promised > 0 ? [(realised - promised) / promised] : [],
  );
}
