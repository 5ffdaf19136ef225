import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactOf } from '../../shared/domain/exact.ts';
import {
  fillCounts,
  type TokenCharge,
  type TokenCount,
  vendorOf,
} from '../../shared/tokens/fill.ts';
import { looseModelKey, repeatedTokens } from '../../shared/tokens/tokens.ts';
import { campaign } from '../builders/campaign.ts';

const n = (tokens: number) => exactOf(String(tokens));

const charge = (of: Partial<TokenCharge> = {}): TokenCharge => ({
  vendor: 'openai',
  account: '',
  model: 'gpt-5',
  direction: 'output',
  cache: 'none',
  batch: false,
  owner: 0,
  tokens: null,
  covered: true,
  ...of,
});
const count = (tokens: number, of: Partial<TokenCount> = {}): TokenCount => ({
  vendor: 'openai',
  account: '',
  model: 'gpt-5',
  direction: 'output',
  cache: 'none',
  batch: false,
  tokens: n(tokens),
  ...of,
});

describe('names of one model', () => {
  test.each([
    ['Claude4.5Sonnet', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['Claude Sonnet 4.5', 'claude-sonnet-4-5@20250929'],
    ['gpt-5-mini', 'gpt-5-mini-2026-01-01'],
    ['Gemini 2.5 Flash', 'gemini-2.5-flash'],
    ['Llama 3.1 70B', 'meta.llama3-1-70b-v1:0'],
  ])('%s is %s', (a, b) => {
    expect(looseModelKey(a)).toBe(looseModelKey(b));
  });
  test.each([
    ['gpt-5', 'gpt-5-mini'],
    ['claude-sonnet-4-5', 'claude-sonnet-4'],
    ['claude-opus-4-5', 'claude-sonnet-4-5'],
    ['gpt-4.1', 'gpt-41'],
  ])('%s is not %s', (a, b) => expect(looseModelKey(a)).not.toBe(looseModelKey(b)));
});

describe('a vendor counts', () => {
  test('for a charge without tokens, also under another name of its model', () => {
    const { tokens, rest } = fillCounts(
      [charge()],
      [count(5, { model: 'gpt-5-2026-01-01' }), count(2, { model: 'gpt-5-2026-06-01' })],
    );
    expect(tokens).toEqual([n(7)]);
    expect(rest).toEqual([]);
  });

  test('batch with the others where the bill does not tell it apart', () => {
    const counts = [count(5), count(2, { batch: true })];
    expect(fillCounts([charge()], counts).tokens).toEqual([n(7)]);
    const both = [charge(), charge({ batch: true })];
    expect(fillCounts(both, counts).tokens).toEqual([n(5), n(2)]);
  });

  test('two releases that the bill tells apart are matched by their whole names', () => {
    const { tokens, rest } = fillCounts(
      [charge({ model: 'gpt-5-2026-01-01' }), charge({ model: 'gpt-5-2026-06-01' })],
      [
        count(5, { model: 'gpt-5-2026-01-01' }),
        count(2, { model: 'gpt-5-2026-06-01' }),
        count(9, { model: 'gpt-5' }),
      ],
    );
    expect(tokens).toEqual([n(5), n(2)]);
    expect(rest).toEqual([]);
  });

  test('for nobody where two owners could be meant, unless projects tell them apart', () => {
    const charges = [charge({ owner: 1, account: 'a' }), charge({ owner: 2, account: 'b' })];
    const apart = fillCounts(charges, [count(5, { account: 'a' }), count(2, { account: 'b' })]);
    expect(apart.tokens).toEqual([n(5), n(2)]);
    const together = fillCounts(charges, [count(7)]);
    expect(together.tokens).toEqual([null, null]);
    expect(together.why[0]).toMatch(/do not tell apart/);
  });

  test('nothing for days that it does not speak of, and nothing beside stated tokens', () => {
    expect(fillCounts([charge({ covered: false })], [count(5)])).toEqual({
      tokens: [null],
      why: ['Usage exports do not cover all days of these charges.'],
      rest: [],
    });
    expect(fillCounts([charge({ tokens: n(4) })], [count(5)])).toEqual({
      tokens: [null],
      why: [null],
      rest: [],
    });
  });

  test('what no charge of its own speaks of is the rest', () => {
    const other = count(5, { model: 'o9' });
    expect(fillCounts([charge()], [other]).rest).toEqual([other]);
    // Charges without the model's name may be for anything.
    expect(fillCounts([charge({ model: null, tokens: n(9) })], [other]).rest).toEqual([]);
  });
});

test('no token is given twice, and a stated one is never changed', () => {
  const one = fc.constantFrom('a', 'b');
  const vendors = fc.constantFrom<TokenCharge['vendor']>('openai', 'anthropic', null);
  const kinds = {
    account: one,
    direction: fc.constantFrom('input' as const, 'output' as const),
    batch: fc.boolean(),
  };
  const models = ['gpt-5', 'gpt-5-2026-01-01', 'gpt-5-mini'];
  const charges = fc.array(
    fc.record({
      vendor: vendors,
      ...kinds,
      model: fc.constantFrom(...models, null),
      cache: fc.constantFrom('none' as const, 'read' as const),
      owner: fc.nat(2),
      tokens: fc.constantFrom(null, n(3)),
      covered: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  const counts = fc.array(
    fc.record({
      vendor: fc.constantFrom('openai' as const, 'anthropic' as const),
      ...kinds,
      model: fc.constantFrom(...models, ''),
      cache: fc.constantFrom('none' as const, 'read' as const, 'unknown' as const),
      tokens: fc.nat(1000).map(n),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(charges, counts, (some, counted) => {
      const { tokens, rest, why } = fillCounts(some, counted);
      const sum = (list: readonly (bigint | null)[]) =>
        list.reduce<bigint>((all, tokens_) => all + (tokens_ ?? 0n), 0n);
      const all = sum(counted.map((of) => of.tokens));
      expect(sum(tokens) + sum(rest.map((of) => of.tokens)) <= all).toBe(true);
      for (const [place, of] of some.entries()) {
        if (of.tokens !== null || !of.covered || of.vendor === null) {
          expect(tokens[place]).toBeNull();
        }
        if (tokens[place] !== null) expect(why[place]).toBeNull();
      }
    }),
    campaign('token counts given out', 300),
  );
});

test('who bills a token charge', () => {
  expect(vendorOf('AWS', 'Claude Sonnet 4.5 (Amazon Bedrock Edition)')).toBe('aws');
  expect(vendorOf('Microsoft', 'Azure OpenAI')).toBe('azure');
  expect(vendorOf('Google Cloud', 'Vertex AI')).toBe('google');
  expect(vendorOf('OpenAI', 'OpenAI API')).toBe('openai');
  expect(vendorOf('Anthropic', 'Claude API')).toBe('anthropic');
  expect(vendorOf('Solora AI', 'Solora Generative AI API')).toBeNull();
});

test('a direct count is a resold one only where the cloud bills as many', () => {
  const use = {
    model: 'claude-sonnet-4-5',
    service: null,
    provider: 'Anthropic',
    direction: 'output' as const,
    cache: 'none' as const,
    batch: false,
    tokens: n(10),
    billed: null,
    unbilled: true,
  };
  const billed = (tokens: number) => ({
    ...use,
    model: 'Claude4.5Sonnet',
    provider: 'AWS',
    service: 'Amazon Bedrock',
    tokens: n(tokens),
    billed: n(1),
    unbilled: false,
  });
  expect(repeatedTokens([use, billed(10)])[0]).toMatch(/^Billed by Amazon Bedrock/);
  expect(repeatedTokens([use, billed(9)])).toEqual([null, null]);
});
