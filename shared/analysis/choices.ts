import { type Gate, type GateLimits, gateOf } from './gates.ts';
import { paidPerUsefulHour } from './interruption.ts';
import type { Account, Candidate, Price, Workload } from './model.ts';
import { sumOf } from './sums.ts';

export const keepOption = 'keep';

/** One (option, spot) pair of a workload, with what of it a commitment may cover. */
export interface Choice {
  option: string;
  ratio: number;
  spot: boolean;
  /** What nothing else in the plan changes: spot, and usage that commitments cannot cover. */
  fixedCost: number;
  /** Usage left for on-demand and commitments: hourly units of this SKU, times `scale`. */
  part: { sku: string; price: number; series: Float64Array; scale: number } | null;
}

export interface Refusal {
  workload: string;
  option: string;
  gate: Gate | null;
  reason: string;
}

export interface WorkloadChoices {
  workload: Workload;
  /** The first is today's state. */
  choices: Choice[];
  refusals: Refusal[];
}

export function priceKey(sku: string, region: string, currency: string): string {
  return JSON.stringify([sku, region, currency]);
}

export function priceIndex(prices: readonly Price[]): Map<string, Price> {
  return new Map(prices.map((price) => [priceKey(price.sku, price.region, price.currency), price]));
}

/** What a rule about spot may add in advice mode; null: no objection. */
export type SpotRule = (workload: Workload, price: Price) => string | null;

/** Today's state and every other state that gates and prices allow. */
export function choicesOf(
  account: Account,
  workload: Workload,
  prices: ReadonlyMap<string, Price>,
  rules: { gates?: GateLimits; spot?: SpotRule } = {},
): WorkloadChoices {
  const refusals: Refusal[] = [];
  const refuse = (option: string, reason: string, gate: Gate | null = null) =>
    refusals.push({ workload: workload.id, option, gate, reason });
  const spotAllowed = (price: Price, option: string): boolean => {
    if (!workload.spot.eligible || price.spot === null) return false;
    if (paidPerUsefulHour(workload.spot) === Number.POSITIVE_INFINITY) {
      refuse(`${option} on spot`, 'the work would never get done between preemptions');
      return false;
    }
    const objection = rules.spot?.(workload, price) ?? null;
    if (objection !== null) refuse(`${option} on spot`, objection);
    return objection === null;
  };

  const current = priceOf(prices, workload, workload.sku);
  if (!current) throw new RangeError(`no price for ${workload.sku} of workload ${workload.id}`);
  const kept = { option: keepOption, ratio: 1 };
  const choices: Choice[] = [];
  if (workload.spotNow) choices.push(spotToday(workload, current));
  choices.push(onDemand(workload, kept, current));
  if (!workload.spotNow && spotAllowed(current, keepOption)) {
    choices.push(onSpot(workload, kept, current));
  }
  for (const candidate of candidatesOf(account, workload.id)) {
    const { option, ratio } = candidate;
    const sku = account.skus.get(workload.sku);
    const target = account.skus.get(candidate.sku) ?? null;
    if (!sku) {
      refuse(option, `skus.csv does not describe ${workload.sku}`);
      continue;
    }
    const telemetry = account.telemetry.get(workload.id) ?? {};
    const gate = gateOf(candidate, { current: sku, target }, telemetry, rules.gates);
    if (!gate.allowed) {
      refuse(
        option,
        gate.rule === 'data' ? 'insufficient data' : `${gate.rule} does not hold`,
        gate,
      );
      continue;
    }
    if (ratio === 0) {
      choices.push({ option, ratio, spot: false, fixedCost: 0, part: null });
      continue;
    }
    const price = priceOf(prices, workload, candidate.sku);
    if (!price) {
      refuse(option, `no price for ${candidate.sku} in ${workload.region}, ${workload.currency}`);
      continue;
    }
    choices.push(onDemand(workload, candidate, price));
    if (spotAllowed(price, option)) choices.push(onSpot(workload, candidate, price));
  }
  return { workload, choices, refusals };
}

function candidatesOf(account: Account, workload: string): Candidate[] {
  return account.candidates
    .filter((candidate) => candidate.workload === workload)
    .sort((a, b) => (a.option < b.option ? -1 : 1));
}

function priceOf(prices: ReadonlyMap<string, Price>, workload: Workload, sku: string) {
  return prices.get(priceKey(sku, workload.region, workload.currency));
}

function onDemand(
  workload: Workload,
  { option, ratio }: { option: string; ratio: number },
  price: Price,
): Choice {
  return withUsage(workload, { option, ratio, spot: false }, price, workload.usage, ratio, 0);
}

function onSpot(
  workload: Workload,
  { option, ratio }: { option: string; ratio: number },
  price: Price,
): Choice {
  const share = workload.spot.maxFraction;
  const units = sumOf(workload.usage) * ratio * share;
  const spotCost = units * (price.spot ?? 0) * paidPerUsefulHour(workload.spot);
  const shape = { option, ratio, spot: true };
  return withUsage(workload, shape, price, workload.usage, ratio * (1 - share), spotCost);
}

/** A workload on spot today pays what its rows say, not what a formula would. */
function spotToday(workload: Workload, price: Price): Choice {
  const { usage, spotUsage, spotCost } = workload;
  const rest = spotUsage ? usage.map((units, h) => units - (spotUsage[h] ?? 0)) : usage;
  const shape = { option: keepOption, ratio: 1, spot: true };
  return withUsage(workload, shape, price, rest, 1, spotCost);
}

function withUsage(
  workload: Workload,
  shape: Pick<Choice, 'option' | 'ratio' | 'spot'>,
  price: Price,
  series: Float64Array,
  scale: number,
  spotCost: number,
): Choice {
  if (scale <= 0) return { ...shape, fixedCost: spotCost, part: null };
  if (!workload.eligibleForCommitment) {
    const onDemandCost = sumOf(series) * scale * price.onDemand;
    return { ...shape, fixedCost: spotCost + onDemandCost, part: null };
  }
  const part = { sku: price.sku, price: price.onDemand, series, scale };
  return { ...shape, fixedCost: spotCost, part };
}
