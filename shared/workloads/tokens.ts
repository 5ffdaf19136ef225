import type { TokenClass } from '../contract/workloads.ts';
import type { Exact } from '../domain/exact.ts';

/** Token charges of one channel, model and class. */
export interface TokenUse {
  model: string | null;
  service: string | null;
  provider: string | null;
  direction: 'input' | 'output';
  cache: 'none' | 'read' | 'write';
  batch: boolean;
  tokens: Exact | null;
  /** What the invoice asks for them, whatever metric is shown. */
  billed: Exact | null;
}

export function tokenClassOf({
  direction,
  cache,
}: Pick<TokenUse, 'direction' | 'cache'>): TokenClass {
  if (direction === 'output') return 'output';
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
 * Which uses repeat what another channel bills: a vendor's own bill lists the tokens that a cloud
 * resells, without a price. The same model and class, no cost, and no more tokens than the channel
 * that charges for them: those are the same tokens, shown but not added. By place; null: it counts.
 */
export function repeatedTokens(uses: readonly TokenUse[]): (string | null)[] {
  const paid = new Map<string, TokenUse[]>();
  const keyOf = ({ model, direction, cache, batch }: TokenUse) =>
    model === null ? null : JSON.stringify([modelKey(model), direction, cache, batch]);
  for (const use of uses) {
    const key = keyOf(use);
    if (key === null || use.billed === null || use.billed <= 0n || use.tokens === null) continue;
    paid.set(key, [...(paid.get(key) ?? []), use]);
  }
  return uses.map((use) => {
    const key = keyOf(use);
    const { tokens } = use;
    if (key === null || use.billed !== 0n || tokens === null) return null;
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
