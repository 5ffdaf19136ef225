import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachElement } from '../../electron/core/telemetry/json-elements.ts';
import { eachLine } from '../../electron/core/telemetry/lines.ts';
import { labelsOf } from '../../electron/core/telemetry/prometheus-text.ts';
import { campaign } from '../builders/campaign.ts';

/** A text in pieces, cut anywhere. */
async function* cut(text: string, places: readonly number[]): AsyncGenerator<string> {
  let from = 0;
  for (const place of [
    ...places.map((n) => n % (text.length + 1)).sort((a, b) => a - b),
    text.length,
  ]) {
    if (place > from) yield text.slice(from, place);
    from = Math.max(from, place);
  }
}

const places = fc.array(fc.nat(10_000), { maxLength: 8 });
const odd = fc.constantFrom('"', '\\', '}', ']', '{', ',', ':', 'é', '😀', '\n', ' ', 'result');
const text = fc
  .array(fc.oneof(odd, fc.string({ maxLength: 5 })), { maxLength: 6 })
  .map((parts) => parts.join(''));
const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const member: fc.Arbitrary<unknown> = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(text, leaf, { maxKeys: 3, noNullPrototype: true }),
);
const element = fc.dictionary(text, member, { maxKeys: 4, noNullPrototype: true });

test('elements of JSON documents are the same wherever the text is cut', async () => {
  const document = fc.record({
    list: fc.constantFrom('result', 'timeSeries', 'MetricDataResults'),
    elements: fc.array(element, { maxLength: 4 }),
    before: text,
    space: fc.constantFrom(0, 2),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 1, maxLength: 3 }),
      places,
      async (documents, at) => {
        const json = documents
          .map(({ list, elements, before, space }) =>
            JSON.stringify({ a: before, data: { [list]: elements, z: before } }, null, space),
          )
          .join('\n');
        const seen: unknown[] = [];
        const ends: unknown[] = [];
        await eachElement('f', cut(json, at), {
          element: (value, list) => seen.push([list, value]),
          document: (value) => ends.push(value),
        });
        expect(seen).toEqual(
          documents.flatMap(({ list, elements }) => elements.map((one) => [list, one])),
        );
        expect(ends).toEqual(
          documents.map(({ list, elements, before }) => ({
            a: before,
            data: { [list]: elements.map(() => null), z: before },
          })),
        );
      },
    ),
    campaign('JSON elements', 300),
  );
});

test('a document that ends early is damaged, wherever it ends', async () => {
  const json = JSON.stringify({ data: { result: [{ metric: { a: '}' }, values: [[1, '2']] }] } });
  for (let length = 1; length < json.length; length++) {
    const handler = { element: () => {}, document: () => {} };
    await expect(eachElement('f', cut(json.slice(0, length), []), handler)).rejects.toMatchObject({
      code: 'FILE_DAMAGED',
    });
  }
});

test('lines are the same wherever the text is cut, with their numbers', async () => {
  const lines = fc.array(
    fc.string({ maxLength: 12 }).map((line) => line.replaceAll(/[\r\n\uFEFF]/g, '')),
    { minLength: 1, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      places,
      async (of, end, ended, at) => {
        const whole = of.join(end) + (ended ? end : '');
        const seen: [string, number, boolean][] = [];
        await eachLine('f', cut(whole, at), (...line) => seen.push(line));
        const last = of.at(-1) ?? '';
        const expected = of.map((line, i): [string, number, boolean] => [
          line,
          i + 1,
          !ended && i === of.length - 1,
        ]);
        expect(seen).toEqual(!ended && last === '' ? expected.slice(0, -1) : expected);
      },
    ),
    campaign('lines', 300),
  );
});

test('labels are read back as they were written', () => {
  const name = fc.stringMatching(/^[A-Za-z_]\w{0,8}$/);
  const escape = (value: string) =>
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  fc.assert(
    fc.property(
      fc.dictionary(name, text, { maxKeys: 5, noNullPrototype: true }),
      fc.constantFrom(',', ', ', ' , '),
      fc.boolean(),
      (labels, comma, trailing) => {
        const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escape(value)}"`);
        const written = `{${pairs.join(comma)}${trailing && pairs.length > 0 ? ',' : ''}}`;
        expect(labelsOf(written, 'f', 1)).toEqual(labels);
      },
    ),
    campaign('labels', 300),
  );
});
