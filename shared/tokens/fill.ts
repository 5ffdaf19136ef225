import type { TokenVendor, tokenCaches } from '../contract/tokens.ts';
import type { Exact } from '../domain/exact.ts';
import { looseModelKey, modelKey } from './tokens.ts';

/** Tokens of one kind as a vendor counts them, on the days of an answer. */
export interface TokenCount {
  vendor: TokenVendor;
  /** Project or workspace; empty where the counts do not tell them apart. */
  account: string;
  /** Empty where none is named. */
  model: string;
  direction: 'input' | 'output';
  cache: (typeof tokenCaches)[number];
  batch: boolean;
  tokens: Exact;
}

/** Charges of one kind of tokens. */
export interface TokenCharge {
  vendor: TokenVendor | null;
  account: string;
  model: string | null;
  direction: 'input' | 'output';
  cache: 'none' | 'read' | 'write';
  batch: boolean;
  /** What it belongs to: counts are given to one owner only. */
  owner: number;
  /** Null where the bill does not say how many. */
  tokens: Exact | null;
  /** Whether the vendor's counts speak of every day it has charges on. */
  covered: boolean;
}

export interface Filled {
  /** By place of the charge: tokens that a usage export counts; null where the bill's own hold. */
  tokens: (Exact | null)[];
  /** By place: why its tokens stay unknown although the vendor counts them. */
  why: (string | null)[];
  /** Counts of which no bill has a charge. */
  rest: TokenCount[];
}

/**
 * Brings a vendor's counts to its charges. A charge that states its tokens keeps them: what is counted
 * beside is the same tokens and is not added. One that states none gets the counts of its model and
 * class, where they cannot be meant for another owner as well. What no charge speaks of is the rest.
 */
export function fillCounts(charges: readonly TokenCharge[], counts: readonly TokenCount[]): Filled {
  const tokens: (Exact | null)[] = charges.map(() => null);
  const why: (string | null)[] = charges.map(() => null);
  const places = new Map<string, number[]>();
  const models = new Map<string, Set<string>>();
  const vendors = new Map<TokenVendor, { nameless: boolean }>();
  for (const [place, charge] of charges.entries()) {
    const { vendor, model } = charge;
    if (vendor === null) continue;
    const known = vendors.get(vendor) ?? { nameless: false };
    vendors.set(vendor, known);
    if (model === null) {
      known.nameless ||= charge.tokens !== null;
      continue;
    }
    add(places, classKey(vendor, modelKey(model), charge), place);
    const loose = `${vendor} ${looseModelKey(model)}`;
    models.set(loose, (models.get(loose) ?? new Set()).add(modelKey(model)));
  }
  const byClass = new Map<string, TokenCount[]>();
  const rest: TokenCount[] = [];
  for (const count of counts) {
    const { vendor, model } = count;
    const alike = model === '' ? undefined : models.get(`${vendor} ${looseModelKey(model)}`);
    if (!alike) {
      const billed =
        vendors.get(vendor)?.nameless === true || (model === '' && vendors.has(vendor));
      if (!billed) rest.push(count);
      continue;
    }
    // Two snapshots of a model on the bill are told apart by their whole names only.
    const own = modelKey(model);
    const [only] = alike;
    const of = alike.has(own) ? own : alike.size === 1 ? only : undefined;
    if (of === undefined) continue;
    const apart = classKey(vendor, of, count);
    // A bill without batch charges of a model charges batch with the others.
    const key = places.has(apart) ? apart : classKey(vendor, of, { ...count, batch: false });
    byClass.set(key, [...(byClass.get(key) ?? []), count]);
  }
  for (const [key, found] of byClass) {
    const own = places.get(key) ?? [];
    if (own.length === 0 || own.some((place) => charges[place]?.tokens !== null)) continue;
    give(own, found);
  }
  return { tokens, why, rest };

  function give(own: readonly number[], found: readonly TokenCount[]): void {
    const uncovered = own.some((place) => charges[place]?.covered !== true);
    if (uncovered) {
      for (const place of own) why[place] = 'Usage exports do not cover all days of these charges.';
      return;
    }
    if (ownersOf(own).size === 1) {
      settle(own, sum(found));
      return;
    }
    const byAccount = Map.groupBy(own, (place) => charges[place]?.account ?? '');
    for (const [account, part] of byAccount) {
      const counted = found.filter((count) => count.account === account);
      if (account !== '' && counted.length > 0 && ownersOf(part).size === 1) {
        settle(part, sum(counted));
      } else {
        for (const place of part)
          why[place] = 'Usage exports do not tell apart what belongs to which workload.';
      }
    }
  }

  function ownersOf(own: readonly number[]): Set<number> {
    return new Set(own.map((place) => charges[place]?.owner ?? -1));
  }

  /** They are one figure: the first charge carries it. */
  function settle(own: readonly number[], all: Exact): void {
    for (const [at, place] of own.entries()) tokens[place] = at === 0 ? all : 0n;
  }
}

function classKey(
  vendor: TokenVendor,
  model: string,
  of: { direction: string; cache: string; batch: boolean },
): string {
  return JSON.stringify([vendor, model, of.direction, of.cache, of.batch]);
}

function sum(counts: readonly TokenCount[]): Exact {
  return counts.reduce((all, { tokens }) => all + tokens, 0n);
}

function add(map: Map<string, number[]>, key: string, place: number): void {
  const known = map.get(key);
  if (known) known.push(place);
  else map.set(key, [place]);
}

/** Who bills a token charge, by the names that a bill has for it; null for any other. */
export function vendorOf(provider: string, service: string): TokenVendor | null {
  const text = `${provider} ${service}`;
  if (/amazon|\baws\b/i.test(provider) || /bedrock/i.test(service)) return 'aws';
  if (/microsoft|azure/i.test(text)) return 'azure';
  if (/google|vertex/i.test(text)) return 'google';
  if (/openai/i.test(text)) return 'openai';
  return /anthropic/i.test(text) ? 'anthropic' : null;
}
