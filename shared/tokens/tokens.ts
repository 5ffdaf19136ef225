import type { TokenVendor } from '../contract/tokens.ts';
import type { TokenClass } from '../contract/workloads.ts';
import type { Exact } from '../domain/exact.ts';

export const vendorTitles: Record<TokenVendor, string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  aws: 'AWS',
  azure: 'Microsoft',
  google: 'Google Cloud',
};

/** Token charges of one channel, model and class. */
export interface TokenUse {
  model: string | null;
  service: string | null;
  provider: string | null;
  direction: 'input' | 'output';
  /** `unknown`: input of which it is not said what was read from the cache. */
  cache: 'none' | 'read' | 'write' | 'unknown';
  batch: boolean;
  tokens: Exact | null;
  /** What the invoice asks for them, whatever metric is shown. */
  billed: Exact | null;
  /** Known from the vendor's counts alone: no bill that is loaded has a charge for them. */
  unbilled?: boolean;
}

export function tokenClassOf({
  direction,
  cache,
}: Pick<TokenUse, 'direction' | 'cache'>): TokenClass {
  if (direction === 'output') return 'output';
  if (cache === 'unknown') return 'input';
  return cache === 'none' ? 'uncached' : `cache-${cache}`;
}

/** Names of one model in two bills differ in letter case, hyphens and the vendor before a dot. */
export function modelKey(model: string): string {
  return model
    .toLowerCase()
    .replace(/^(?:anthropic|amazon|meta|mistral|cohere|openai|google|ai21|qwen|deepseek)[./ ]/, '')
    .replaceAll(/[^a-z0-9]/g, '');
}

/**
 * The same without what tells releases of one model apart, words in any order: "Claude4.5Sonnet" on a
 * bill and "us.anthropic.claude-sonnet-4-5-20250929-v1:0" in a metric are one.
 */
export function looseModelKey(model: string): string {
  const name = model
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^(?:us|eu|apac|au|jp|ca|global)\.(?=[a-z])/, '')
    .replace(/^(?:anthropic|amazon|meta|mistral|cohere|openai|google|ai21|qwen|deepseek)[. ]/, '')
    .replace(/-v\d+(?::\d+)?(?::\w+)?$/, '')
    .replace(/[-@ ]?(?:20\d{6}|20\d\d-\d\d-\d\d)\b/, '')
    .replace(/[-@](?:latest|default)$/, '');
  const words = name.match(/[a-z]+/g) ?? [];
  const numbers = name.match(/\d+/g) ?? [];
  return `${words.sort().join(' ')} ${numbers.join(' ')}`;
}

/**
 * Which uses repeat what another channel bills: a vendor's own bill lists the tokens that a cloud
 * resells, without a price. The same model and class, no cost, and no more tokens than the channel
 * that charges for them: those are the same tokens, shown but not added. So are tokens that a vendor
 * counts and does not bill itself. By place; null: it counts.
 */
export function repeatedTokens(uses: readonly TokenUse[]): (string | null)[] {
  const paid = new Map<string, TokenUse[]>();
  const keyOf = ({ model, direction, cache, batch }: TokenUse, name: (model: string) => string) =>
    model === null ? null : JSON.stringify([name(model), direction, cache, batch]);
  for (const use of uses) {
    if (use.billed === null || use.billed <= 0n || use.tokens === null) continue;
    for (const name of [modelKey, looseModelKey]) {
      const key = keyOf(use, name);
      if (key !== null) paid.set(key, [...(paid.get(key) ?? []), use]);
    }
  }
  return uses.map((use) => {
    // A vendor's counts name models as its API does, which no bill does.
    const key = keyOf(use, use.unbilled ? looseModelKey : modelKey);
    const { tokens } = use;
    const free = use.unbilled || use.billed === 0n;
    if (key === null || !free || tokens === null) return null;
    const other = (paid.get(key) ?? []).find(
      (one) =>
        (one.service !== use.service || one.provider !== use.provider) &&
        one.tokens !== null &&
        one.tokens >= tokens,
    );
    return other
      ? `Billed by ${other.service ?? other.provider ?? 'another channel'}; here the same tokens carry no cost and are not added.`
      : null;
  });
}
