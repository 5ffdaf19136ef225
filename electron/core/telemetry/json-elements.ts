import { OutlayError } from '../../../shared/contract/errors.ts';
import { damaged } from '../ingest/source-file.ts';

/** Lists whose objects are handed over one by one; the rest of a document stays small. */
const streamed = new Set(['result', 'timeSeries', 'MetricDataResults']);
const largest = 256 * 2 ** 20;

export interface JsonHandler {
  /** An object of a streamed list (or of a list at the top), and the list's name ("" at the top). */
  element: (value: Record<string, unknown>, list: string) => void;
  /** A document has ended; its streamed lists are empty in it. */
  document: (value: unknown) => void;
}

/**
 * Reads JSON of any size: one document, several behind each other (pages, JSON lines), or a list.
 * Only one element is held at a time. Throws FILE_DAMAGED for what is no JSON or ends early.
 */
export async function eachElement(
  name: string,
  chunks: AsyncIterable<string>,
  handler: JsonHandler,
): Promise<void> {
  const scanner = createScanner(name, handler);
  for await (const chunk of chunks) scanner.push(chunk);
  scanner.end();
}

interface Level {
  /** Name under which it lies. */
  key: string;
  list: boolean;
  streamed: boolean;
}

const quote = 34;
const backslash = 92;

function createScanner(name: string, { element, document }: JsonHandler) {
  const levels: Level[] = [];
  /** The document without the elements that were handed over. */
  let skeleton = '';
  /** The element in work, and how deep it is; -1 outside of one. */
  let captured = '';
  let captureDepth = -1;
  let inText = false;
  let escaped = false;
  /** The text read last outside of an element: a key, if a colon follows. */
  let text = '';
  let key = '';

  function parsed(json: string): unknown {
    try {
      return JSON.parse(json);
    } catch (error) {
      throw damaged(name, `it is no valid JSON (${(error as Error).message.slice(0, 80)})`);
    }
  }

  function keep(piece: string): void {
    if (captureDepth >= 0) captured += piece;
    else skeleton += piece;
    if (captured.length + skeleton.length > largest) {
      throw new OutlayError(
        'FILE_TOO_LARGE',
        `${name} holds one series of more than 256 MB. Nothing was changed.`,
        'Export a shorter time in each file.',
      );
    }
  }

  function opened(list: boolean, at: number): number {
    const parent = levels.at(-1);
    const stream = list && captureDepth < 0 && (streamed.has(key) || levels.length === 0);
    levels.push({ key, list, streamed: stream });
    key = '';
    if (list || captureDepth >= 0 || !parent?.streamed) return -1;
    captureDepth = levels.length;
    return at;
  }

  function push(chunk: string): void {
    let from = 0;
    let i = 0;
    while (i < chunk.length) {
      if (inText) {
        i = textEnd(chunk, i);
        continue;
      }
      const char = chunk.charCodeAt(i);
      switch (char) {
        case quote:
          inText = true;
          text = '';
          i++;
          continue;
        case 58: // :
          key = text;
          break;
        case 44: // ,
          key = '';
          break;
        case 123: // {
        case 91: {
          const start = opened(char === 91, i);
          if (start >= 0) {
            skeleton += chunk.slice(from, start);
            from = start;
          }
          break;
        }
        case 125: // }
        case 93: {
          if (levels.length === 0) throw damaged(name, 'it is no valid JSON (a bracket too many)');
          const ends = captureDepth === levels.length;
          levels.pop();
          if (ends) {
            captured += chunk.slice(from, i + 1);
            from = i + 1;
            captureDepth = -1;
            const json = captured;
            captured = '';
            // A null holds its place between the commas.
            skeleton += 'null';
            element(parsed(json) as Record<string, unknown>, levels.at(-1)?.key ?? '');
          } else if (levels.length === 0) {
            skeleton += chunk.slice(from, i + 1);
            from = i + 1;
            const json = skeleton;
            skeleton = '';
            document(parsed(json));
          }
          break;
        }
        default:
      }
      i++;
    }
    keep(chunk.slice(from));
  }

  /** The place behind the text's end, or the chunk's; keeps what may be a key. */
  function textEnd(chunk: string, from: number): number {
    for (let i = from; ; i++) {
      if (i >= chunk.length) {
        if (captureDepth < 0) text += chunk.slice(from);
        return chunk.length;
      }
      const char = chunk.charCodeAt(i);
      if (escaped) escaped = false;
      else if (char === backslash) escaped = true;
      else if (char === quote) {
        inText = false;
        if (captureDepth < 0) text += chunk.slice(from, i);
        return i + 1;
      }
    }
  }

  return {
    push,
    end: () => {
      if (levels.length > 0 || inText) throw damaged(name, 'the JSON ends early');
      if (skeleton.replace(/^\uFEFF/, '').trim() !== '') throw damaged(name, 'it is no valid JSON');
    },
  };
}
