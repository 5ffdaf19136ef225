/**
 * Tag sets in one spelling: a JSON object of texts with sorted keys, null where there are none.
 * Reads JSON objects, lists of {key, value}, and objects without their braces (Azure).
 * Undefined where the text is none of these.
 */
export function canonicalTags(text: string | null): string | null | undefined {
  if (text === null) return null;
  const parsed = parseTags(text.trim());
  if (parsed === undefined) return undefined;
  const entries = Object.entries(parsed).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries));
}

function parseTags(text: string): Record<string, string | null> | undefined {
  const value = parseJson(text) ?? parseJson(`{${text}}`);
  if (Array.isArray(value)) {
    const pairs = value.map((item) => {
      const { key, value: tag } = (item ?? {}) as { key?: unknown; value?: unknown };
      return typeof key === 'string' ? ([key, tagText(tag)] as const) : null;
    });
    return pairs.includes(null) ? undefined : Object.fromEntries(pairs.filter((p) => p !== null));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, tag]) => [key, tagText(tag)]));
}

function tagText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
