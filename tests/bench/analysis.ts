import { highsSolver } from '../../electron/core/analysis/solver.ts';
import { fieldOf } from '../../shared/analysis/field.ts';
import { type JointPlan, jointPlan } from '../../shared/analysis/jointPlan.ts';
import { poolsOf } from '../../shared/analysis/pool.ts';
import { billOf } from '../../shared/analysis/simulate.ts';
import { sumOf } from '../../shared/analysis/sums.ts';
import { largeAccount } from '../shared/analysis/largeAccount.ts';
import { elapsed, type Line, repeat } from './measure.ts';

/**
 * The plan of a year of hourly usage with 200 SKUs, 30 offers and 40 workloads, and a what-if: the
 * whole bill simulated anew with one workload's choice and one amount changed. The plan may take
 * 20 s on two cores, the what-if 100 ms.
 */
export async function benchAnalysis(seed = 1): Promise<Line[]> {
  const solver = await highsSolver();
  const account = largeAccount(seed);
  let plan: JointPlan = { pools: [], refusals: [] };
  const before = process.cpuUsage();
  const planned = await repeat(1, () =>
    elapsed(() => {
      plan = jointPlan(account, solver);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  const built = await repeat(3, () => elapsed(() => poolsOf(account)));
  let turn = 0;
  const whatIf = await repeat(21, () =>
    elapsed(() => {
      const { pool, plan: own } = plan.pools[turn % plan.pools.length] ?? {};
      if (!pool || !own) throw new Error('no plan');
      const w = turn++ % pool.workloads.length;
      const choices = pool.workloads[w]?.choices.length ?? 1;
      const selection = own.selection.with(w, ((own.selection[w] ?? 0) + 1) % choices);
      const amounts = own.amounts.map((amount, c) => (c === turn ? amount * 1.1 : amount));
      billOf(fieldOf(pool, selection), amounts);
    }),
  );
  const bills = sumOf(plan.pools.map(({ plan: own }) => own.bill));
  const bounds = sumOf(plan.pools.map(({ bound }) => bound));
  const share = (value: number) => `${(100 * value).toFixed(2)} %`;
  return [
    {
      what: 'plan of a year, 200 SKUs, 30 offers, 40 workloads',
      timing: planned,
      against: { name: 'reading it into pools', timing: built },
    },
    {
      what: 'the same, processor time and gap to the bound',
      said: `${((user + system) / 1e6).toFixed(1)} s, ${share((bills - bounds) / bills)} of the planned bill, enumeration ${plan.pools.every(({ complete }) => complete) ? 'complete' : 'not complete'}`,
    },
    {
      what: 'a what-if on that plan, all hours simulated anew',
      timing: whatIf,
      against: { name: 'the plan', timing: planned },
    },
  ];
}
