import type { Dimension } from '../contract/values.ts';

/** What people read for a dimension; the keys are all that there are beside tags. */
export const dimensionNames: Record<Exclude<Dimension, `tag:${string}`>, string> = {
  provider: 'Provider',
  'billing-account': 'Billing account',
  account: 'Account',
  service: 'Service',
  category: 'Service category',
  region: 'Region',
  sku: 'SKU',
  resource: 'Resource',
  pricing: 'Pricing',
  charge: 'Charge',
  'charge-class': 'Charge class',
  commitment: 'Commitment',
  instance: 'Instance type',
  unit: 'Unit',
  invoice: 'Invoice',
  currency: 'Currency',
  purpose: 'Purpose',
  workload: 'Workload',
};

/** "Service", "Tag team". */
export function dimensionName(dimension: Dimension): string {
  return dimension.startsWith('tag:')
    ? `Tag ${dimension.slice(4)}`
    : dimensionNames[dimension as keyof typeof dimensionNames];
}
