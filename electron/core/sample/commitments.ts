import type { AccountKey, RegionKey } from './accounts.ts';
import type { SkuKey } from './prices.ts';
import type { ServiceKey } from './services.ts';

/**
 * What is committed and what it covers. A `Spend` commitment is dollars an hour, used up by covered
 * machines at their committed price; a `Usage` commitment is a number of machines at a fixed rate.
 */
export interface Commitment {
  /** The provider's identifier. */
  id: string;
  name: string;
  /** As the provider calls it, and what ResourceType says. */
  type: string;
  category: 'Spend' | 'Usage';
  /** Who bought it and pays its fee. */
  owner: AccountKey;
  /** First day, and the day after the last. */
  from: string;
  to: string;
  /** Dollars an hour: of the whole commitment (Spend), of one machine (Usage). */
  hourly: string;
  /** How many machines (Usage). */
  machines?: number;
  /** The unit it is counted in, and how many of them one machine-hour is. */
  unit: string;
  perMachineHour?: number;
  /** One fee a day, one a month, or one at the start. */
  fee: 'daily' | 'monthly' | 'once';
  service: ServiceKey;
  meter: string;
  region?: RegionKey;
  covers: {
    skus: readonly [SkuKey, ...SkuKey[]];
    accounts?: readonly AccountKey[];
    resource?: string;
  };
  /** It also reserves capacity, under this identifier. */
  capacity?: string;
}

/** In the order in which they are used up: the narrow ones before the wide ones. */
export const commitments: readonly Commitment[] = [
  {
    id: 'arn:aws:ec2:us-east-1:048213975516:capacity-block/cb-0c41f97a2be63d508',
    name: 'pretrain-b block, 2 x p5.48xlarge, 5 days',
    type: 'Capacity Block',
    category: 'Usage',
    owner: 'train-prod',
    from: '2026-11-03',
    to: '2026-11-08',
    hourly: '31.464',
    machines: 2,
    unit: 'Hours',
    fee: 'once',
    service: 'ec2',
    meter: 'CapacityBlock:p5.48xlarge',
    region: 'us-east-1',
    covers: { skus: ['p5'], accounts: ['train-prod'], resource: 'pretrain-b-block' },
    capacity: 'arn:aws:ec2:us-east-1:048213975516:capacity-reservation/cr-0d72a85b19ce4f306',
  },
  {
    id: 'arn:aws:ec2:us-east-1:041927736508:reserved-instances/6f3a1c52-8d07-4be9-93c4-2a70f5d1e8b6',
    name: 'RI, 6 x m7i.4xlarge',
    type: 'Reserved Instance',
    category: 'Usage',
    owner: 'shared',
    from: '2026-02-01',
    to: '2027-02-01',
    hourly: '0.5886',
    machines: 6,
    unit: 'Hours',
    fee: 'monthly',
    service: 'ec2',
    meter: 'HeavyUsage:m7i.4xlarge',
    region: 'us-east-1',
    covers: { skus: ['m7i4'] },
  },
  {
    id: 'arn:aws:savingsplans::041927736508:savingsplan/2b90c6e1-57ad-4f38-a4c2-0e8d3f9b7a15',
    name: 'EC2 Instance SP, g5, 8.40/h',
    type: 'EC2 Instance Savings Plan',
    category: 'Spend',
    owner: 'shared',
    from: '2026-04-02',
    to: '2027-04-02',
    hourly: '8.4',
    unit: 'USD',
    fee: 'daily',
    service: 'savingsPlans',
    meter: 'EC2InstanceSP:g5.1yrNoUpfront',
    region: 'us-east-1',
    covers: { skus: ['g5'] },
  },
  {
    // Sharing is off for its owner, so it covers the owner's machines alone; on a quiet day part is unused.
    id: 'arn:aws:savingsplans::236571890042:savingsplan/e7d4a8f0-16b3-4c95-8e2a-5f90b7c3d264',
    name: 'Compute SP, 22.00/h',
    type: 'Compute Savings Plan',
    category: 'Spend',
    owner: 'data-platform',
    from: '2026-10-01',
    to: '2027-10-01',
    hourly: '22',
    unit: 'USD',
    fee: 'daily',
    service: 'savingsPlans',
    meter: 'ComputeSP:1yrNoUpfront',
    covers: { skus: ['r7i8'], accounts: ['data-platform'] },
  },
  {
    id: 'arn:aws:savingsplans::041927736508:savingsplan/91c5e3b7-d20f-4a86-b1e9-7c4f80a2d653',
    name: 'Compute SP, 48.00/h',
    type: 'Compute Savings Plan',
    category: 'Spend',
    owner: 'shared',
    from: '2024-12-09',
    to: '2025-12-09',
    hourly: '48',
    unit: 'USD',
    fee: 'daily',
    service: 'savingsPlans',
    meter: 'ComputeSP:1yrNoUpfront',
    covers: { skus: ['p4d', 'g6e', 'p5'], accounts: ['serve-us', 'serve-eu'] },
  },
  {
    id: 'arn:aws:savingsplans::041927736508:savingsplan/4ad7f182-93c6-4e50-bf1d-68e0a5c92b37',
    name: 'Compute SP, 62.00/h',
    type: 'Compute Savings Plan',
    category: 'Spend',
    owner: 'shared',
    from: '2025-12-09',
    to: '2026-12-09',
    hourly: '62',
    unit: 'USD',
    fee: 'daily',
    service: 'savingsPlans',
    meter: 'ComputeSP:1yrNoUpfront',
    covers: { skus: ['p4d', 'g6e', 'p5'], accounts: ['serve-us', 'serve-eu'] },
  },
  {
    id: '//compute.googleapis.com/projects/meridian-research-418207/regions/us-central1/commitments/h100-8-oct',
    name: 'h100-8-oct',
    type: 'Resource-based CUD',
    category: 'Usage',
    owner: 'gcp-research',
    from: '2026-10-28',
    to: '2027-10-28',
    hourly: '46.2',
    machines: 1,
    unit: 'GPU-Hours',
    perMachineHour: 8,
    fee: 'daily',
    service: 'computeEngine',
    meter: 'Commitment: A3 High, 8 x H100, 1 year',
    region: 'us-central1',
    covers: { skus: ['a3'], accounts: ['gcp-research'] },
  },
  {
    id: '/providers/Microsoft.Capacity/reservationOrders/c83f6d0a-41e7-4b92-8d5c-90a2e1f7b364/reservations/17d9b0e2-6a5c-48f3-b2e1-d4c70f8593ab',
    name: 'rank-nd, 2 x ND96isr H100 v5',
    type: 'Reservation',
    category: 'Usage',
    owner: 'az-ranking',
    from: '2026-07-20',
    to: '2027-07-20',
    hourly: '61.45',
    machines: 2,
    unit: 'Hours',
    fee: 'monthly',
    service: 'vms',
    meter: 'Reservation, ND96isr H100 v5, 1 year',
    region: 'swedencentral',
    covers: { skus: ['ndH100'] },
  },
];
