import type { UsageLine } from './workload.ts';

/** Where the company is on AWS, and the kinds of line that several of its workloads have. */

export const east = { region: 'us-east-1', zone: 'us-east-1a' } as const;
export const west = { region: 'us-west-2', zone: 'us-west-2b' } as const;
export const ireland = { region: 'eu-west-1', zone: 'eu-west-1b' } as const;
export const gp3 = (volume: number) => ({ sku: 'gp3', kind: 'volume', volume }) as const;

export const bucket = (
  name: string,
  sku: UsageLine['sku'],
  volume: number,
  curve: UsageLine['curve'] = 'growth',
): UsageLine => ({
  sku,
  region: 'us-east-1',
  resource: { kind: 'bucket', name },
  shape: 'steady',
  volume,
  curve,
});

export const calls = (name: string, sku: 's3Read' | 's3Write', volume: number): UsageLine => ({
  sku,
  region: 'us-east-1',
  resource: { kind: 'bucket', name },
  shape: 'batch',
  volume,
  curve: 'growth',
});

/** Tokens go through one inference profile a use. */
export const tokens = (
  sku: UsageLine['sku'],
  name: string,
  volume: number,
  from?: string,
): UsageLine => ({
  sku,
  region: 'us-east-1',
  resource: { kind: 'profile', name },
  shape: 'serving',
  volume,
  curve: 'adoption',
  ...(from ? { count: [[from, 1]] as const } : {}),
});

export const gateway = (
  place: typeof east | typeof ireland | typeof west,
  name: string,
  gb: number,
) =>
  [
    {
      sku: 'natHours',
      ...place,
      resource: { kind: 'nat', name },
      shape: 'steady',
    },
    {
      sku: 'natBytes',
      ...place,
      resource: { kind: 'nat', name },
      shape: 'serving',
      volume: gb,
      curve: 'growth',
    },
  ] as const satisfies readonly UsageLine[];

export const cluster = (place: { region: UsageLine['region'] }, name: string): UsageLine => ({
  sku: 'eksCluster',
  region: place.region,
  resource: { kind: 'eks', name },
  shape: 'steady',
});

/** Meters of a region without a resource of their own. */
export const traffic = (
  sku: UsageLine['sku'],
  region: UsageLine['region'],
  volume: number,
): UsageLine => ({ sku, region, shape: 'serving', volume, curve: 'growth', tags: 'none' });
