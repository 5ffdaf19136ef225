import type { AccountKey, RegionKey } from './accounts.ts';
import type { SkuKey } from './prices.ts';
import type { ServiceKey } from './services.ts';

/** Fees that recur with the month: support and the marketplace licence. */
export const subscriptions: readonly {
  service: ServiceKey;
  account: AccountKey;
  meter: string;
  unit: string;
  price: string;
  /** From month to month; the quantity holds until the next one. */
  quantity: readonly (readonly [month: string, quantity: number])[];
}[] = [
  {
    service: 'awsSupport',
    account: 'shared',
    meter: 'Enterprise Support',
    unit: 'Months',
    price: '15000',
    quantity: [['2025-11', 1]],
  },
  {
    service: 'tracker',
    account: 'shared',
    meter: 'Halyard Experiment Tracker, Team, seats',
    unit: 'Units',
    price: '65',
    quantity: [
      ['2026-01', 60],
      ['2026-07', 85],
    ],
  },
  {
    service: 'gcpSupport',
    account: 'gcp-serving',
    meter: 'Enhanced Support',
    unit: 'Months',
    price: '6200',
    quantity: [['2025-11', 1]],
  },
  {
    service: 'azureSupport',
    account: 'az-ranking',
    meter: 'ProDirect Support',
    unit: 'Months',
    price: '1000',
    quantity: [['2025-11', 1]],
  },
];

/** Credits that a provider granted; the amount is what it takes off. */
export const credits: readonly {
  service: ServiceKey;
  account: AccountKey;
  description: string;
  amount: string;
  months: readonly [first: string, last: string];
}[] = [
  {
    service: 'ec2',
    account: 'train-prod',
    description: 'Migration Acceleration Program credit',
    amount: '6000',
    months: ['2026-01', '2026-06'],
  },
  {
    service: 'bedrock',
    account: 'serve-us',
    description: 'Generative AI launch credit',
    amount: '2500',
    months: ['2026-04', '2026-06'],
  },
  {
    service: 'vertex',
    account: 'gcp-serving',
    description: 'Spending based discount, committed AI program',
    amount: '1850.5',
    months: ['2026-05', '2026-11'],
  },
  {
    service: 'openai',
    account: 'az-ranking',
    description: 'Azure credit offer',
    amount: '1500',
    months: ['2025-11', '2026-04'],
  },
];

/** Taxes in thousandths of a percent, by account; on the named services where there are any. */
export const taxes: readonly {
  account: AccountKey;
  description: string;
  rate: bigint;
  services?: readonly ServiceKey[];
}[] = [
  {
    account: 'shared',
    description: 'US sales tax, New York, 8.875%',
    rate: 8_875n,
    services: ['awsSupport', 'tracker'],
  },
  { account: 'staging', description: 'VAT, Ireland, 23%', rate: 23_000n },
  { account: 'az-sandbox', description: 'Moms, Sweden, 25%', rate: 25_000n },
];

/** Money back for a month that was already invoiced: billed later, for the days it was wrong. */
export const refunds: readonly {
  billingMonth: string;
  from: string;
  to: string;
  account: AccountKey;
  sku: SkuKey;
  region: RegionKey;
  amount: string;
  description: string;
}[] = [
  {
    billingMonth: '2026-03',
    from: '2026-02-17',
    to: '2026-02-18',
    account: 'train-prod',
    sku: 'smTrain',
    region: 'us-east-1',
    amount: '1842.55',
    description: 'Refund: training job stuck after a service event',
  },
  {
    billingMonth: '2026-06',
    from: '2026-05-09',
    to: '2026-05-10',
    account: 'gcp-serving',
    sku: 'proOut',
    region: 'us-central1',
    amount: '613.2',
    description: 'Refund: output tokens of failed requests',
  },
  {
    billingMonth: '2026-09',
    from: '2026-08-21',
    to: '2026-08-22',
    account: 'az-ranking',
    sku: 'ndH100',
    region: 'swedencentral',
    amount: '2359.68',
    description: 'Refund: machine unavailable under the service level agreement',
  },
  {
    billingMonth: '2026-10',
    from: '2026-09-03',
    to: '2026-09-04',
    account: 'serve-eu',
    sku: 'smEndpoint',
    region: 'eu-west-1',
    amount: '170.16',
    description: 'Refund: endpoint billed after deletion',
  },
];
