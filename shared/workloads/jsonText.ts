/** A value of a text in JSON or YAML, and where it stands. */
export type JsonNode = { at: number; end: number } & (
  | { kind: 'object'; entries: { key: string; at: number; end: number; value: JsonNode }[] }
  | { kind: 'array'; items: JsonNode[] }
  /** `text`: as it is written, of a text without its quotes. */
  | { kind: 'value'; value: string | number | boolean | null; text: string }
);

/** What does not fit, at a place in the text. */
export class TextProblem extends Error {
  readonly at: number;
  readonly length: number;

  constructor(message: string, at: number, length = 0) {
    super(message);
    this.at = at;
    this.length = length;
  }
}

/** Levels of objects and lists within each other. */
export const deepest = 20;

/**
 * Reads JSON that people write: comments and a comma behind the last entry are allowed. Every value
 * keeps its place, so that what is wrong with it can be said where it stands. Throws a TextProblem.
 */
export function readJson(text: string): JsonNode {
  let at = 0;
  skip();
  const node = value(0);
  skip();
  if (at < text.length) fail('Here the text should end.');
  return node;

  function fail(message: string, from = at, length = 0): never {
    throw new TextProblem(message, from, length);
  }

  function skip(): void {
    const blank = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*)*/y;
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
  }

  function value(depth: number): JsonNode {
    if (depth > deepest) fail('This is nested too deep.');
    const from = at;
    switch (text[at]) {
      case '{':
        return object(from, depth);
      case '[':
        return array(from, depth);
      case '"': {
        const read = string();
        return { kind: 'value', value: read, text: read, at: from, end: at };
      }
      default:
        return word(from);
    }
  }

  function object(from: number, depth: number): JsonNode {
    const entries: Extract<JsonNode, { kind: 'object' }>['entries'] = [];
    at++;
    for (skip(); text[at] !== '}'; skip()) {
      const keyAt = at;
      if (text[at] !== '"') fail('A name in double quotes or } is missing here.');
      const key = string();
      const keyEnd = at;
      if (entries.some((entry) => entry.key === key)) {
        fail(`"${key}" stands here a second time.`, keyAt, keyEnd - keyAt);
      }
      skip();
      if (text[at] !== ':') fail(`A colon is missing behind "${key}".`);
      at++;
      skip();
      entries.push({ key, at: keyAt, end: keyEnd, value: value(depth + 1) });
      skip();
      if (text[at] === ',') at++;
      else if (text[at] !== '}') fail('A comma or } is missing here.');
    }
    at++;
    return { kind: 'object', entries, at: from, end: at };
  }

  function array(from: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    at++;
    for (skip(); text[at] !== ']'; skip()) {
      items.push(value(depth + 1));
      skip();
      if (text[at] === ',') at++;
      else if (text[at] !== ']') fail('A comma or ] is missing here.');
    }
    at++;
    return { kind: 'array', items, at: from, end: at };
  }

  function string(): string {
    const from = at;
    // oxlint-disable-next-line no-control-regex -- JSON has none of them in its strings
    const quoted = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
    quoted.lastIndex = at;
    const found = quoted.exec(text)?.[0];
    if (found === undefined) fail('The quotes that begin here are not closed in this line.');
    at += found.length;
    try {
      return JSON.parse(found) as string;
    } catch {
      return fail(
        'A backslash here stands before a letter that means nothing; write it twice.',
        from,
        found.length,
      );
    }
  }

  function word(from: number): JsonNode {
    const bare = /[^\s,:[\]{}"]+/y;
    bare.lastIndex = at;
    const found = bare.exec(text)?.[0] ?? '';
    if (found === '')
      fail(at >= text.length ? 'The text ends too early.' : 'A value is missing here.');
    at += found.length;
    const known = { true: true, false: false, null: null }[found];
    if (known !== undefined) return { kind: 'value', value: known, text: found, at: from, end: at };
    if (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(found)) {
      return { kind: 'value', value: Number(found), text: found, at: from, end: at };
    }
    return fail(`Text needs double quotes: "${found}".`, from, found.length);
  }
}

/** Line and column of a place in a text, from 1. */
export function placeIn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n') };
}
