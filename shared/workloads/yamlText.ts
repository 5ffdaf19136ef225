import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { deepest, type JsonNode, TextProblem } from './jsonText.ts';

/**
 * Reads YAML 1.2 as the same tree as JSON, with the place of every value. Anchors, aliases, tags,
 * merge keys and a second document are refused: a rule says all that it is. Throws a TextProblem.
 */
export function readYaml(text: string): JsonNode {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    prettyErrors: false,
    // Not 'silent', which is silent about a second document too.
    logLevel: 'error',
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const [at, end] = problem.pos;
    throw new TextProblem(words(problem.code, problem.message), at, Math.max(0, end - at));
  }
  const root = document.contents;
  return root ? read(root, 0) : { kind: 'value', value: null, text: '', at: 0, end: 0 };

  function read(node: ParsedNode, depth: number): JsonNode {
    const [at, end] = node.range;
    const place = { at, end };
    if (depth > deepest) throw new TextProblem('This is nested too deep.', at);
    if (isAlias(node)) {
      throw new TextProblem('A text that begins with * stands in quotes.', at, end - at);
    }
    if (node.anchor !== undefined || node.tag !== undefined) {
      throw new TextProblem('Anchors and tags are not read; write the value.', at, end - at);
    }
    if (isMap(node)) return { ...place, kind: 'object', entries: entriesOf(node, depth) };
    if (isSeq(node)) {
      const items = node.items.map((item) => read(item, depth + 1));
      return { ...place, kind: 'array', items };
    }
    const value = scalar(node, place);
    return { ...place, kind: 'value', value, text: isScalar(node) ? (node.source ?? '') : '' };
  }

  function entriesOf(
    map: YAMLMap,
    depth: number,
  ): Extract<JsonNode, { kind: 'object' }>['entries'] {
    return map.items.map((pair) => {
      const key = pair.key as ParsedNode;
      const [at, end] = key.range;
      const name = isPair(pair) && isScalar(key) && !isAlias(key) ? key.source : undefined;
      if (name === undefined || key.anchor !== undefined) {
        throw new TextProblem('A name is a text.', at, end - at);
      }
      const value = pair.value as ParsedNode | null;
      return {
        key: name,
        at,
        end,
        // "name:" with nothing behind it.
        value: value
          ? read(value, depth + 1)
          : { kind: 'value', value: null, text: '', at: end, end },
      };
    });
  }

  function scalar(node: ParsedNode, { at, end }: { at: number; end: number }) {
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new TextProblem('This is no text, number, true, false or null.', at, end - at);
  }
}

/** The reader's codes in our words, where a person meets them. */
function words(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'This name stands here a second time.';
    case 'TAB_AS_INDENT':
      return 'A line begins with a tab; YAML is indented by blanks.';
    case 'BAD_INDENT':
      return 'This line is not indented as the ones around it.';
    case 'MULTIPLE_DOCS':
      return 'The text has a second document; rules stand in one.';
    default:
      return `${message.split('\n')[0]?.replace(/\.$/, '') ?? code}.`;
  }
}
