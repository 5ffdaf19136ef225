import type { SpotRule } from '../choices.ts';
import { economicFactor } from '../economics.ts';
import { paidPerUsefulHour } from '../interruption.ts';
import type { Account } from '../model.ts';
import type { AdviceSettings } from './settings.ts';

/** When advice mode does not recommend spot, and why (SAVINGS.md section 5). */
export function spotRule(account: Account, settings: AdviceSettings): SpotRule {
  const { policy } = account;
  return (workload, price) => {
    const { spot } = workload;
    const meanTime = spot.mttpH / spot.nodes;
    const lost = spot.checkpointH + spot.restartH;
    if (price.spot === null) return 'no spot price';
    if (price.spot >= settings.spotShareOfBest * price.onDemand) {
      return 'the spot price is within 10 % of on-demand';
    }
    if (spot.nodes > 1 && meanTime < 4 * lost) {
      return 'the nodes are preempted together too often for their checkpoints and restarts';
    }
    const committed = workload.eligibleForCommitment
      ? account.offers
          .filter(
            (line) =>
              line.sku === price.sku &&
              line.region === price.region &&
              line.currency === price.currency &&
              line.starts.length > 0 &&
              (policy.maxTermH === null || line.termH <= policy.maxTermH),
          )
          .map((line) => line.rate * economicFactor(line.upfront, line.termH, policy.wacc))
      : [];
    const best = Math.min(price.onDemand, ...committed);
    const cautious = { ...spot, mttpH: spot.mttpH * settings.spotCaution };
    const upper = price.spot * paidPerUsefulHour(cautious);
    return upper < settings.spotShareOfBest * best
      ? null
      : 'the upper bound of its effective price is not below 0.9 of the best other rate';
  };
}
