import { type Exact, formatExact, parseExact } from '../../../shared/domain/exact.ts';

/** Simulated money as an exact amount: doubles say no more than nine decimals of it. */
export function exactOf(value: number): Exact {
  return parseExact((Object.is(value, -0) ? 0 : value).toFixed(9)) ?? 0n;
}

export function moneyText(value: number): string {
  return formatExact(exactOf(value));
}

export function numberOf(value: Exact): number {
  return Number(formatExact(value));
}
