/** Who bills the sample company, and where it works. */

export const company = 'Meridian Labs';

export const providers = {
  aws: {
    name: 'AWS',
    publisher: 'Amazon Web Services, Inc.',
    issuer: 'Amazon Web Services, Inc.',
    // Kept as text: an account id may start with a zero.
    billingAccountId: '041927736508',
    billingAccountType: 'Management Account',
    subAccountType: 'Account',
    file: 'aws-focus-1.2.csv',
  },
  gcp: {
    name: 'Google Cloud',
    publisher: 'Google Cloud',
    issuer: 'Google LLC',
    billingAccountId: '01C4E7-5A92B0-D83F16',
    billingAccountType: 'Cloud Billing Account',
    subAccountType: 'Project',
    file: 'gcp-focus-1.2.csv',
  },
  azure: {
    name: 'Microsoft',
    publisher: 'Microsoft',
    issuer: 'Microsoft',
    billingAccountId:
      '/providers/Microsoft.Billing/billingAccounts/7c1e0b52-93ad-4f6e-8d27-51f0a4c9be38',
    billingAccountType: 'Billing Account',
    subAccountType: 'Subscription',
    file: 'azure-focus-1.2.csv',
  },
} as const;

export type ProviderKey = keyof typeof providers;
export const providerKeys = Object.keys(providers) as ProviderKey[];

interface Account {
  provider: ProviderKey;
  id: string;
  name: string;
}

export const accounts = {
  'train-prod': { provider: 'aws', id: '048213975516', name: 'train-prod' },
  'serve-us': { provider: 'aws', id: '315908264471', name: 'serve-us' },
  'serve-eu': { provider: 'aws', id: '007364481925', name: 'serve-eu' },
  research: { provider: 'aws', id: '592017438860', name: 'research' },
  staging: { provider: 'aws', id: '680449127353', name: 'staging' },
  'data-platform': { provider: 'aws', id: '236571890042', name: 'data-platform' },
  shared: { provider: 'aws', id: '041927736508', name: 'shared' },
  'gcp-research': { provider: 'gcp', id: 'meridian-research-418207', name: 'gcp-research' },
  'gcp-serving': { provider: 'gcp', id: 'meridian-serving-418211', name: 'gcp-serving' },
  'az-ranking': {
    provider: 'azure',
    id: '/subscriptions/5d0f3b1e-6c48-4e0a-b7a1-92c8e64f1d30',
    name: 'az-ranking',
  },
  'az-sandbox': {
    provider: 'azure',
    id: '/subscriptions/a86e2c97-04b5-4b1d-8f63-0e7d519a2cb4',
    name: 'az-sandbox',
  },
} as const satisfies Record<string, Account>;

export type AccountKey = keyof typeof accounts;

export const regions = {
  'us-east-1': 'US East (N. Virginia)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'Europe (Ireland)',
  'us-central1': 'Iowa',
  'europe-west4': 'Netherlands',
  swedencentral: 'Sweden Central',
  eastus2: 'East US 2',
} as const;

export type RegionKey = keyof typeof regions;
