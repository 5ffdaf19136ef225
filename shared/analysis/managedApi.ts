/** A workload on a managed model API; prices are per million tokens. */
export interface ApiWorkload {
  id: string;
  priceIn: number;
  priceOut: number;
  requests: number;
  prefixTokens: number;
  suffixTokens: number;
  outTokens: number;
  /** Share of the requests that may wait for a batch, confirmed by the owner. */
  deferrableShare: number;
  /** How many lifetimes of the cache serve how many requests each. */
  ttlGroups: readonly { requests: number; times: number }[];
  batchDiscount: number;
  cacheWriteMult: number;
  cacheReadMult: number;
  minPrefix: number;
  /** The provider grants both discounts at once. */
  stack: boolean;
}

export type ApiOption = 'keep' | 'batch' | 'cache' | 'batch+cache';

const perMillion = 1e-6;

/** Every option that the provider allows, with its cost. */
export function apiChoices(api: ApiWorkload): { option: ApiOption; cost: number }[] {
  const plain = apiCost(api, false);
  const batched = 1 - api.deferrableShare * api.batchDiscount;
  const choices: { option: ApiOption; cost: number }[] = [
    { option: 'keep', cost: plain },
    { option: 'batch', cost: plain * batched },
  ];
  if (api.prefixTokens >= api.minPrefix && api.ttlGroups.length > 0) {
    const cached = apiCost(api, true);
    // Where the discounts do not add up, what is batched is not cached.
    const both = api.stack
      ? cached * batched
      : api.deferrableShare * plain * (1 - api.batchDiscount) + (1 - api.deferrableShare) * cached;
    choices.push({ option: 'cache', cost: cached }, { option: 'batch+cache', cost: both });
  }
  return choices;
}

function apiCost(api: ApiWorkload, cached: boolean): number {
  const input = api.priceIn * perMillion;
  const other =
    api.requests * (api.suffixTokens * input + api.outTokens * api.priceOut * perMillion);
  if (!cached) return other + api.requests * api.prefixTokens * input;
  let grouped = 0;
  let prefixes = 0;
  for (const { requests, times } of api.ttlGroups) {
    grouped += requests * times;
    prefixes += (api.cacheWriteMult + api.cacheReadMult * (requests - 1)) * times;
  }
  // Requests outside any group find no cached prefix.
  prefixes += Math.max(0, api.requests - grouped);
  return other + prefixes * api.prefixTokens * input;
}

/** Requests within one lifetime from which a cached prefix pays. */
export function cacheBreakEven(write: number, read: number): number {
  return read >= 1 ? Number.POSITIVE_INFINITY : (write - read) / (1 - read);
}
