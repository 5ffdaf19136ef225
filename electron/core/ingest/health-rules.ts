import { literal } from './duck.ts';

/** A rule of the FOCUS 1.2 requirements model, with the rows that break it. */
export interface FocusRule {
  id: string;
  /** What the rule asks. */
  message: string;
  /**
   * SQL on a series (its canonical dimensions) and its cells summed up (`rows`,
   * `billed_known` and so on): how many of its rows break the rule.
   */
  broken: string;
}

const categories = `AI and Machine Learning|Analytics|Business Applications|Compute|Databases|
Developer Tools|Multicloud|Identity|Integration|Internet of Things|Management and Governance|Media|
Migration|Mobile|Networking|Security|Storage|Web|Other`
  .split('|')
  .map((name) => name.trim());

const charges = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'];
const pricings = ['Standard', 'Dynamic', 'Committed', 'Other'];

const rowsWhere = (condition: string) => `CASE WHEN ${condition} THEN rows ELSE 0 END`;
const noneOf = (column: string, values: readonly string[]) =>
  rowsWhere(`${column} NOT IN (${values.map(literal).join(', ')})`);
const priced = `charge IN ('Usage', 'Purchase') AND "charge-class" IS DISTINCT FROM 'Correction'`;

/**
 * The rules that change what can be said about a bill. Those that ask for columns which daily cells
 * do not hold, or that only the provider can judge, are left out; display names too, because a series has one.
 */
export const focusRules: readonly FocusRule[] = [
  notNull('ProviderName-C-003-M', 'ProviderName', 'provider'),
  notNull('BillingAccountId-C-001-M', 'BillingAccountId', '"billing-account"'),
  notNull('ServiceName-C-003-M', 'ServiceName', 'service'),
  notNull('ServiceCategory-C-002-M', 'ServiceCategory', 'category'),
  allowed('ServiceCategory-C-003-M', 'ServiceCategory', 'category', categories),
  notNull('ChargeCategory-C-002-M', 'ChargeCategory', 'charge'),
  allowed('ChargeCategory-C-003-M', 'ChargeCategory', 'charge', charges),
  {
    id: 'ChargeClass-C-005-C',
    message: 'ChargeClass is Correction or has no value.',
    broken: rowsWhere(`"charge-class" <> 'Correction'`),
  },
  allowed('PricingCategory-C-007-M', 'PricingCategory', 'pricing', pricings),
  {
    id: 'PricingCategory-C-003-C',
    message: 'PricingCategory has no value on taxes.',
    broken: rowsWhere(`charge = 'Tax' AND pricing IS NOT NULL`),
  },
  {
    id: 'PricingCategory-C-004-C',
    message: 'PricingCategory has a value on usage and purchases.',
    broken: rowsWhere(`${priced} AND pricing IS NULL`),
  },
  {
    id: 'SkuId-C-004-C',
    message: 'SkuId has no value on taxes.',
    broken: rowsWhere(`charge = 'Tax' AND sku IS NOT NULL`),
  },
  {
    id: 'SkuId-C-005-C',
    message: 'SkuId has a value on usage and purchases.',
    broken: rowsWhere(`${priced} AND sku IS NULL`),
  },
  {
    id: 'CommitmentDiscountStatus-C-003-C',
    message: 'CommitmentDiscountStatus has no value without a CommitmentDiscountId.',
    broken: rowsWhere(`commitment IS NULL AND "commitment-status" IS NOT NULL`),
  },
  {
    id: 'CommitmentDiscountStatus-C-004-C',
    message: 'CommitmentDiscountStatus has a value on usage with a CommitmentDiscountId.',
    broken: rowsWhere(
      `commitment IS NOT NULL AND charge = 'Usage' AND "commitment-status" IS NULL`,
    ),
  },
  known('BilledCost-C-003-M', 'BilledCost', 'billed'),
  known('EffectiveCost-C-003-M', 'EffectiveCost', 'effective'),
  known('ListCost-C-003-M', 'ListCost', 'list'),
  known('ContractedCost-C-003-M', 'ContractedCost', 'contracted'),
  {
    id: 'ServiceName-C-005-C',
    message: 'A service has one ServiceCategory.',
    broken: rowsWhere('categories > 1'),
  },
];

function notNull(id: string, name: string, column: string): FocusRule {
  return { id, message: `${name} has a value.`, broken: rowsWhere(`${column} IS NULL`) };
}

function allowed(id: string, name: string, column: string, values: readonly string[]): FocusRule {
  return {
    id,
    message: `${name} is one of the allowed values.`,
    broken: noneOf(column, values),
  };
}

function known(id: string, name: string, measure: string): FocusRule {
  return { id, message: `${name} has a value.`, broken: `rows - ${measure}_known` };
}
