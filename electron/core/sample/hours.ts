import type { AccountKey } from './accounts.ts';
import type { Commitment } from './commitments.ts';
import type { SampleDay } from './months.ts';
import type { Use } from './usage.ts';
import type { Shape } from './workload.ts';

/** A stretch of time that is billed in one go: a day or one of its hours. */
export interface Slot {
  /** YYYY-MM-DD */
  date: string;
  start: string;
  end: string;
  /** Its length in millionths of an hour. */
  length: bigint;
}

const million = 1_000_000n;

export const wholeDay = ({ date, start, end }: SampleDay): Slot => ({
  date,
  start,
  end,
  length: 24n * million,
});

/** The hour of the day at which machines of a shape start, where they do not run all of it. */
const startHour: Record<Shape, bigint> = {
  steady: 0n,
  training: 5n,
  serving: 5n,
  office: 7n,
  batch: 1n,
  sweep: 2n,
};

/**
 * How much of each hour of its day a machine ran that ran so long (millionths of an hour): in one
 * stretch, moved forward where it would pass midnight.
 */
export function hoursRun(shape: Shape, quantity: bigint): bigint[] {
  const latest = 24n * million - quantity;
  const wanted = startHour[shape] * million;
  const from = latest < wanted ? latest : wanted;
  const to = from + quantity;
  return Array.from({ length: 24 }, (_, hour) => {
    const start = BigInt(hour) * million;
    const first = from > start ? from : start;
    const last = to < start + million ? to : start + million;
    return last > first ? last - first : 0n;
  });
}

/**
 * Since this month the machines of the accounts that serve are billed by the hour, as they are what
 * the savings plan that ends in December covers; it covers nothing else, so it counts by the hour too.
 */
const hourlyFrom = '2026-11-01';
const hourlyAccounts: readonly AccountKey[] = ['serve-us', 'serve-eu'];

const isHourlyUse = ({ series: { workload, sku } }: Use): boolean =>
  hourlyAccounts.includes(workload.account) && sku.service === 'ec2' && sku.unit === 'Hours';

const isHourlyCommitment = ({ covers }: Commitment): boolean =>
  covers.accounts?.every((account) => hourlyAccounts.includes(account)) ?? false;

export interface Billed {
  slot: Slot;
  uses: Use[];
  commitments: Commitment[];
}

/** The uses of a day in the slots that they are billed in, the whole day first. */
export function slotsOf(
  day: SampleDay,
  uses: readonly Use[],
  commitments: readonly Commitment[],
): Billed[] {
  if (day.date < hourlyFrom || !uses.some(isHourlyUse))
    return [{ slot: wholeDay(day), uses: [...uses], commitments: [...commitments] }];
  const hours = Array.from({ length: 24 }, (_, hour): Billed => {
    const start = day.start.replace('T00', `T${String(hour).padStart(2, '0')}`);
    const end =
      hour === 23 ? day.end : day.start.replace('T00', `T${String(hour + 1).padStart(2, '0')}`);
    return {
      slot: { date: day.date, start, end, length: million },
      uses: [],
      commitments: commitments.filter(isHourlyCommitment),
    };
  });
  for (const use of uses.filter(isHourlyUse)) {
    for (const [hour, quantity] of hoursRun(use.series.line.shape, use.quantity).entries())
      if (quantity > 0n) hours[hour]?.uses.push({ ...use, quantity });
  }
  return [
    {
      slot: wholeDay(day),
      uses: uses.filter((use) => !isHourlyUse(use)),
      commitments: commitments.filter((commitment) => !isHourlyCommitment(commitment)),
    },
    ...hours,
  ];
}
