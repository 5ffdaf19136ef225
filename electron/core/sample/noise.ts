/**
 * Chance without state: a number depends only on what it is asked for, so a resource keeps its
 * history when lines are added before it. Integer arithmetic only, the same on every machine.
 */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A seed from a text (FNV-1a, mixed). */
export function seedOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** A whole number from 0 to limit - 1 for a seed and a place in its sequence. */
export function chance(seed: number, place: number, limit: number): number {
  return mix(seed ^ Math.imul(place + 1, 0x9e3779b1)) % limit;
}

/** A whole number from low to high, both included. */
export function between(seed: number, place: number, low: number, high: number): number {
  return low + chance(seed, place, high - low + 1);
}

/** An identifier of so many signs of an alphabet, fixed by its seed text. */
export function token(seed: string, length: number, alphabet: string): string {
  const start = seedOf(seed);
  let text = '';
  for (let i = 0; i < length; i += 1) text += alphabet[chance(start, i, alphabet.length)];
  return text;
}

export const hex = '0123456789abcdef';
export const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
export const digits = '0123456789';
