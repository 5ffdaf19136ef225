import { create } from 'zustand';
import type { Dimension, Filter, Metric } from '../../shared/contract/values.ts';
import type { Purpose } from '../../shared/workloads/purposes.ts';
import type { Period } from './period.ts';

export const pages = [
  'overview',
  'costs',
  'workloads',
  'savings',
  'commitments',
  'sources',
  'settings',
] as const;
export type Page = (typeof pages)[number];

export const pageNames: Record<Page, string> = {
  overview: 'Overview',
  costs: 'Costs',
  workloads: 'AI workloads',
  savings: 'Savings',
  commitments: 'Commitments',
  sources: 'Sources',
  settings: 'Settings',
};

/** What the plan may do, where it differs from the default; null is the default. */
export interface WhatIf {
  /** Largest chance that what is bought loses, 0 to 1. */
  mostLoss: number | null;
  maxTermMonths: number | 'any' | null;
  /** Most that may be paid at the start, in whole units of the currency. */
  maxCash: number | null;
  /** Use against today's: 1.1 is 10% more. */
  usage: number | null;
  /** Ids of actions that are left out. */
  off: readonly string[];
  /** Last days plus one of commitments whose end the bill does not say, by their id. */
  ends: Readonly<Record<string, string>>;
}

export const nothingElse: WhatIf = {
  mostLoss: null,
  maxTermMonths: null,
  maxCash: null,
  usage: null,
  off: [],
  ends: {},
};

/** What a person has chosen to look at; it stands in the address, so a view can be reopened. */
export interface Choices {
  page: Page;
  period: Period;
  metric: Metric;
  /** Undefined: the currency with most charges. Null: charges without a currency. */
  currency: string | null | undefined;
  /** One or two groupings of the Costs page. */
  by: readonly [Dimension] | readonly [Dimension, Dimension];
  granularity: 'auto' | 'day' | 'month';
  compare: boolean;
  filters: readonly Filter[];
  /** Charts are shown as tables. */
  table: boolean;
  /** The Costs page shows the lines behind its slice; `line` is the place of the opened one. */
  lines: { sort: 'cost' | 'time'; line: number | null } | null;
  /** The Sources page shows what restatements changed in this billing month. */
  changes: string | null;
  /** The AI workloads page shows those of one purpose. */
  purpose: Purpose | null;
  /** The AI workloads page shows this one workload. */
  workload: string | null;
  /** The AI workloads page shows the editor of the user's own rules. */
  rules: boolean;
  /** The plan is that of this provider; null: of all of them. */
  provider: string | null;
  whatIf: WhatIf;
  /** The Savings page shows the evidence of this action. */
  action: string | null;
}

export const defaultChoices: Choices = {
  page: 'overview',
  period: { kind: 'latest' },
  metric: 'billed',
  currency: undefined,
  by: ['service', 'account'],
  granularity: 'auto',
  compare: true,
  filters: [],
  table: false,
  lines: null,
  changes: null,
  purpose: null,
  workload: null,
  rules: false,
  provider: null,
  whatIf: nothingElse,
  action: null,
};

export const useChoices = create<Choices>(() => defaultChoices);

export function choose(patch: Partial<Choices>): void {
  useChoices.setState((choices) => withPatch(choices, patch));
}

/**
 * A page opens with its figures, not with what lies behind them (lines, changes, one workload);
 * another slice has other lines to open.
 */
export function withPatch(choices: Choices, patch: Partial<Choices>): Choices {
  const { lines } = choices;
  const slice = 'filters' in patch || 'period' in patch || 'currency' in patch;
  const kept = patch.page !== undefined ? null : slice && lines ? { ...lines, line: null } : lines;
  const behind =
    patch.page === undefined ? {} : { changes: null, workload: null, rules: false, action: null };
  return { ...choices, lines: kept, ...behind, ...patch };
}

/** The filters with one more value asked for: it joins what its dimension already asks for. */
export function withValue(
  filters: readonly Filter[],
  name: Dimension,
  value: string | null,
): readonly Filter[] {
  const existing = filters.find((filter) => filter.dimension === name && !filter.not);
  if (!existing) return [...filters, { dimension: name, values: [value] }];
  if (existing.values.length === 1 && existing.values[0] === value) return filters;
  // A click on a value inside a wider choice narrows it: the value was already part of it.
  const values = existing.values.includes(value) ? [value] : [...existing.values, value];
  return filters.map((filter) => (filter === existing ? { ...filter, values } : filter));
}
