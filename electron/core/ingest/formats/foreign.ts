/** Layouts that are known and not read, by columns that only they have. */
export interface ForeignLayout {
  name: string;
  columns: readonly string[];
  /** What to export instead. */
  instead: string;
}

const azureFocus = 'Create a Cost Management export of type FOCUS and import that.';
const awsFocus =
  'Create a Data Export of type FOCUS or CUR 2.0 in the AWS console and import that.';

export const foreignLayouts: readonly ForeignLayout[] = [
  {
    name: 'a native Azure cost export',
    columns: ['SubscriptionId', 'MeterCategory'],
    instead: azureFocus,
  },
  {
    name: 'a native Azure cost export',
    columns: ['SubscriptionGuid', 'MeterCategory'],
    instead: azureFocus,
  },
  {
    name: 'an Azure price sheet',
    columns: ['MeterId', 'UnitPrice', 'PriceType'],
    instead: `A price sheet holds no charges. ${azureFocus}`,
  },
  {
    name: 'a native Oracle cost report',
    columns: ['lineItem/tenantId', 'cost/myCost'],
    instead: 'Use the FOCUS reports that Oracle Cloud writes beside it and import those.',
  },
  {
    name: 'a native Oracle usage report',
    columns: ['lineItem/tenantId', 'usage/billedQuantity'],
    instead: 'Use the FOCUS reports that Oracle Cloud writes beside it and import those.',
  },
  {
    name: 'an AWS detailed billing report',
    columns: ['RecordType', 'PayerAccountId', 'UnBlendedCost'],
    instead: awsFocus,
  },
  {
    name: 'a table saved from the Cost Explorer page',
    columns: ['Service', 'Total costs($)'],
    instead: awsFocus,
  },
  {
    name: 'a cost table saved from the Google Cloud console',
    columns: ['Billing account ID', 'Service description', 'SKU description'],
    instead: 'Export the billing table in BigQuery, or its FOCUS view, and import that.',
  },
  {
    name: 'a Google Cloud billing export with its credits spread over rows',
    columns: ['billing_account_id', 'usage_start_time', 'credits.amount'],
    instead:
      'A cost repeated once a credit would count more than once. Export the rows of the table as they are, as JSON lines or Parquet.',
  },
  {
    name: 'a Google Cloud price export',
    columns: ['sku.id', 'list_price', 'pricing_as_of_time'],
    instead: 'A price export holds no charges. Export the detailed usage table and import that.',
  },
  {
    name: 'a FOCUS contract commitment data set',
    columns: ['ContractCommitmentId', 'ContractCommitmentCost'],
    instead: 'It holds contracts, not charges. Import the Cost and Usage data set.',
  },
];
