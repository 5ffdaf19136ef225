/** Reading what JSON.parse gives without trusting its shape. */
export type JsonObject = Record<string, unknown>;

export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

export function listOf(value: unknown): unknown[] | null {
  return Array.isArray(value) ? value : null;
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The members of an object that are text; numbers are written out. */
export function textsOf(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, member] of Object.entries(objectOf(value) ?? {})) {
    if (typeof member === 'string') texts[name] = member;
    else if (typeof member === 'number' || typeof member === 'boolean')
      texts[name] = String(member);
  }
  return texts;
}
