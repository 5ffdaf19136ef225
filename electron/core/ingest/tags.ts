import { ownName, type StoredTagPart, tagPartsMark } from './formats/tag-sql.ts';

/**
 * Tag sets in one spelling: a JSON object of texts with sorted keys, null where there are none.
 * Reads JSON objects, lists of {key, value} as JSON or as Python writes them, objects without
 * their braces (Azure), and the parts that `tagParts` gathers from several columns.
 * Undefined where the text is none of these.
 */
export function canonicalTags(text: string | null): string | null | undefined {
  if (text === null) return null;
  const parsed = text.startsWith(tagPartsMark)
    ? parseParts(text.slice(tagPartsMark.length))
    : parseTags(text.trim());
  if (parsed === undefined) return undefined;
  const entries = Object.entries(parsed).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries));
}

/** Tags of one part override those of an earlier one with the same key. */
function parseParts(text: string): Record<string, string | null> | undefined {
  const parts = JSON.parse(text) as StoredTagPart[];
  const all: [string, string | null][] = [];
  for (const { p: prefix, k: key, m: marked, t: content } of parts) {
    if (key !== null) {
      all.push([key, content]);
      continue;
    }
    const parsed = parseTags(content.trim());
    if (parsed === undefined) return undefined;
    for (const [name, value] of Object.entries(parsed)) {
      if (value !== null) all.push([(prefix ?? '') + (marked ? ownName(name) : name), value]);
    }
  }
  return Object.fromEntries(all);
}

function parseTags(text: string): Record<string, string | null> | undefined {
  const value = parseJson(text) ?? parseJson(pythonAsJson(text)) ?? parseJson(`{${text}}`);
  if (!isShallow(value, 0)) return undefined;
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

const depthLimit = 32;

/** Writing a value as text goes as deep as it is nested; a hostile one would overflow the stack. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === depthLimit) return false;
  return Object.values(value).every((item) => isShallow(item, depth + 1));
}

function tagText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A list or dictionary as Python prints it, with its quotes and constants as JSON has them. */
function pythonAsJson(text: string): string {
  if (!/^[[{]/.test(text)) return '';
  return text.replaceAll(
    /'((?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|\b(None|True|False)\b/g,
    (whole, single: string | undefined, constant: string | undefined) => {
      if (constant) return constant === 'None' ? 'null' : constant.toLowerCase();
      if (single === undefined) return whole;
      return JSON.stringify(single.replaceAll(/\\(['"\\])/g, '$1'));
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
