import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareDecimals,
  divide,
  formatAllDigits,
  formatBytes,
  formatChange,
  formatChangePercent,
  formatCompact,
  formatDay,
  formatDecimal,
  formatDuration,
  formatHeadline,
  formatRange,
  formatRows,
  formatShare,
  MINUS,
  placesOf,
  subtract,
} from '../../shared/domain/format.ts';

/** Decimals with up to 30 digits before and 27 after the point, and the integer of 1e-27 units. */
const decimals = fc
  .record({
    negative: fc.boolean(),
    whole: fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fraction: fc.stringMatching(/^\d{0,27}$/),
  })
  .map(({ negative, whole, fraction }) => ({
    text: `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`,
    units: (negative ? -1n : 1n) * (whole * 10n ** 27n + BigInt(fraction.padEnd(27, '0') || '0')),
  }));

/** The shown text back as an integer of 10^-places. */
function shownUnits(text: string, places: number): bigint {
  const plain = text.replace(/,/g, '').replace(MINUS, '-').replace('+', '');
  const [whole = '', fraction = ''] = plain.replace('-', '').split('.');
  expect(fraction).toHaveLength(places);
  return (plain.startsWith('-') ? -1n : 1n) * BigInt(whole + fraction);
}

/** n / d, half away from zero, without decimals: the definition the formatter is held to. */
function roundedQuotient(n: bigint, d: bigint): bigint {
  const magnitude = n < 0n ? -n : n;
  const rounded = magnitude / d + (2n * (magnitude % d) >= d ? 1n : 0n);
  return n < 0n ? -rounded : rounded;
}

describe('amounts', () => {
  it('are rounded half away from zero on their digits, whatever their size', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 27 }), ({ text, units }, places) => {
        const expected = roundedQuotient(units, 10n ** BigInt(27 - places));
        expect(shownUnits(formatDecimal(text, places), places)).toBe(expected);
        expect(shownUnits(formatChange(text, places), places)).toBe(expected);
      }),
    );
  });

  it('carry the true minus sign, a plus only as a change, and no sign when they round to zero', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 6 }), ({ text }, places) => {
        const shown = formatDecimal(text, places);
        const change = formatChange(text, places);
        const zero = /^[−+]?[0,.]*$/.test(shown);
        expect(shown).not.toContain('-');
        expect(shown.startsWith(MINUS)).toBe(text.startsWith('-') && !zero);
        expect(change).toBe(zero || shown.startsWith(MINUS) ? shown : `+${shown}`);
      }),
    );
  });

  it('are grouped by threes', () => {
    fc.assert(
      fc.property(decimals, ({ text }) => {
        expect(formatDecimal(text, 2)).toMatch(/^−?\d{1,3}(,\d{3})*\.\d\d$/);
      }),
    );
  });

  it.each([
    ['1352480', 0, '1,352,480'],
    ['999.5', 0, '1,000'],
    ['-1204.6', 2, `${MINUS}1,204.60`],
    ['0.005', 2, '0.01'],
    ['-0.004', 2, '0.00'],
    ['123456789012345678901234567890.15', 1, '123,456,789,012,345,678,901,234,567,890.2'],
    ['007', 0, '7'],
  ])('%s with %i digits is %s', (text, places, shown) => {
    expect(formatDecimal(text, places)).toBe(shown);
  });

  it('refuse what is not a decimal instead of showing it', () => {
    for (const text of ['', '1e3', 'NaN', '1,000', '+1', ' 1']) {
      expect(() => formatDecimal(text)).toThrow(RangeError);
    }
  });

  it('keep every digit where they are tied out, and at least cents', () => {
    expect(formatAllDigits('812640.2712345')).toBe('812,640.2712345');
    expect(formatAllDigits('-5')).toBe(`${MINUS}5.00`);
    expect(formatAllDigits('1.10000')).toBe('1.10');
  });

  it('carry the sign of the currency only as a headline', () => {
    expect(formatHeadline('1352480.4', 'USD')).toBe('$1,352,480');
    expect(formatHeadline('-12', 'EUR')).toBe(`${MINUS}€12`);
    expect(formatHeadline('1200', 'SEK')).toBe('1,200 SEK');
    expect(formatHeadline('1200', null)).toBe('1,200');
  });

  it('show cents where a whole total is small', () => {
    expect(['1000', '999.99', '-4.17', '-20000', '0'].map(placesOf)).toEqual([0, 2, 2, 0, 2]);
    expect(placesOf(null)).toBe(0);
  });

  it('are short in sentences', () => {
    expect(formatCompact('1941200')).toBe('1.94 M');
    expect(formatCompact('398120')).toBe('398 k');
    expect(formatCompact('8123')).toBe('8,123');
    expect(formatCompact('9.5')).toBe('9.50');
  });
});

describe('arithmetic on the texts', () => {
  it('subtracts and compares exactly', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const difference = subtract(a.text, b.text);
        const sign = a.units < b.units ? -1 : a.units > b.units ? 1 : 0;
        expect(compareDecimals(a.text, b.text)).toBe(sign);
        expect(shownUnits(formatDecimal(difference, 27), 27)).toBe(a.units - b.units);
      }),
    );
  });

  it('divides to the asked digits, half away from zero; nothing by zero', () => {
    const divisors = decimals.filter((one) => one.units !== 0n);
    fc.assert(
      fc.property(decimals, divisors, fc.integer({ min: 0, max: 6 }), (a, b, places) => {
        const magnitude = b.units < 0n ? -b.units : b.units;
        const top = (b.units < 0n ? -a.units : a.units) * 10n ** BigInt(places);
        const shown = divide(a.text, b.text, places) ?? '';
        expect(shownUnits(shown, places)).toBe(roundedQuotient(top, magnitude));
      }),
    );
    expect(divide('1', '0.000', 2)).toBeNull();
  });
});

describe('percentages', () => {
  it('have one digit and say what has no percentage', () => {
    expect(formatShare('964160', '1352480')).toBe('71.3%');
    expect(formatShare('1', '0')).toBe('n/a');
    expect(formatChangePercent('964160', '927410')).toBe('+4.0%');
    expect(formatChangePercent('139220', '148560')).toBe(`${MINUS}6.3%`);
    expect(formatChangePercent('100', '100')).toBe('0.0%');
    expect(formatChangePercent('1000.1', '1000')).toBe('0.0%');
    expect(formatChangePercent('7820', '0')).toBe('new');
    expect(formatChangePercent('0', '0')).toBe('n/a');
    expect(formatChangePercent('10', '-10')).toBe('n/a');
  });
});

describe('dates, sizes and times', () => {
  it.each([
    ['2026-11-01', '2026-11-22', false, '1 to 21 Nov'],
    ['2026-11-01', '2026-11-22', true, '1 to 21 Nov 2026'],
    ['2026-11-01', '2026-12-01', true, 'November 2026'],
    ['2026-12-01', '2027-01-01', false, 'December'],
    ['2026-09-01', '2026-12-01', false, 'Sep to Nov'],
    ['2025-12-01', '2026-12-01', false, 'Dec 2025 to Nov 2026'],
    ['2026-10-28', '2026-11-04', false, '28 Oct to 3 Nov'],
    ['2025-12-30', '2026-01-03', false, '30 Dec 2025 to 2 Jan 2026'],
    ['2024-02-29', '2024-03-01', false, '29 Feb'],
  ])('%s until %s is %s', (from, to, year, shown) => {
    expect(formatRange(from, to, year)).toBe(shown);
  });

  it('are written as people read them', () => {
    expect(formatDay('2026-11-21')).toBe('21 Nov 2026');
    expect(formatBytes(999)).toBe('999 bytes');
    expect(formatBytes(41_200_000)).toBe('41 MB');
    expect(formatBytes(1_650_000_000)).toBe('1.65 GB');
    expect(formatDuration(0.3)).toBe('1 ms');
    expect(formatDuration(17_400)).toBe('17 s');
    expect(formatDuration(125_000)).toBe('2 min 5 s');
    expect(formatDuration(4_320_000)).toBe('1 h 12 min');
    expect(formatRows(4_100_000)).toBe('4.1 M');
    expect(formatRows(9_340)).toBe('9,340');
  });
});
