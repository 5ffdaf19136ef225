import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactOf, formatExact, parseExact, toNumber } from '../../shared/domain/exact.ts';
import { campaign } from '../builders/campaign.ts';

/** Decimal text of at most 27 decimals. */
const decimal = fc
  .tuple(fc.boolean(), fc.stringMatching(/^(0|[1-9]\d{0,20})$/), fc.stringMatching(/^\d{0,27}$/))
  .map(
    ([negative, whole, fraction]) =>
      `${negative ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`,
  );

/** The shortest spelling, by text alone. */
function shortest(text: string): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const kept = fraction.replace(/0+$/, '');
  const plain = kept === '' ? whole : `${whole}.${kept}`;
  return text.startsWith('-') && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** Adds two unsigned digit strings of one length as on paper. */
function addDigits(a: string, b: string): string {
  let carry = 0;
  let sum = '';
  for (let i = a.length - 1; i >= 0; i--) {
    const digit = Number(a[i]) + Number(b[i]) + carry;
    carry = digit >= 10 ? 1 : 0;
    sum = String(digit % 10) + sum;
  }
  return carry ? `1${sum}` : sum;
}

test('what is parsed is formatted in the shortest spelling, and parses to the same value', () => {
  fc.assert(
    fc.property(decimal, (text) => {
      const value = parseExact(text);
      expect(value).not.toBeNull();
      const formatted = formatExact(value ?? 0n);
      expect(formatted).toBe(shortest(text));
      expect(exactOf(formatted)).toBe(value);
    }),
    campaign('exact: round trip', 500),
  );
});

test('sums are those of an adder that works on the digits as text', () => {
  const positive = decimal.map((text) => text.replace('-', ''));
  fc.assert(
    fc.property(fc.array(positive, { minLength: 1, maxLength: 30 }), (texts) => {
      const padded = texts.map((text) => {
        const [whole = '', fraction = ''] = text.split('.');
        return whole.padStart(24, '0') + fraction.padEnd(27, '0');
      });
      const digits = padded.reduce(addDigits);
      const expected = shortest(
        `${digits.slice(0, -27).replace(/^0+(?=\d)/, '')}.${digits.slice(-27)}`,
      );
      expect(formatExact(texts.reduce((sum, text) => sum + exactOf(text), 0n))).toBe(expected);
    }),
    campaign('exact: sums', 300),
  );
});

test('an exponent moves the point and nothing else', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.integer({ min: -27, max: 20 }),
      fc.constantFrom('e', 'E'),
      (digits, exponent, letter) => {
        const value = parseExact(`${digits}${letter}${exponent}`);
        const scaled = digits * 10n ** BigInt(27 + exponent);
        expect(value).toBe(scaled);
      },
    ),
    campaign('exact: exponents', 300),
  );
});

test.each([
  ['8e-07', '0.0000008'],
  ['1.5E+3', '1500'],
  ['-2.50e1', '-25'],
  ['.5', '0.5'],
  ['-.5', '-0.5'],
  ['5.', '5'],
  ['+7', '7'],
  ['000.10', '0.1'],
  ['-0', '0'],
  ['-0.000', '0'],
  ['0e-999', '0'],
])('%s reads as %s', (text, shown) => {
  expect(formatExact(exactOf(text))).toBe(shown);
});

test('27 decimals are kept and a 28th is refused, unless it is a zero', () => {
  const kept = `0.${'0'.repeat(26)}1`;
  expect(formatExact(exactOf(kept))).toBe(kept);
  expect(parseExact(`0.${'0'.repeat(27)}1`)).toBeNull();
  expect(parseExact('1e-28')).toBeNull();
  expect(formatExact(exactOf(`${kept}0`))).toBe(kept);
  expect(formatExact(exactOf('10e-28'))).toBe(kept);
});

test.each([
  '',
  ' ',
  '.',
  '-',
  'e5',
  '1e',
  '1,5',
  '1 000',
  '$1',
  'NaN',
  'Infinity',
  '0x10',
  '1e1.5',
  '--1',
  '1e9999',
])('"%s" is not a decimal', (text) => {
  expect(parseExact(text)).toBeNull();
  expect(() => exactOf(text)).toThrow(RangeError);
});

test('the double is the nearest one', () => {
  expect(toNumber(exactOf('4.17345945343'))).toBe(4.17345945343);
  expect(toNumber(exactOf('-123456789012.34'))).toBe(-123456789012.34);
});
