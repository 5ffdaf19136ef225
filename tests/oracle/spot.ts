import type { Spot } from './bundle.ts';
import { decimal, one, type Rational } from './rational.ts';

/** Checkpoint interval t with 1 - t/M = e^(-(t+C)/M), by bisection: the left side falls faster. */
export function checkpointInterval(mean: number, checkpoint: number): number {
  if (checkpoint === 0) return 0;
  let low = 0;
  let high = mean;
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (1 - middle / mean > Math.exp(-(middle + checkpoint) / mean)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Paid hours per useful hour on spot, infinite where it never finishes. */
export function paidPerUseful(spot: Spot): number {
  const mean = (spot.mttp_h ?? Infinity) / (spot.nodes ?? 1);
  const checkpoint = spot.ckpt_h ?? 0;
  const restart = spot.restart_h ?? 0;
  if (mean === Infinity) return 1;
  if (spot.notice_saves) {
    const lost = (checkpoint + restart) / mean;
    return lost >= 1 ? Infinity : 1 / (1 - lost);
  }
  const interval = checkpointInterval(mean, checkpoint);
  // With free checkpoints the interval goes to 0, and (e^(t/M) - 1) M / t to 1.
  if (interval === 0) return Math.exp(restart / mean);
  const paid =
    (mean * Math.exp(restart / mean) * Math.expm1((interval + checkpoint) / mean)) / interval;
  return Number.isFinite(paid) ? paid : Infinity;
}

/** The same, exactly as the double prints; null where it is infinite. */
export function paidHours(spot: Spot | undefined): Rational | null {
  if (!spot) return one;
  const paid = paidPerUseful(spot);
  return paid === Infinity ? null : decimal(paid);
}
