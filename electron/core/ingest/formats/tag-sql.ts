import { literal } from '../duck.ts';

/**
 * Tags that come from several places of a row, in one text for `canonicalTags`: a mark, then a
 * JSON list of parts. Bills cannot hold the mark, a control character, in JSON of their own.
 */
export const tagPartsMark = '\u0001';

/** `prefix` goes before each key of the tag set in `text`; or `key` names the one tag in `text`. */
export interface TagPart {
  text: string;
  prefix?: string;
  key?: string;
  /** The keys carry the mark of AWS for the user's own tags; see `ownName`. */
  marked?: boolean;
}

/** A part as its text form has it. */
export interface StoredTagPart {
  p: string | null;
  k: string | null;
  m: boolean;
  t: string;
}

/** SQL of the text form of all parts; null where no part has anything. */
export function tagParts(parts: readonly TagPart[]): string {
  if (parts.length === 0) return 'NULL';
  const nothing = parts.map(({ text, key }) =>
    key === undefined ? `coalesce(${text}, '{}') IN ('{}', '[]')` : `${text} IS NULL`,
  );
  const list = parts.map(
    ({ text, prefix, key, marked = false }) =>
      `{'p': ${nullable(prefix)}, 'k': ${nullable(key)}, 'm': ${marked}, 't': CAST(${text} AS VARCHAR)}`,
  );
  return `CASE WHEN ${nothing.join(' AND ')} THEN NULL
    ELSE chr(1) || to_json(list_filter([${list.join(', ')}], lambda tagged: tagged.t IS NOT NULL)) END`;
}

function nullable(text: string | undefined): string {
  return text === undefined ? 'NULL' : literal(text);
}

/** Tags of the user's own go by their own name, as in FOCUS; those of a provider keep their mark. */
export function ownName(name: string): string {
  return name.replace(/^user[:_](?=.)/, '');
}
