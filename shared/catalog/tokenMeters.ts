import { isMarketplace, splitRegion } from './awsRegions.ts';

/** What a token meter counts. Classes are disjoint: a cached token is not also an uncached one. */
export interface TokenMeter {
  direction: 'input' | 'output';
  cache: 'none' | 'read' | 'write';
  /** Processed later, at the batch price. */
  batch: boolean;
  /** As the meter names it ("Claude4.5Sonnet", "gpt 4o 0806", "Gemini 2.5 Flash"); null where it names none. */
  model: string | null;
  /** Where a request may be served. */
  scope: 'regional' | 'global' | 'data-zone' | null;
  tier: 'standard' | 'flex' | 'priority' | 'provisioned';
  /** The dearer price of a long prompt. */
  longContext: boolean;
}

/**
 * Reads the name of a token meter, whichever cloud or vendor wrote it; null where it counts something
 * else (images, hours, cache storage, searches) or says no direction.
 *
 * - Bedrock's own price list: "USE1-NovaPro-cache-read-input-token-count",
 *   "USE1-Llama4-Maverick-17B-input-tokens-batch", "USE1-qwen.qwen3-32b-mantle-output-tokens-standard"
 * - Bedrock by marketplace: "USE1-MP:USE1_InputTokenCount_Global-Units",
 *   "USE1_cache_write_tokens_1h_global_standard-Units" (the model is in the product's name)
 * - Azure: "gpt-4o-0806-Outp-glbl Tokens", "gpt 4o 1120 cached Inp regnl Tokens",
 *   "gpt 4o mini0718 BatchOutp DataZone Tokens", "5.4 mini cd Inp Gl 1M Tokens"
 * - Google: "Gemini 2.5 Flash GA Text Input - Predictions", "Gemini 3 Flash Text Input Caching"
 * - FOCUS: "Cache Read Input Tokens", and the sample company's "GPT-5, cached input tokens"
 */
export function tokenMeter(text: string): TokenMeter | null {
  const words = wordsOf(text);
  const has = (pattern: RegExp) => pattern.test(words);
  if (!has(tokenWord)) return null;
  // Hours for which a cache is kept, requests, images: other units beside tokens.
  if (has(/ (storage|images?|video|hours?|search(es)?|requests?|grounding|per month) /))
    return null;
  // Fine-tuning is metered in tokens too, but what it counts is training.
  if (has(/ (training|trainin|train) /)) return null;
  const output = has(/ (output|outp|opt|out|completion|response|thinking) /);
  const input = has(/ (input|inp|inpt|in|prompt) /);
  const cached = has(/ (cache|cached|cach|cchd|cd|caching) /);
  if (output && !input) return { ...rest(), direction: 'output', cache: 'none' };
  if (!input && !cached) return null;
  const cache = !cached ? 'none' : has(/ (write|wr|creation|storage) /) ? 'write' : 'read';
  return { ...rest(), direction: 'input', cache };

  function rest(): Omit<TokenMeter, 'direction' | 'cache'> {
    const scope = has(/ (global|glbl|gl|gbl) /)
      ? 'global'
      : has(/ (data ?zone|dz|dzone) /)
        ? 'data-zone'
        : has(/ (regnl|regional|rg|rgnl) /)
          ? 'regional'
          : null;
    return {
      batch: has(/ batch /),
      model: modelOf(text),
      scope,
      tier: has(/ flex /)
        ? 'flex'
        : has(/ (priority|pp) /)
          ? 'priority'
          : has(/ (provisioned|ptu) /)
            ? 'provisioned'
            : 'standard',
      longContext: has(/ (long|lctx|longco|long context) /),
    };
  }
}

/**
 * The token meter of a FOCUS row: what SkuPriceDetails says of it (TokenDirection, TokenCacheAction and
 * ModelId, from FOCUS 1.3 on), and from the meter's name what it leaves out.
 */
export function focusTokenMeter(
  meter: string,
  details: Readonly<Record<string, unknown>>,
): TokenMeter | null {
  const named = tokenMeter(meter);
  const text = (name: string) => {
    const value = details[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const direction = text('TokenDirection')?.toLowerCase();
  if (!named && direction !== 'input' && direction !== 'output') return null;
  const cache = text('TokenCacheAction')?.toLowerCase();
  return {
    batch: false,
    scope: null,
    tier: 'standard',
    longContext: false,
    ...named,
    model: text('ModelId') ?? named?.model ?? text('ModelFamily'),
    direction:
      direction === 'input' || direction === 'output' ? direction : (named?.direction ?? 'input'),
    cache:
      cache === 'read' || cache === 'write'
        ? cache
        : cache === 'uncached'
          ? 'none'
          : (named?.cache ?? 'none'),
  };
}

/** A meter speaks of tokens, or is one of Google's predictions of a language model. */
const tokenWord = / (tokens?|tokencount|predictions|caching|tok) /;

/** Small words with a space on either side; run-together ones are taken apart. */
function wordsOf(text: string): string {
  const apart = text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/\b(batch)(inpt?|outpt?|opt)\b/gi, '$1 $2')
    .replaceAll(/[^A-Za-z0-9.]+/g, ' ');
  return ` ${apart.toLowerCase().replaceAll(/\btoken count\b/g, 'tokens')} `;
}

/** Where the words of the meter begin, the model's name has ended. */
const meterBegins = new RegExp(
  [
    // Bedrock: model-input-tokens, model-cache-read-input-token-count
    String.raw`[-_ ](?:mantle-)?(?:input|output|cache|text-input|text-output)-(?:tokens?|read|write|token)`,
    // Azure and FOCUS
    String.raw`[-, ]+(?:(?:batch|cached|cchd|cd|cach|cache|uncached|read|write) ?)*(?:batch)?(?:inpt?|outp|opt|in|out|input|output)\b`,
    String.raw` (?:cached|cchd|cd)\b`,
    // Google
    String.raw` (?:GA |Global |Thinking )*(?:Text|Image|Audio|Video|Input|Output|Thinking|Batch)\b`,
  ].join('|'),
  'i',
);

function modelOf(text: string): string | null {
  // AWS: a region before, and by marketplace no model at all.
  const own = splitRegion(text).rest;
  if (isMarketplace(own)) return null;
  const forModel = /\btokens? (?:for|consumed by|generated by) (.+)$/i.exec(own)?.[1];
  if (forModel) return forModel.trim();
  const at = own.search(meterBegins);
  const model = at > 0 ? own.slice(0, at).trim() : '';
  return model === '' || /^(?:cache(?: (?:read|write))?|cached|uncached|batch)$/i.test(model)
    ? null
    : model;
}
