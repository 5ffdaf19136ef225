import { type Exact, formatExact, parseExact } from '../domain/exact.ts';

/**
 * Cells that decimals are added to exactly, in any order: whole nano-units in doubles, and what
 * lies below or beyond them in a bigint of 1e-27 kept for the few cells that need it. So a row and
 * its correction leave exactly what clean data would, and the order of rows never shows.
 */
export interface ExactCells {
  nano: Float64Array;
  rest: Map<number, Exact>;
}

const perNano = 10n ** 18n;
const scales = [1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1];

export function exactCells(length: number): ExactCells {
  return { nano: new Float64Array(length), rest: new Map() };
}

/** Adds decimal text to a cell; false where the text is not a decimal (the cell is as before). */
export function addText(cells: ExactCells, index: number, text: string): boolean {
  const nano = nanoOf(text);
  if (Number.isNaN(nano)) {
    const value = parseExact(text);
    if (value === null) return false;
    cells.rest.set(index, (cells.rest.get(index) ?? 0n) + value);
    return true;
  }
  const sum = (cells.nano[index] ?? 0) + nano;
  if (Number.isSafeInteger(sum)) cells.nano[index] = sum;
  else cells.rest.set(index, (cells.rest.get(index) ?? 0n) + BigInt(nano) * perNano);
  return true;
}

/** The nearest doubles of the exact sums. */
export function cellNumbers({ nano, rest }: ExactCells): Float64Array {
  const numbers = nano.map((value) => value / 1e9);
  for (const [index, value] of rest) {
    numbers[index] = Number(formatExact(BigInt(nano[index] ?? 0) * perNano + value));
  }
  return numbers;
}

/** The nearest double of the exact sum of all cells. */
export function cellTotal({ nano, rest }: ExactCells): number {
  let limbs = 0n;
  let part = 0;
  for (const value of nano) {
    const next = part + value;
    if (Number.isSafeInteger(next)) {
      part = next;
    } else {
      limbs += BigInt(part);
      part = value;
    }
  }
  let sum = (limbs + BigInt(part)) * perNano;
  for (const value of rest.values()) sum += value;
  return Number(formatExact(sum));
}

/** Plain decimals of at most 15 digits, 9 of them after the point, in nano-units; else NaN. */
function nanoOf(text: string): number {
  const { length } = text;
  const signed = text.charCodeAt(0) === 45 ? 1 : 0;
  if (length - signed > 16 || length === signed) return Number.NaN;
  let digits = 0;
  let point = -1;
  for (let i = signed; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 && point < 0) point = i;
    else if (code >= 48 && code <= 57) digits = digits * 10 + code - 48;
    else return Number.NaN;
  }
  const decimals = point < 0 ? 0 : length - point - 1;
  if (length - signed === (point < 0 ? 0 : 1)) return Number.NaN;
  const scale = scales[decimals];
  if (scale === undefined) return Number.NaN;
  const nano = digits * scale;
  if (!Number.isSafeInteger(nano)) return Number.NaN;
  return signed === 1 ? 0 - nano : nano;
}
