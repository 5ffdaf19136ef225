import type { ApiWorkload, GcpCase, Scenario, StorageSet } from './bundle.ts';
import {
  add,
  compare,
  decimal,
  divide,
  fraction,
  least,
  most,
  multiply,
  one,
  type Rational,
  subtract,
  sum,
  zero,
} from './rational.ts';

export type ApiOption = 'keep' | 'batch' | 'cache' | 'batch+cache';

/** Sizes of the groups that share one cached prefix; one number means equal groups. */
function groups(api: ApiWorkload): { size: Rational; count: Rational }[] {
  if (typeof api.ttl_groups === 'number') {
    const size = decimal(api.ttl_groups);
    return [{ size, count: divide(decimal(api.requests), size) }];
  }
  return api.ttl_groups.map((size) => ({ size: decimal(size), count: one }));
}

/** Cost of the window's requests in one mode; null where the provider does not offer the mode. */
export function apiCost(api: ApiWorkload, option: ApiOption): Rational | null {
  const million = fraction(1_000_000);
  const priceIn = divide(decimal(api.price_in), million);
  const priceOut = divide(decimal(api.price_out), million);
  const prefix = decimal(api.prefix_tokens);
  const requests = decimal(api.requests);
  const rest = multiply(
    requests,
    add(multiply(decimal(api.suffix_tokens), priceIn), multiply(decimal(api.out_tokens), priceOut)),
  );
  const plain = add(rest, multiply(multiply(requests, prefix), priceIn));
  const write = decimal(api.cache_write_mult);
  const read = decimal(api.cache_read_mult);
  const prefixUnits = sum(
    groups(api).map(({ size, count }) =>
      multiply(count, add(write, multiply(read, subtract(size, one)))),
    ),
  );
  const cached = add(rest, multiply(multiply(prefix, prefixUnits), priceIn));
  const share = decimal(api.deferrable_share);
  const batched = subtract(one, decimal(api.batch_discount));
  const canCache = compare(prefix, decimal(api.min_prefix)) >= 0 && prefix.n > 0n;
  if (option === 'keep') return plain;
  if (option === 'batch') {
    if (share.n === 0n) return null;
    return multiply(plain, add(subtract(one, share), multiply(share, batched)));
  }
  if (!canCache) return null;
  if (option === 'cache') return cached;
  if (share.n === 0n) return null;
  const deferred = multiply(multiply(share, batched), api.stack ? cached : plain);
  return add(deferred, multiply(subtract(one, share), cached));
}

/** Cost over the horizon of keeping a set in one class, in the class's own rules. */
export function storageCost(set: StorageSet, name: string): Rational | null {
  const rules = set.classes[name];
  if (!rules) return null;
  const moves = name !== set.current;
  if (moves && rules.first_byte_s > set.max_first_byte_s) return null;
  const months = decimal(set.months);
  const life =
    set.delete_after_months === null ? months : least(months, decimal(set.delete_after_months));
  const objects = decimal(set.objects);
  const inGb = fraction(1, 1024 * 1024);
  const size = add(
    most(decimal(set.gb), multiply(objects, multiply(decimal(rules.min_object_kb), inGb))),
    multiply(objects, multiply(decimal(rules.overhead_kb), inGb)),
  );
  const minimum = moves ? divide(decimal(rules.min_days), fraction(30)) : zero;
  const thousands = divide(objects, fraction(1000));
  const reads = multiply(decimal(set.reads_gb_per_month), decimal(rules.retrieval_gb));
  const gets = multiply(
    divide(decimal(set.reads_per_month), fraction(1000)),
    decimal(rules.get_per_1000),
  );
  const monitoring = multiply(thousands, decimal(rules.monitor_per_1000));
  const transition = moves ? multiply(thousands, decimal(rules.transition_per_1000)) : zero;
  return sum([
    multiply(multiply(size, decimal(rules.gb_month)), most(life, minimum)),
    multiply(add(monitoring, add(reads, gets)), life),
    transition,
  ]);
}

export interface SideChoice {
  id: string;
  current: string;
  cost: Map<string, Rational>;
}

/** Every API workload and storage set with the cost of each option it may have. */
export function sideChoices(scenario: Scenario): SideChoice[] {
  const priced = (names: string[], cost: (name: string) => Rational | null) =>
    new Map(
      names.flatMap((name) => {
        const value = cost(name);
        return value === null ? [] : [[name, value] as const];
      }),
    );
  return [
    ...(scenario.api_workloads ?? []).map((api) => ({
      id: api.id,
      current: 'keep',
      cost: priced(['keep', 'batch', 'cache', 'batch+cache'], (name) =>
        apiCost(api, name as ApiOption),
      ),
    })),
    ...(scenario.storage_sets ?? []).map((set) => ({
      id: set.id,
      current: set.current,
      cost: priced(Object.keys(set.classes), (name) => storageCost(set, name)),
    })),
  ];
}

/** Price factor of each quarter of the month that a slot runs. */
const tierFactors: Record<GcpCase['tiers'], Rational[]> = {
  n1: ['1', '.8', '.6', '.4'].map(decimal),
  n2: ['1', '.8678', '.733', '.6'].map(decimal),
};

/** Hours of one slot in one month, as full-price hours after the sustained-use discount. */
export function sustainedHours(
  hours: Rational,
  monthHours: number,
  tiers: GcpCase['tiers'],
): Rational {
  const quarter = fraction(monthHours, 4);
  return sum(
    tierFactors[tiers].map((factor, at) => {
      const within = most(zero, subtract(hours, multiply(fraction(at), quarter)));
      return multiply(factor, least(within, quarter));
    }),
  );
}

/** Bill of the usage with `units` committed: slots of what is left, month by month. */
export function gcpBill(gcp: GcpCase, units: number): Rational {
  const usage = gcp.usage.map(decimal);
  const peak = Math.ceil(Math.max(0, ...gcp.usage));
  let full = zero;
  for (let from = 0; from < usage.length; from += gcp.month_hours) {
    const month = usage.slice(from, from + gcp.month_hours);
    for (let slot = units; slot < peak; slot += 1) {
      const hours = sum(
        month.map((count) => least(one, most(zero, subtract(count, fraction(slot))))),
      );
      full = add(full, sustainedHours(hours, gcp.month_hours, gcp.tiers));
    }
  }
  const fee = multiply(fraction(units * usage.length), decimal(gcp.cud_price));
  return add(fee, multiply(full, decimal(gcp.price)));
}

/** The number of committed units with the smallest bill, the fewest among equals. */
export function bestGcpUnits(gcp: GcpCase): number {
  const peak = Math.ceil(Math.max(0, ...gcp.usage));
  let best = 0;
  for (let units = 1; units <= peak; units += 1) {
    if (compare(gcpBill(gcp, units), gcpBill(gcp, best)) < 0) best = units;
  }
  return best;
}
