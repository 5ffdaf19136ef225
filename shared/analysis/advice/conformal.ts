/** Fewer past decisions than this: the pooled prior, labelled as such. */
export const enoughDecisions = 8;
/** Relative error that four in five decisions stayed within, before an account has its own. */
const priorRadius = 0.25;

export interface Radius {
  /** Of the relative error (realised - promised) / promised. */
  radius: number;
  decisions: number;
  basis: 'own decisions' | 'pooled prior';
}

/**
 * Split-conformal radius: the ceil((n + 1) level)-th smallest absolute error of past decisions of
 * the same kind. With few decisions the pooled prior, or the largest error where that is wider.
 */
export function conformalRadius(errors: readonly number[], level: number): Radius {
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  const decisions = sorted.length;
  const rank = Math.ceil((decisions + 1) * level - 1e-12);
  const own = sorted[Math.min(rank, decisions) - 1] ?? 0;
  if (decisions < enoughDecisions || rank > decisions) {
    return { radius: Math.max(priorRadius, own), decisions, basis: 'pooled prior' };
  }
  return { radius: own, decisions, basis: 'own decisions' };
}

/** Share of decisions whose realised savings lay within the interval promised. */
export function achievedCoverage(
  decisions: readonly { low: number; high: number; realised: number }[],
): number | null {
  if (decisions.length === 0) return null;
  const within = decisions.filter(({ low, high, realised }) => low <= realised && realised <= high);
  return within.length / decisions.length;
}
