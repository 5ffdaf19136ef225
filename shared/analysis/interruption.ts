import type { SpotTerms } from './model.ts';

/**
 * The checkpoint interval that wastes least, in the unit of its arguments: the t that solves
 * 1 - t/M = e^(-(t+C)/M) (Daly). Zero where a checkpoint costs nothing.
 */
export function checkpointInterval(meanTime: number, checkpoint: number): number {
  const cost = checkpoint / meanTime;
  if (cost <= 0) return 0;
  let low = 0;
  let high = 1;
  // Bisection down to neighbouring doubles: slower than Newton by microseconds, and never astray.
  for (;;) {
    const x = low + (high - low) / 2;
    if (x === low || x === high) return x * meanTime;
    if (-Math.expm1(-x - cost) > x) low = x;
    else high = x;
  }
}

/** Paid hours per useful hour on spot; infinite where the work never gets done. */
export function paidPerUsefulHour(terms: SpotTerms): number {
  const meanTime = terms.mttpH / terms.nodes;
  if (!(meanTime > 0)) return Number.POSITIVE_INFINITY;
  if (meanTime === Number.POSITIVE_INFINITY) return 1;
  const lost = terms.checkpointH + terms.restartH;
  if (terms.noticeSaves)
    return lost >= meanTime ? Number.POSITIVE_INFINITY : 1 / (1 - lost / meanTime);
  const repeat = Math.exp(terms.restartH / meanTime);
  const interval = checkpointInterval(meanTime, terms.checkpointH) / meanTime;
  if (interval === 0) return repeat;
  return (repeat * Math.expm1(interval + terms.checkpointH / meanTime)) / interval;
}

/**
 * Price of a useful hour where the work runs `up` hours on spot and `down` hours on demand
 * (fallback): restart and checkpoint eat into the useful time of the hours on demand.
 */
export function fallbackPrice(
  terms: SpotTerms,
  prices: { spot: number; onDemand: number },
  hours: { up: number; down: number },
): number {
  const useful =
    hours.up / paidPerUsefulHour(terms) +
    Math.max(0, hours.down - terms.restartH - terms.checkpointH);
  return (hours.up * prices.spot + hours.down * prices.onDemand) / useful;
}
