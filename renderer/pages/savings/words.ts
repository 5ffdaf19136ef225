import type { SavingsLever, SavingsPlanned } from '../../../shared/contract/savings.ts';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { WaterfallData } from '../../../shared/charts/waterfall.ts';
import { compareDecimals, formatDecimal } from '../../../shared/domain/format.ts';

export type Answer = CallOutput<'savings.plan'>;

/** What the plan and its re-simulation both say. */
export type Figures = Pick<
  SavingsPlanned,
  | 'baseline'
  | 'planned'
  | 'savings'
  | 'share'
  | 'low'
  | 'high'
  | 'level'
  | 'pLoss'
  | 'worst'
  | 'worstScenario'
  | 'standaloneSum'
  | 'cash'
  | 'waterfall'
>;

export const leverNames: Record<SavingsLever, string> = {
  stop: 'Stop',
  resize: 'Right-size',
  storage: 'Storage',
  api: 'APIs',
  spot: 'Spot',
  commitment: 'Commitment',
};

/** "398,000 to 561,000". */
export function intervalWords({ low, high }: { low: string; high: string }): string {
  return `${formatDecimal(low)} to ${formatDecimal(high)}`;
}

export const effortNames = { low: 'Low', medium: 'Medium', high: 'High' } as const;

/** The bars of the waterfall; levers without an action in any of the answers are left out. */
export function waterfallOf(
  figures: Figures,
  planned: Figures,
  currency: string | null,
): WaterfallData | null {
  const first = figures.waterfall.find(({ id }) => id === 'baseline');
  const last = figures.waterfall.find(({ id }) => id === 'planned');
  if (!first || !last) return null;
  const used = new Set(
    [...figures.waterfall, ...planned.waterfall]
      .filter(({ actions, amount }) => actions > 0 || compareDecimals(amount, '0') !== 0)
      .map(({ id }) => id),
  );
  return {
    currency,
    from: { label: first.label, cost: first.amount },
    to: { label: last.label, cost: last.amount },
    steps: figures.waterfall
      .filter(({ id }) => id !== 'baseline' && id !== 'planned' && used.has(id))
      .map(({ label, amount, lastIn }) => ({ label, marginal: amount, lastIn: lastIn ?? amount })),
  };
}
