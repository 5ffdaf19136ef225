import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Hourly use of one machine type in one region, in normalised machines. */
export interface Demand {
  region: string;
  type: string;
  units: Float64Array;
}

const file = fileURLToPath(
  new URL('../../../shared/data/vm-demand/hourly_normalized.csv.gz', import.meta.url),
);
const start = Date.UTC(2021, 1, 1);
const hours = 3 * 365 * 24;

export const hasDemand = existsSync(file);

/**
 * Snowflake-Labs/shavedice-dataset (Apache-2.0): two regions, twelve types, February 2021 to
 * January 2024. Hours without a row are hours without use.
 */
export function readDemand(): Demand[] {
  const found = new Map<string, Demand>();
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  if (header?.trim() !== 'USAGE_HOUR,REGION_NUM,INSTANCE_TYPE,NORM_USAGE') {
    throw new RangeError(`unknown columns ${header}`);
  }
  for (const line of lines) {
    const [time = '', region = '', type = '', units = ''] = line.trim().split(',');
    const hour = (Date.parse(`${time.replace(' ', 'T')}Z`) - start) / 3_600_000;
    if (!Number.isInteger(hour) || hour < 0 || hour >= hours) throw new RangeError(line);
    const key = `${region} ${type}`;
    const demand = found.get(key) ?? { region, type, units: new Float64Array(hours) };
    demand.units[hour] = Number(units);
    found.set(key, demand);
  }
  return [...found.keys()].sort().map((key) => found.get(key) as Demand);
}

/** Share of the hours from `from` to `to` in which a series is in use. */
export function useShare({ units }: Demand, from = 0, to = units.length): number {
  let used = 0;
  for (let hour = from; hour < to; hour++) if ((units[hour] as number) > 0) used++;
  return used / (to - from);
}
