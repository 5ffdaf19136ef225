import type { Bundle, GcpCase, Scenario } from './bundle.ts';
import { rateOf } from './model.ts';
import { billFigures, openCase, optimum, priceActions, type Case } from './plan.ts';
import { add, multiply, type Rational, subtract, toDecimal, toNumber, zero } from './rational.ts';
import { bestGcpUnits, gcpBill } from './side.ts';

export interface BoughtLine {
  offer: string;
  kind: string;
  scope: { sku?: string; family?: string; region?: string };
  currency: string;
  amount: number;
  start_h: number;
}

export interface Claimed {
  baseline?: number;
  optimized?: number;
  joint_savings?: number;
  low?: number;
  high?: number;
  p_loss?: number;
  actions?: { id: string; standalone: number; marginal: number }[];
  daily?: Record<string, number>;
  total?: number | null;
  on_demand?: number | null;
  unused?: number | null;
  coverage?: number | null;
  utilisation?: number | null;
  esr?: number | null;
}

/** The output contract of section 10. */
export interface Answer {
  rightsizing?: Record<string, string>;
  spot?: Record<string, boolean>;
  commitments?: BoughtLine[];
  side?: Record<string, string>;
  gcp_units?: number;
  claimed: Claimed;
}

/** The case of a `gcp` scenario. */
export function gcpCase(scenario: Scenario): GcpCase {
  const { usage, price, cud_price, tiers, month_hours } = scenario;
  if (!usage || !tiers || price === undefined || cud_price === undefined || !month_hours) {
    throw new Error('The gcp scenario lacks a field.');
  }
  return { usage, price, cud_price, tiers, month_hours };
}

/** Baseline cost by local day of the charge period's start, in the reporting currency. */
export function dailyBaseline({ model }: Case): Map<string, Rational> {
  const { timezone, start } = model.scenario;
  const day = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const days = new Map<string, Rational>();
  for (const [currency, list] of model.billedPerHour) {
    const rate = rateOf(model.scenario, currency);
    list.forEach((cost, hour) => {
      const name = day.format(new Date(Date.parse(start) + hour * 3_600_000));
      days.set(name, add(days.get(name) ?? zero, multiply(rate, cost)));
    });
  }
  return days;
}

/** The oracle's own answer, in the shape that `outlay analyze` gives. */
export function answerOf(bundle: Bundle): Answer {
  const { scenario } = bundle;
  if (scenario.mode === 'gcp') {
    const gcp = gcpCase(scenario);
    const units = bestGcpUnits(gcp);
    const baseline = gcpBill(gcp, 0);
    const optimized = gcpBill(gcp, units);
    const joint = toNumber(subtract(baseline, optimized));
    return {
      gcp_units: units,
      claimed: {
        baseline: toNumber(baseline),
        optimized: toNumber(optimized),
        joint_savings: joint,
        low: joint,
        high: joint,
      },
    };
  }
  const subject = openCase(bundle);
  if (scenario.mode === 'bill') return { claimed: billFigures(subject) };
  if (scenario.mode === 'backtest') throw new Error('The oracle does not answer backtests.');
  const { actions, joint, plan } = optimum(subject);
  const priced = priceActions(subject, actions);
  const changed = [...plan.workloads];
  const spotNow = new Map(subject.model.workloads.map(({ facts }) => [facts.id, facts.spot_now]));
  return {
    rightsizing: Object.fromEntries(
      changed.flatMap(([id, { option }]) => (option === null ? [] : [[id, option]])),
    ),
    spot: Object.fromEntries(
      changed.flatMap(([id, { spot }]) => (spot === spotNow.get(id) ? [] : [[id, spot]])),
    ),
    commitments: plan.purchases.map(({ offer, start, amount }) => ({
      offer: offer.id,
      kind: offer.kind,
      scope: {
        ...(offer.sku === null ? {} : { sku: offer.sku }),
        ...(offer.family === null ? {} : { family: offer.family }),
        ...(offer.region === null ? {} : { region: offer.region }),
      },
      currency: offer.currency,
      amount: Number(toDecimal(amount, 3)),
      start_h: start,
    })),
    side: Object.fromEntries(plan.side),
    claimed: {
      baseline: toNumber(subject.baseline),
      optimized: toNumber(subtract(subject.baseline, joint)),
      joint_savings: toNumber(joint),
      low: toNumber(joint),
      high: toNumber(joint),
      p_loss: 0,
      actions: priced.map(({ id, standalone, marginal }) => ({
        id,
        standalone: toNumber(standalone),
        marginal: toNumber(marginal),
      })),
      ...(scenario.timezone === 'UTC'
        ? {}
        : {
            daily: Object.fromEntries(
              [...dailyBaseline(subject)].map(([day, cost]) => [day, toNumber(cost)]),
            ),
          }),
    },
  };
}
