import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highsSolver } from '../../../electron/core/analysis/solver.ts';
import { actionsOf } from '../../../shared/analysis/actions.ts';
import { billRows } from '../../../shared/analysis/billRows.ts';
import { fieldOf, ownedAmounts, type Selection } from '../../../shared/analysis/field.ts';
import { type JointPlan, jointPlan } from '../../../shared/analysis/jointPlan.ts';
import type { Account } from '../../../shared/analysis/model.ts';
import { type Pool, poolsOf } from '../../../shared/analysis/pool.ts';
import { onGrid } from '../../../shared/analysis/portfolio.ts';
import { shapleyOf } from '../../../shared/analysis/shapley.ts';
import { applyHours, billOf } from '../../../shared/analysis/simulate.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import { campaign } from '../../builders/campaign.ts';
import { random } from '../../builders/random.ts';
import { randomAccount } from './randomAccount.ts';

const solver = await highsSolver();
const seed = 20_261_124;
const plan = (account: Account) => jointPlan(account, solver);

function savings({ pools }: JointPlan, account: Account): number {
  return sumOf(
    pools.map(
      ({ pool, today, plan: own }) => (today - own.bill) * (account.fx.get(pool.currency) ?? 1),
    ),
  );
}

/** What commitments bought in steps of 0.001 may add to a bill, twice. */
function stepRoom(account: Account): number {
  return (
    0.004 * account.hours * Math.max(1, new Set(account.offers.map(({ offer }) => offer)).size)
  );
}

function property(
  name: string,
  cases: number,
  check: (account: Account, number: number) => void,
  limits: Parameters<typeof randomAccount>[2] = {},
): void {
  test(name, () => {
    const { seed: start, ...run } = campaign(name, cases, Math.ceil(1000 / cases));
    fc.assert(
      fc.property(fc.nat(1 << 30), (number) => check(randomAccount(seed, number, limits), number)),
      { seed: start, ...run },
    );
  });
}

const someAmounts = (pool: Pool, number: number): Float64Array => {
  const r = random(1, number);
  const amounts = ownedAmounts(pool);
  for (const [c, { owned, step }] of pool.columns.entries()) {
    if (!owned && r.chance(0.6)) amounts[c] = onGrid(r.below(8000) / 1000, step);
  }
  return amounts;
};
const someSelection = (pool: Pool, number: number): Selection => {
  const r = random(2, number);
  return pool.workloads.map(({ choices }) => r.below(choices.length));
};

describe('invariants of SAVINGS.md section 9', () => {
  property('1: the rows of a simulated bill add up to it', 200, (account, number) => {
    for (const pool of poolsOf(account).pools) {
      const selection = someSelection(pool, number);
      const amounts = someAmounts(pool, number);
      const rows = sumOf(billRows(pool, selection, amounts).map(({ cost }) => cost));
      expect(rows).toBeCloseTo(billOf(fieldOf(pool, selection), amounts), 6);
    }
  });

  property('2: savings lie between 0 and what any plan could save', 40, (account) => {
    for (const { pool, today, plan: own, bound } of plan(account).pools) {
      expect(own.bill).toBeLessThanOrEqual(today + 1e-6);
      expect(own.bill).toBeGreaterThanOrEqual(bound - 1e-6);
      // What is paid for already cannot be saved: savings stay within the rest, the addressable part.
      expect(today - own.bill).toBeLessThanOrEqual(today - pool.ownedFees + 1e-6);
    }
  });

  property('3: marginal savings add up to the joint savings', 40, (account) => {
    for (const { pool, today, plan: own, actions } of plan(account).pools) {
      expect(
        Math.abs(sumOf(actions.map(({ marginal }) => marginal)) - (today - own.bill)),
      ).toBeLessThan(1e-6);
      const shapley = shapleyOf(pool, own);
      if (shapley) {
        const sum = sumOf(shapley.map(({ value }) => value));
        expect(Math.abs(sum - (today - own.bill))).toBeLessThan(1e-6);
      }
      expect(actions).toEqual(actionsOf(pool, own));
    }
  });

  property(
    '4: covered and uncovered make the usage; more commitment, no more on demand',
    200,
    (account, number) => {
      const r = random(3, number);
      for (const pool of poolsOf(account).pools) {
        const selection = someSelection(pool, number);
        const amounts = someAmounts(pool, number);
        const field = fieldOf(pool, selection);
        const covered = new Float64Array(pool.items.length * account.hours);
        for (const { kind, hour, item, units, cost } of billRows(pool, selection, amounts)) {
          if (kind !== 'fixed') expect(units).toBeGreaterThanOrEqual(0);
          expect(cost).toBeGreaterThanOrEqual(0);
          if (item !== null) covered[hour * pool.items.length + item]! += units;
        }
        for (const [hour, row] of pool.hours.mergedOf.entries()) {
          for (const [at, id] of field.itemIds.entries()) {
            const usage = field.usage[row * field.items + at] as number;
            expect(covered[hour * pool.items.length + id]).toBeCloseTo(usage, 9);
          }
        }
        if (pool.columns.length === 0) continue;
        const column = r.below(pool.columns.length);
        const more = amounts.with(column, (amounts[column] ?? 0) + 1 + r.below(3));
        let less = 0;
        applyHours(field, amounts, (cost, row) => (less += cost * (field.weight[row] ?? 0)));
        let after = 0;
        applyHours(field, more, (cost, row) => (after += cost * (field.weight[row] ?? 0)));
        expect(after).toBeLessThanOrEqual(less + 1e-9);
      }
    },
  );

  property('5: no single change lowers the bill', 40, (account) => {
    for (const { pool, plan: own } of plan(account).pools) {
      const field = fieldOf(pool, own.selection);
      for (const [c, { owned, step }] of pool.columns.entries()) {
        const amount = own.amounts[c] ?? 0;
        if (owned) continue;
        const nearby = [0, amount * 0.99, amount * 1.01, amount - step, amount + step];
        for (const other of nearby.map((value) => onGrid(value, step))) {
          if (other < 0) continue;
          expect(billOf(field, own.amounts.with(c, other))).toBeGreaterThanOrEqual(own.bill - 1e-6);
        }
      }
      for (const [w, { choices }] of pool.workloads.entries()) {
        for (const [option] of choices.entries()) {
          const changed = fieldOf(pool, own.selection.with(w, option));
          expect(billOf(changed, own.amounts)).toBeGreaterThanOrEqual(own.bill - 1e-6);
        }
      }
    }
  });

  property('6: nothing to do gives no recommendation', 40, (account) => {
    const idle = {
      ...account,
      workloads: account.workloads.map((workload) => ({
        ...workload,
        spotNow: false,
        usage: workload.usage.map(() => 0),
        spotUsage: null,
        spotCost: 0,
      })),
    };
    const untouchable = {
      ...account,
      candidates: [],
      workloads: account.workloads.map((workload) => ({
        ...workload,
        spotNow: false,
        spotUsage: null,
        spotCost: 0,
        eligibleForCommitment: false,
        spot: { ...workload.spot, eligible: false },
      })),
    };
    const covered = {
      ...untouchable,
      owned: account.workloads.map(({ id, sku, region, currency, usage }) => ({
        id,
        kind: 'ri' as const,
        offer: '',
        amount: Math.max(...usage),
        sku,
        family: null,
        region,
        account: null,
        flex: false,
        startH: 0,
        endH: account.hours,
        feePerUnit: 1,
        currency,
      })),
      workloads: untouchable.workloads.map((one) => ({ ...one, eligibleForCommitment: true })),
    };
    for (const other of [idle, untouchable, covered]) {
      const found = plan(other);
      expect(found.pools.flatMap(({ actions }) => actions)).toEqual([]);
      expect(savings(found, other)).toBe(0);
    }
  });

  property('8: a currency and its rate rescaled together change no savings', 30, (account) => {
    const scaled = rescaled(account, 'EUR', 2);
    expect(Math.abs(savings(plan(scaled), scaled) - savings(plan(account), account))).toBeLessThan(
      1e-6 + stepRoom(account),
    );
  });

  property('9: bills of two parts of the window add up', 200, (account, number) => {
    const cut = random(4, number).below(account.hours + 1);
    const bill = (some: Account) =>
      sumOf(
        poolsOf(some).pools.map((pool) =>
          billOf(
            fieldOf(
              pool,
              pool.workloads.map(() => 0),
            ),
            ownedAmounts(pool),
          ),
        ),
      );
    expect(bill(part(account, 0, cut)) + bill(part(account, cut, account.hours))).toBeCloseTo(
      bill(account),
      6,
    );
  });

  property(
    '10: better terms never raise the bill, a stricter policy never lowers it',
    25,
    (account, number) => {
      const r = random(5, number);
      const bill = (other: Account) => sumOf(plan(other).pools.map(({ plan: own }) => own.bill));
      const here = bill(account);
      const ownedOffers = new Set(account.owned.map(({ offer }) => offer));
      const cheaper = {
        ...account,
        offers: account.offers.map((line) =>
          !ownedOffers.has(line.offer) ? { ...line, rate: line.rate * 0.9 } : line,
        ),
      };
      const steadier = {
        ...account,
        workloads: account.workloads.map((workload) => ({
          ...workload,
          spot: {
            ...workload.spot,
            mttpH: workload.spot.mttpH * 2,
            restartH: workload.spot.restartH / 2,
          },
        })),
      };
      const strict = {
        ...account,
        policy: { ...account.policy, maxTermH: r.pick([0, 100, 9000]) },
      };
      expect(bill(cheaper)).toBeLessThanOrEqual(here + 1e-6);
      expect(bill(steadier)).toBeLessThanOrEqual(here + 1e-6);
      expect(bill(strict)).toBeGreaterThanOrEqual(here - 1e-6);
      const kinds = r.pick([[], ['ri'], ['csp', 'isp']] as const);
      const few = plan({ ...account, policy: { ...account.policy, kinds } });
      for (const { pool, plan: own } of few.pools) {
        for (const [c, { kind, owned }] of pool.columns.entries()) {
          if (!owned && (own.amounts[c] ?? 0) > 0) expect(kinds).toContain(kind);
        }
      }
      expect(sumOf(few.pools.map(({ plan: own }) => own.bill))).toBeGreaterThanOrEqual(here - 1e-6);
      const limits = { maxCash: r.pick([0, 500, null]), maxHourlyFees: r.pick([0, 0.7, 3]) };
      const poor = plan({ ...account, policy: { ...account.policy, ...limits } });
      expect(spendOf(account, poor).cash).toBeLessThanOrEqual((limits.maxCash ?? Infinity) + 1e-6);
      expect(spendOf(account, poor).fees).toBeLessThanOrEqual(limits.maxHourlyFees + 1e-6);
      expect(sumOf(poor.pools.map(({ plan: own }) => own.bill))).toBeGreaterThanOrEqual(
        here - 1e-6,
      );
      expect(savings(poor, account)).toBeGreaterThanOrEqual(-1e-6);
    },
  );

  property('11: usage and owned amounts doubled double bill and savings', 25, (account) => {
    const plans = { ...account, offers: account.offers.filter(({ kind }) => kind !== 'ri') };
    const doubled = {
      ...plans,
      owned: plans.owned.map((one) => ({ ...one, amount: one.amount * 2 })),
      workloads: plans.workloads.map((workload) => ({
        ...workload,
        usage: workload.usage.map((units) => units * 2),
        spotUsage: workload.spotUsage?.map((units) => units * 2) ?? null,
        spotCost: workload.spotCost * 2,
      })),
    };
    const twice = savings(plan(doubled), doubled);
    expect(Math.abs(twice - 2 * savings(plan(plans), plans))).toBeLessThan(
      1e-6 + stepRoom(account),
    );
  });

  property('12 and 14: order changes nothing, and answers repeat', 30, (account, number) => {
    const r = random(6, number);
    const shuffled = {
      ...account,
      workloads: r.shuffled(account.workloads),
      offers: r.shuffled(account.offers),
      owned: r.shuffled(account.owned),
      prices: r.shuffled(account.prices),
      candidates: r.shuffled(account.candidates),
    };
    const text = (found: JointPlan) =>
      JSON.stringify(found.pools.map(({ plan: own, actions, bound }) => [own, actions, bound]));
    expect(text(plan(shuffled))).toBe(text(plan(account)));
  });
});

/** Cash for what is bought, and its fees an hour if all of it ran at once. */
function spendOf(account: Account, { pools }: JointPlan): { cash: number; fees: number } {
  const bought = pools.flatMap(({ pool, plan: own }) =>
    pool.columns.flatMap(({ owned, cash, fee, fromH, toH }, c) => {
      const money = (own.amounts[c] ?? 0) * (account.fx.get(pool.currency) ?? 1);
      return owned ? [] : [{ cash: money * cash, fee: money * fee, fromH, toH }];
    }),
  );
  const feesAt = (hour: number) =>
    sumOf(bought.flatMap(({ fee, fromH, toH }) => (fromH <= hour && hour < toH ? [fee] : [])));
  return {
    cash: sumOf(bought.map(({ cash }) => cash)),
    fees: Math.max(0, ...bought.map(({ fromH }) => feesAt(fromH))),
  };
}

function rescaled(account: Account, currency: string, factor: number): Account {
  const here = <T extends { currency: string }>(one: T, change: (one: T) => T): T =>
    one.currency === currency ? change(one) : one;
  return {
    ...account,
    fx: new Map(
      [...account.fx].map(([name, rate]) => [name, name === currency ? rate / factor : rate]),
    ),
    prices: account.prices.map((price) =>
      here(price, (one) => ({
        ...one,
        onDemand: one.onDemand * factor,
        spot: one.spot === null ? null : one.spot * factor,
      })),
    ),
    offers: account.offers.map((line) =>
      here(line, (one) => ({ ...one, rate: one.rate * factor })),
    ),
    owned: account.owned.map((owned) =>
      here(owned, (one) =>
        one.kind === 'ri'
          ? { ...one, feePerUnit: one.feePerUnit * factor }
          : { ...one, amount: one.amount * factor },
      ),
    ),
    workloads: account.workloads.map((workload) =>
      here(workload, (one) => ({ ...one, spotCost: one.spotCost * factor })),
    ),
  };
}

function part(account: Account, from: number, to: number): Account {
  return {
    ...account,
    hours: to - from,
    owned: account.owned.map((one) => ({
      ...one,
      startH: one.startH - from,
      endH: one.endH - from,
    })),
    workloads: account.workloads.map((workload) => {
      const spotUsage = workload.spotUsage?.slice(from, to) ?? null;
      const all = workload.spotUsage ? sumOf(workload.spotUsage) : 0;
      return {
        ...workload,
        usage: workload.usage.slice(from, to),
        spotUsage,
        spotCost: spotUsage && all > 0 ? (workload.spotCost * sumOf(spotUsage)) / all : 0,
      };
    }),
  };
}
