import type { Metric } from '../../../shared/contract/values.ts';
import type { SeriesDimension } from '../store/measures.ts';

/** A series as a rule sees it: its dimensions, and its rows summed up. */
export interface RuleSeries {
  text: (dimension: SeriesDimension) => string | null;
  rows: number;
  known: (metric: Metric) => number;
  /** Service categories that the bill has for the series' service. */
  categories: number;
}

/** A rule of the FOCUS 1.2 requirements model, with the rows that break it. */
export interface FocusRule {
  id: string;
  /** What the rule asks. */
  message: string;
  /** How many rows of a series break the rule. */
  broken: (series: RuleSeries) => number;
}

const serviceCategories =
  `AI and Machine Learning|Analytics|Business Applications|Compute|Databases|
Developer Tools|Multicloud|Identity|Integration|Internet of Things|Management and Governance|Media|
Migration|Mobile|Networking|Security|Storage|Web|Other`
    .split('|')
    .map((name) => name.trim());

const charges = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'];
const pricings = ['Standard', 'Dynamic', 'Committed', 'Other'];

const rowsWhere =
  (isBroken: (text: RuleSeries['text']) => boolean): FocusRule['broken'] =>
  ({ text, rows }) =>
    isBroken(text) ? rows : 0;
const priced = (text: RuleSeries['text']) =>
  (text('charge') === 'Usage' || text('charge') === 'Purchase') &&
  text('charge-class') !== 'Correction';

/**
 * The rules that change what can be said about a bill. Those that ask for columns which daily cells
 * do not hold, or that only the provider can judge, are left out; display names too, because a series has one.
 */
export const focusRules: readonly FocusRule[] = [
  notNull('ProviderName-C-003-M', 'ProviderName', 'provider'),
  notNull('BillingAccountId-C-001-M', 'BillingAccountId', 'billing-account'),
  notNull('ServiceName-C-003-M', 'ServiceName', 'service'),
  notNull('ServiceCategory-C-002-M', 'ServiceCategory', 'category'),
  allowed('ServiceCategory-C-003-M', 'ServiceCategory', 'category', serviceCategories),
  notNull('ChargeCategory-C-002-M', 'ChargeCategory', 'charge'),
  allowed('ChargeCategory-C-003-M', 'ChargeCategory', 'charge', charges),
  {
    id: 'ChargeClass-C-005-C',
    message: 'ChargeClass is Correction or has no value.',
    broken: rowsWhere((text) => (text('charge-class') ?? 'Correction') !== 'Correction'),
  },
  allowed('PricingCategory-C-007-M', 'PricingCategory', 'pricing', pricings),
  {
    id: 'PricingCategory-C-003-C',
    message: 'PricingCategory has no value on taxes.',
    broken: rowsWhere((text) => text('charge') === 'Tax' && text('pricing') !== null),
  },
  {
    id: 'PricingCategory-C-004-C',
    message: 'PricingCategory has a value on usage and purchases.',
    broken: rowsWhere((text) => priced(text) && text('pricing') === null),
  },
  {
    id: 'SkuId-C-004-C',
    message: 'SkuId has no value on taxes.',
    broken: rowsWhere((text) => text('charge') === 'Tax' && text('sku') !== null),
  },
  {
    id: 'SkuId-C-005-C',
    message: 'SkuId has a value on usage and purchases.',
    broken: rowsWhere((text) => priced(text) && text('sku') === null),
  },
  {
    id: 'CommitmentDiscountStatus-C-003-C',
    message: 'CommitmentDiscountStatus has no value without a CommitmentDiscountId.',
    broken: rowsWhere((text) => text('commitment') === null && text('commitment-status') !== null),
  },
  {
    id: 'CommitmentDiscountStatus-C-004-C',
    message: 'CommitmentDiscountStatus has a value on usage with a CommitmentDiscountId.',
    broken: rowsWhere(
      (text) =>
        text('commitment') !== null &&
        text('charge') === 'Usage' &&
        text('commitment-status') === null,
    ),
  },
  known('BilledCost-C-003-M', 'BilledCost', 'billed'),
  known('EffectiveCost-C-003-M', 'EffectiveCost', 'effective'),
  known('ListCost-C-003-M', 'ListCost', 'list'),
  known('ContractedCost-C-003-M', 'ContractedCost', 'contracted'),
  {
    id: 'ServiceName-C-005-C',
    message: 'A service has one ServiceCategory.',
    broken: ({ categories, rows }) => (categories > 1 ? rows : 0),
  },
];

function notNull(id: string, name: string, dimension: SeriesDimension): FocusRule {
  return {
    id,
    message: `${name} has a value.`,
    broken: rowsWhere((text) => text(dimension) === null),
  };
}

function allowed(
  id: string,
  name: string,
  dimension: SeriesDimension,
  values: readonly string[],
): FocusRule {
  return {
    id,
    message: `${name} is one of the allowed values.`,
    broken: rowsWhere((text) => {
      const value = text(dimension);
      return value !== null && !values.includes(value);
    }),
  };
}

function known(id: string, name: string, metric: Metric): FocusRule {
  return {
    id,
    message: `${name} has a value.`,
    broken: ({ rows, known: delivered }) => rows - delivered(metric),
  };
}
