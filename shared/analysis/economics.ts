import { hoursPerMonth } from './model.ts';

/**
 * What a commitment's amortised price really costs when `upfront` (a share of it) is paid at the
 * start and capital costs `wacc` a year: a factor on the amortised price (SAVINGS.md section 4).
 */
export function economicFactor(upfront: number, termH: number, wacc: number): number {
  if (upfront === 0 || wacc === 0) return 1;
  const months = termH / hoursPerMonth;
  const monthly = Math.expm1(Math.log1p(wacc) / 12);
  const annuity = (months * monthly) / -Math.expm1(-months * Math.log1p(monthly));
  return 1 - upfront + upfront * annuity;
}
