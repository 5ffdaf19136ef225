import {
  losingShare,
  ownRecord,
  type PastDecision,
} from '../../../shared/analysis/advice/ownRecord.ts';
import { adviceDefaults } from '../../../shared/analysis/advice/settings.ts';
import { hoursPerMonth } from '../../../shared/analysis/model.ts';
import type { Solver } from '../../../shared/analysis/solver.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import type { CommitmentRecord, SavingsPolicy } from '../../../shared/contract/savings.ts';
import { accountOf, type ProviderModel } from './model.ts';
import { moneyText } from './money.ts';

/** A rule that lost in a larger share of past months is not shown as a recommendation (SAVINGS.md 8). */
export const mostLosing = 0.1;

/**
 * What the rule that buys commitments would have bought at past months of the account, each with the
 * hours before it only and followed for a month: to today it would take minutes, and lose as often.
 */
export function recordOf(
  model: ProviderModel,
  policy: SavingsPolicy,
  solver: Solver,
): CommitmentRecord {
  const account = accountOf(model, policy, 'latest');
  const past = {
    ...account,
    // What ends soon now is no occasion of then.
    offers: account.offers.map((offer) =>
      offer.starts.length === 0 ? offer : { ...offer, starts: [0] },
    ),
  };
  const settings = { ...adviceDefaults, mostLoss: policy.mostLoss };
  return recordFrom(model.provider, ownRecord(past, solver, settings, hoursPerMonth));
}

export function recordFrom(provider: string, past: readonly PastDecision[]): CommitmentRecord {
  const share = losingShare(past) ?? 0;
  return {
    provider,
    months: past.length,
    lost: Math.round(share * past.length),
    promised: moneyText(sumOf(past.map(({ promised }) => promised))),
    realised: moneyText(sumOf(past.map(({ realised }) => realised))),
    withheld: share > mostLosing,
  };
}

/** What of the options the record rests on: the same give the same. */
export function recordQuestion(provider: string, policy: SavingsPolicy): unknown {
  const { mostLoss, maxTermMonths, maxCash, commitments, wacc, ends } = policy;
  return [provider, mostLoss, maxTermMonths, maxCash === 0, commitments, wacc, ends];
}

/** "the same rule lost in 2 of 4 past months" */
export function recordWords({ months, lost }: CommitmentRecord): string {
  return `the same rule lost in ${lost} of ${months} past ${months === 1 ? 'month' : 'months'}`;
}
