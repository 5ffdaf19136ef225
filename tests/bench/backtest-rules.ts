import { advise } from '../../shared/analysis/advice/advise.ts';
import { lastHours } from '../../shared/analysis/advice/forecast.ts';
import { type AdviceSettings, adviceDefaults } from '../../shared/analysis/advice/settings.ts';
import type { Account, OfferLine } from '../../shared/analysis/model.ts';
import { type Pool, poolsOf } from '../../shared/analysis/pool.ts';
import { optimisePool } from '../../shared/analysis/poolPlan.ts';
import type { Solver } from '../../shared/analysis/solver.ts';
import { type Demand, useShare } from './backtest-data.ts';

/** How an account's series are put before a rule, and how what it buys is judged. */
export interface Reading {
  name: string;
  /** A flexible plan covers one region, or all of them; a decision is about what it covers. */
  flexible: 'region' | 'account';
  /** What a decision about one region may know of: the whole account, or that region only. */
  evidence: 'account' | 'region';
  /** In use for 60 % of the whole file, or of the 90 days before the decision. */
  series: 'file' | 'recent';
}

export const readings: readonly Reading[] = [
  { name: 'Regions of one account', flexible: 'region', evidence: 'account', series: 'file' },
  { name: 'Each region alone', flexible: 'region', evidence: 'region', series: 'file' },
  { name: 'One plan for both regions', flexible: 'account', evidence: 'account', series: 'file' },
  { name: 'Series of the last 90 days', flexible: 'region', evidence: 'account', series: 'recent' },
];

export const rules = ['advice', 'trailing 7', 'trailing 30', 'trailing 60', 'hindsight'] as const;
export type Rule = (typeof rules)[number];

export interface Outcome {
  rule: Rule;
  /** Day of the decision, and which regions it is about. */
  day: number;
  scope: string;
  /** Money an hour that was committed, by commitment. */
  bought: Map<string, number>;
  saved: number;
}

const leastUse = 0.6;
const recentDays = 90;
const locked = 0.72;
const flexible = 0.78;

/** What every rule would have bought at one day, and what that saved until the hold was over. */
export function decide(
  demand: readonly Demand[],
  day: number,
  holdDays: number,
  reading: Reading,
  solver: Solver,
  some: readonly Rule[] = rules,
  settings: AdviceSettings = adviceDefaults,
): Outcome[] {
  const hours = { at: day * 24, hold: holdDays * 24 };
  const series = demand.filter((one) =>
    reading.series === 'file'
      ? useShare(one) >= leastUse
      : useShare(one, hours.at - recentDays * 24, hours.at) >= leastUse,
  );
  const regions = [...new Set(series.map(({ region }) => region))];
  const scopes = reading.flexible === 'account' ? [regions] : regions.map((region) => [region]);
  const account = (of: readonly Demand[], from: number, to: number) =>
    accountOf(of, from, to, hours.hold, reading);
  const within = (of: readonly Demand[], scope: readonly string[]) =>
    of.filter(({ region }) => scope.includes(region));
  const advised = (of: readonly Demand[]) =>
    amountsOf(advise(account(of, 0, hours.at), hours.at, hours.hold, solver, settings).pools);
  // Regions that share their evidence are decided at once.
  const together =
    reading.evidence === 'account' && some.includes('advice') ? advised(series) : null;
  return scopes.flatMap((scope) => {
    const own = within(series, scope);
    const optimum = (window: Account) =>
      amountsOf(
        poolsOf(window).pools.map((pool) => ({ pool, plan: optimisePool(pool, solver).plan })),
      );
    const past = account(own, 0, hours.at);
    const buy = (rule: Rule): Map<string, number> => {
      if (rule === 'advice') return together ? ofScope(together, scope) : advised(own);
      if (rule === 'hindsight') return optimum(account(own, hours.at, hours.at + hours.hold));
      return optimum(lastHours(past, Number(rule.split(' ')[1]) * 24));
    };
    // A flexible plan covers whatever runs, also types that no rule knew of.
    const real = reading.series === 'file' ? own : within(demand, scope);
    return some.map((rule) => {
      const bought = buy(rule);
      const saved = savedBy(bought, real, hours.at, hours.hold);
      return { rule, day, scope: scope.join(' and '), bought, saved };
    });
  });
}

function ofScope(bought: ReadonlyMap<string, number>, scope: readonly string[]) {
  const ends = ['@', ...scope.map((region) => `@${region}`)];
  return new Map([...bought].filter(([id]) => ends.some((end) => id.endsWith(end))));
}

/** Money an hour by commitment: `TYPE@REGION` or, for flexible ones, `@REGION` (all: `@`). */
function amountsOf(
  pools: readonly { pool: Pool; plan: { amounts: Float64Array } }[],
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { pool, plan } of pools) {
    for (const [c, { kind, offer, scope }] of pool.columns.entries()) {
      const amount = plan.amounts[c] as number;
      if (amount > 0) found.set(kind === 'csp' ? offer : `${scope.family}@${scope.region}`, amount);
    }
  }
  return found;
}

/** A unit costs 1 on demand everywhere: dollars are machine-hours. */
function accountOf(
  demand: readonly Demand[],
  from: number,
  to: number,
  termH: number,
  reading: Reading,
): Account {
  const types = [...new Set(demand.map(({ type }) => type))];
  const common = { currency: 'USD', termH, upfront: 0, starts: [0] };
  return {
    hours: to - from,
    order: 'default',
    policy: { wacc: 0, maxTermH: null, minMonthlySavings: 0 },
    fx: new Map([['USD', 1]]),
    skus: new Map(types.map((type) => [type, { ...bare, sku: type, family: type }])),
    prices: demand.map(({ region, type }) => ({
      sku: type,
      region,
      currency: 'USD',
      onDemand: 1,
      spot: null,
    })),
    offers: demand.flatMap(({ region, type }): OfferLine[] => [
      { ...common, offer: 'locked', kind: 'isp', sku: type, region, rate: locked },
      {
        ...common,
        offer: reading.flexible === 'account' ? '@' : `@${region}`,
        kind: 'csp',
        sku: type,
        region,
        rate: flexible,
      },
    ]),
    owned: [],
    candidates: [],
    telemetry: new Map(),
    workloads: demand.map(({ region, type, units }) => ({
      id: `${region} ${type}`,
      account: 'account',
      region,
      sku: type,
      currency: 'USD',
      spotNow: false,
      eligibleForCommitment: true,
      spot: noSpot,
      usage: units.slice(from, to),
      spotUsage: null,
      spotCost: 0,
    })),
  };
}

const bare = {
  gpus: 0,
  gpuMemGib: null,
  relTput: null,
  sizeUnits: null,
  vcpu: null,
  memGib: null,
};
const noSpot = {
  eligible: false,
  mttpH: 1,
  checkpointH: 0,
  restartH: 0,
  noticeSaves: false,
  nodes: 1,
  maxFraction: 1,
};

/** On-demand cost that commitments replace, less their fees; written without the planner. */
function savedBy(
  bought: ReadonlyMap<string, number>,
  demand: readonly Demand[],
  at: number,
  hold: number,
): number {
  const rest = new Float64Array(hold);
  let saved = 0;
  for (const { region, type, units } of demand) {
    const money = bought.get(`${type}@${region}`) ?? 0;
    const covered = money / locked;
    for (let hour = 0; hour < hold; hour++) {
      const here = units[at + hour] as number;
      const used = Math.min(here, covered);
      saved += used - money;
      rest[hour] = (rest[hour] as number) + here - used;
    }
  }
  for (const [id, money] of bought) {
    if (!id.startsWith('@')) continue;
    for (const here of rest) saved += Math.min(here, money / flexible) - money;
  }
  return saved;
}
