import { type AdviceAnswer, adviceAnswer } from './advice/answer.ts';
import { planAnswer, type PlanAnswer, reconcile, type Reconciliation } from './answer.ts';
import { type BillFigures, billFigures } from './billFigures.ts';
import type { Bundle } from './bundle.ts';
import { jointPlan, todaysBill } from './jointPlan.ts';
import { poolsOf } from './pool.ts';
import type { Solver } from './solver.ts';
import { bestCommittedUnits, sustainedBill } from './sustainedUse.ts';

export interface BillAnswer {
  id: string;
  mode: 'bill';
  currency: string;
  claimed: BillFigures | null;
  by_currency?: Record<string, BillFigures>;
  reconciliation: Reconciliation[];
}

export interface GoogleAnswer {
  id: string;
  mode: 'gcp';
  currency: string;
  gcp_units: number;
  claimed: {
    baseline: number;
    optimized: number;
    joint_savings: number;
    low: number;
    high: number;
    p_loss: number;
    actions: { id: string; standalone: number; marginal: number }[];
  };
}

export type Answer = AdviceAnswer | PlanAnswer | BillAnswer | GoogleAnswer;

/** The answer to a bundle: same bundle, same answer, byte for byte. */
export function analyze(bundle: Bundle, solver: Solver): Answer {
  switch (bundle.mode) {
    case 'bill':
      return billAnswer(bundle);
    case 'gcp':
      return googleAnswer(bundle);
    case 'backtest':
      return adviceAnswer(bundle, solver);
    case 'hindsight':
      return planAnswer(bundle, jointPlan(bundle.account, solver));
  }
}

function billAnswer(bundle: Bundle): BillAnswer {
  const { id, currency, account, lines } = bundle;
  const { pools } = poolsOf({
    ...account,
    offers: account.offers.map((line) => ({ ...line, starts: [] })),
  });
  const planned = pools.map((pool) => ({ pool, today: todaysBill(pool) }));
  const currencies = [
    ...new Set([currency, ...lines.keys(), ...pools.map((pool) => pool.currency)]),
  ].sort();
  const common = {
    id,
    mode: 'bill' as const,
    currency,
    reconciliation: reconcile(bundle, planned),
  };
  if (currencies.every((name) => account.fx.has(name))) {
    const rate = (name: string) => account.fx.get(name) ?? 1;
    return { ...common, claimed: billFigures(bundle, pools, currencies, rate) };
  }
  const each = currencies.map((name) => [name, billFigures(bundle, pools, [name], () => 1)]);
  return { ...common, claimed: null, by_currency: Object.fromEntries(each) };
}

function googleAnswer({ id, currency, google, account, minSavingsStated }: Bundle): GoogleAnswer {
  if (!google) throw new RangeError('a gcp bundle without its usage');
  const baseline = sustainedBill(google, 0);
  const best = bestCommittedUnits(google);
  const saved = baseline - sustainedBill(google, best);
  const months = google.usage.length / google.monthHours;
  // The question is the number of units, so materiality counts only where the bundle states it.
  const material = minSavingsStated ? account.policy.minMonthlySavings * months : 0;
  const units = saved >= material ? best : 0;
  const savings = units === best ? saved : 0;
  return {
    id,
    mode: 'gcp',
    currency,
    gcp_units: units,
    claimed: {
      baseline,
      optimized: baseline - savings,
      joint_savings: savings,
      low: savings,
      high: savings,
      p_loss: 0,
      actions: units > 0 ? [{ id: 'commit:gcp', standalone: savings, marginal: savings }] : [],
    },
  };
}
