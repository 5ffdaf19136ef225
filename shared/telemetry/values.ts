import { metricOf, type MetricId } from './metrics.ts';

/** Why a value is unknown. An unknown value is counted, and never becomes 0. */
export const blankReasons = [
  'empty',
  'not available',
  'not supported',
  'error',
  'not a number',
  'no value (DCGM)',
  'out of range',
  'hidden by MIG',
] as const;
export type BlankReason = (typeof blankReasons)[number];

/** Units that nvidia-smi writes behind a number or into a header, as factors of our own. */
const unitFactors: Record<string, number> = {
  '%': 1,
  B: 1,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  W: 1,
  mW: 0.001,
  MHz: 1,
  C: 1,
  J: 1,
  mJ: 0.001,
};

/** The factor of a unit into that of the kept metrics; null for one that is not known. */
export function unitFactor(unit: string): number | null {
  return Object.hasOwn(unitFactors, unit) ? (unitFactors[unit] ?? null) : null;
}

export type Cell =
  | { kind: 'value'; value: number; unit: string | null }
  | { kind: 'blank'; reason: BlankReason }
  | { kind: 'bad' };

/**
 * One cell of an nvidia-smi log: "98 %", "40960 MiB", "98,5 %", "[N/A]", "[Not Supported]", "ERR!".
 * A cell that is none of these is bad, not unknown.
 */
export function readCell(text: string): Cell {
  const cell = text.trim();
  if (cell === '') return { kind: 'blank', reason: 'empty' };
  const worded = blankWord(cell);
  if (worded) return { kind: 'blank', reason: worded };
  const parts = /^([-+]?\d[\d.,]*(?:[eE][-+]?\d+)?)\s*([%A-Za-z]+)?$/.exec(cell);
  const value = parts ? readNumber(parts[1] ?? '') : null;
  if (value === null) return { kind: 'bad' };
  return { kind: 'value', value, unit: parts?.[2] ?? null };
}

function blankWord(cell: string): BlankReason | null {
  const word = cell
    .replace(/^\[(.*)\]$/, '$1')
    .trim()
    .toLowerCase();
  if (/^(n\/a|na|-|null|none)$/.test(word)) return 'not available';
  if (
    /^(not supported|insufficient permissions|requested functionality has been deprecated|not active)$/.test(
      word,
    )
  ) {
    return 'not supported';
  }
  if (/^(nan|[-+]?inf(inity)?)$/.test(word)) return 'not a number';
  return /^(err!|unknown error|gpu is lost|gpu requires reset|unknown|error)$/.test(word)
    ? 'error'
    : null;
}

/** A decimal comma stands alone with one or two digits behind it; "1,024" could be either. */
function readNumber(text: string): number | null {
  if (/^[-+]?\d+,\d{1,2}$/.test(text)) return Number(text.replace(',', '.'));
  if (text.includes(',')) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/**
 * DCGM's "blank" values (dcgm_structs.h): the four numbers from 0x7ffffffffffffff0 for whole
 * numbers of 64 bits, from 0x7ffffff0 for 32 bits and from 2^47 for floating point ones.
 */
export function isDcgmBlank(value: number): boolean {
  return (
    value >= 9_223_372_036_854_774_000 ||
    (value >= 2_147_483_632 && value <= 2_147_483_635) ||
    (value >= 140_737_488_355_328 && value <= 140_737_488_355_331)
  );
}

/** Why a number cannot be a value of the metric (in the metric's own unit); null where it can. */
export function outOfPlace(metric: MetricId, value: number): BlankReason | null {
  if (!Number.isFinite(value)) return 'not a number';
  const { most } = metricOf(metric);
  return value < 0 || (most !== undefined && value > most) ? 'out of range' : null;
}
