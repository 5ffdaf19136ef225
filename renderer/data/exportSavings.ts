import type { CallOutput } from '../../shared/contract/contract.ts';
import type { ErrorBody } from '../../shared/contract/errors.ts';
import { useChoices } from '../stores/choices.ts';
import { planInput } from '../stores/savingsInput.ts';
import { csvCell, downloadText } from './download.ts';
import type { Api } from './useApi.ts';

/** Saves the actions of the plan as CSV; answers what went wrong, or null. */
export async function exportPlan(api: Api): Promise<ErrorBody | null> {
  const result = await api.call('savings.plan', planInput(useChoices.getState()));
  if (!result.ok) return result.error;
  const { plan } = result.value;
  if (!plan) return nothingToExport;
  downloadText(planCsv(result.value), `savings-${plan.horizon.from}.csv`, 'text/csv');
  return null;
}

/** Saves the commitments owned and the ladder of those to buy; answers what went wrong, or null. */
export async function exportCommitments(api: Api): Promise<ErrorBody | null> {
  const result = await api.call('commitments.overview', planInput(useChoices.getState()));
  if (!result.ok) return result.error;
  const { window } = result.value;
  const name = `commitments-${window?.to ?? 'none'}.csv`;
  downloadText(commitmentsCsv(result.value), name, 'text/csv');
  return null;
}

const nothingToExport: ErrorBody = {
  code: 'NO_DATA',
  message: 'There is no plan to export.',
  hint: 'The Savings page says what is missing or what differs.',
};

type Row = readonly (string | null)[];

/** Text is marked where a spreadsheet would run it; amounts are decimals and stay numbers. */
function csv(head: readonly string[], numbers: ReadonlySet<number>, rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    row.map((cell, at) => (numbers.has(at) ? (cell ?? '') : csvCell(cell ?? ''))),
  );
  return `${[head.map(csvCell), ...lines].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

const planHead = [
  'Action',
  'Detail',
  'Kind',
  'Provider',
  'Account',
  'Region',
  'Workload',
  'Currency',
  'Marginal a month',
  'Last-in a month',
  'Stand-alone a month',
  'Low',
  'High',
  'Chance of loss',
  'Effort',
  'Effective from',
  'Advice',
  'Id',
];

/** Every digit; an empty cell is unknown. Marginals add up to the last row. */
export function planCsv({ currency, plan }: CallOutput<'savings.plan'>): string {
  const rows = (plan?.actions ?? []).map((action): Row => {
    return [
      action.title,
      action.detail,
      action.lever,
      action.provider,
      action.account,
      action.region,
      action.workloadName,
      currency,
      action.marginal,
      action.lastIn,
      action.standalone,
      action.low,
      action.high,
      action.pLoss === null ? null : action.pLoss.toFixed(6),
      action.effort,
      action.effectiveFrom,
      action.advice,
      action.id,
    ];
  });
  const blank = (count: number) => Array.from({ length: count }, () => null);
  const total: Row | null = plan && [
    'Joint savings',
    ...blank(6),
    currency,
    plan.savings,
    null,
    plan.standaloneSum,
    plan.low,
    plan.high,
    plan.pLoss.toFixed(6),
    ...blank(4),
  ];
  const numbers = new Set([8, 9, 10, 11, 12, 13]);
  return csv(planHead, numbers, total ? [...rows, total] : rows);
}

const commitmentsHead = [
  'What',
  'Commitment',
  'Provider',
  'Account',
  'Type',
  'Amount',
  'Unit',
  'Starts',
  'Ends',
  'Decide by',
  'Utilisation',
  'Fee of the window',
  'Unused of the window',
  'Currency',
];

/** What is owned, then what to buy and when; an empty cell is unknown. */
export function commitmentsCsv(answer: CallOutput<'commitments.overview'>): string {
  const owned = answer.owned.map((row): Row => {
    return [
      'Owned',
      row.name,
      row.provider,
      row.account,
      row.type,
      String(row.amount),
      row.unit,
      row.starts,
      row.ends,
      row.decideBy,
      row.utilisation === null ? null : row.utilisation.toFixed(6),
      row.fee,
      row.unused,
      answer.currency,
    ];
  });
  const bought = answer.ladder.map((row): Row => {
    const { title, amount, unit, day, ends } = row;
    const none = [null, null, null, null] as const;
    return [
      'To buy',
      title,
      null,
      null,
      null,
      String(amount),
      unit,
      day,
      ends,
      ...none,
      answer.currency,
    ];
  });
  return csv(commitmentsHead, new Set([5, 10, 11, 12]), [...owned, ...bought]);
}
