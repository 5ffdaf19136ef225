import type { AccountKey, RegionKey } from './accounts.ts';
import type { Step } from './months.ts';
import type { SkuKey } from './prices.ts';
import type { ResourceKind } from './resources.ts';

/**
 * How use moves within a week: `steady` all day every day; `training` all day with restarts;
 * `serving` busy on weekdays; `office` hours of people; `batch` and `sweep` jobs that come and go.
 */
export type Shape = 'steady' | 'training' | 'serving' | 'office' | 'batch' | 'sweep';

/** Use through the thirteen months, in thousandths of October 2026; the last value is December. */
export const curves = {
  flat: Array.from({ length: 14 }, () => 1000),
  slow: [800, 810, 825, 840, 860, 880, 900, 920, 940, 960, 980, 1000, 1015, 1030],
  growth: [560, 585, 610, 640, 680, 720, 765, 810, 855, 900, 950, 1000, 1040, 1070],
  adoption: [330, 360, 400, 450, 505, 565, 630, 700, 770, 845, 920, 1000, 1060, 1100],
} as const satisfies Record<string, readonly number[]>;

/** One meter of a workload, on one resource or on a fleet of like ones. */
export interface UsageLine {
  sku: SkuKey;
  region: RegionKey;
  zone?: string;
  /** Resources are named `name`, or `name-01` and on where a fleet changes size. */
  resource?: { kind: ResourceKind; name: string };
  /** How many of them exist, from each day on; one throughout where absent. */
  count?: readonly Step<number>[];
  shape: Shape;
  /** Whole pricing units a day and resource (GB held, for GB-Months); absent where hours are metered. */
  volume?: number;
  curve?: keyof typeof curves;
  /** What happened, in thousandths of the usual volume from each day on. */
  events?: readonly Step<number>[];
  /** Resources that nobody tagged, or tagged with an empty `env`. */
  tags?: 'none' | 'empty env';
}

export interface Workload {
  id: string;
  purpose: 'training' | 'inference' | 'managed APIs' | 'data' | 'storage' | 'network, other';
  account: AccountKey;
  team: string;
  env: 'prod' | 'staging' | 'dev';
  costCenter: string;
  /** Further tags, which its owners set on everything it runs. */
  tags?: Readonly<Record<string, string>>;
  lines: readonly UsageLine[];
}

/** A fleet of machines and the disk of each, in GB; they come and go together. */
export function machines(
  line: Pick<UsageLine, 'sku' | 'region' | 'shape' | 'events' | 'tags'> & {
    zone: string;
    kind: ResourceKind;
    name: string;
    count: readonly Step<number>[];
    disk?: { sku: SkuKey; kind: ResourceKind; volume: number };
  },
): UsageLine[] {
  const { kind, name, disk, ...machine } = line;
  const lines: UsageLine[] = [{ ...machine, resource: { kind, name } }];
  if (disk) {
    lines.push({
      sku: disk.sku,
      region: line.region,
      zone: line.zone,
      count: line.count,
      shape: 'steady',
      volume: disk.volume,
      resource: { kind: disk.kind, name: `${name}-disk` },
      ...(line.tags ? { tags: line.tags } : {}),
    });
  }
  return lines;
}
