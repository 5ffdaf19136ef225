import { type SourceId, sources } from './sources.ts';
import { tokenPriceTable } from './tokenPriceTable.ts';

/** A vendor's own list price of a model, US dollars a million tokens, decimal text. */
export interface TokenPrice {
  vendor: string;
  id: string;
  name: string;
  input: string;
  output: string;
  /** Input read from the cache; null where the source gives none. */
  cachedInput: string | null;
  /** First day, and the day after the last; null where open. */
  from: string | null;
  to: string | null;
  currency: 'USD';
  source: SourceId;
  seen: string;
}

/**
 * The vendor's list price of a model on a day; null where the catalogue has none. `model` is an id or
 * a name in any spelling ("Claude Sonnet 5", "claude-sonnet-5"). What Bedrock, Vertex AI or Azure
 * charge for the same model is not this price.
 */
export function tokenPrice(model: string, at: string): TokenPrice | null {
  const spans = index().get(keyOf(model)) ?? [];
  return spans.find(({ from, to }) => (!from || from <= at) && (!to || at < to)) ?? null;
}

/** All prices, earlier ones too. */
export function tokenPrices(): readonly TokenPrice[] {
  return table();
}

let prices: readonly TokenPrice[] | null = null;
let byModel: Map<string, TokenPrice[]> | null = null;

function table(): readonly TokenPrice[] {
  prices ??= tokenPriceTable
    .trim()
    .split('\n')
    .map((line) => {
      const [vendor = '', id = '', name = '', input = '', output = '', cached, from, to] =
        line.split('|');
      const source = 'llm-prices';
      return {
        vendor,
        id,
        name,
        input,
        output,
        cachedInput: orNull(cached),
        from: orNull(from),
        to: orNull(to),
        currency: 'USD',
        source,
        seen: sources[source].date,
      };
    });
  return prices;
}

function index(): Map<string, TokenPrice[]> {
  if (byModel) return byModel;
  byModel = new Map();
  for (const price of table()) {
    for (const key of new Set([keyOf(price.id), keyOf(price.name)])) {
      const spans = byModel.get(key);
      if (spans) spans.push(price);
      else byModel.set(key, [price]);
    }
  }
  return byModel;
}

function keyOf(model: string): string {
  return model.toLowerCase().replaceAll(/[^a-z0-9.≤>]+/g, '-');
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === '-' ? null : text;
}
