import fc from 'fast-check';
import { metrics } from '../../shared/contract/values.ts';
import { formatExact } from '../../shared/domain/exact.ts';
import { dayText } from '../../shared/domain/calendar.ts';
import type { FocusRow } from './focus.ts';

/**
 * Charges as hostile as a bill may be. Beside the FOCUS columns stand what they mean, spelled
 * plainly, for the program that checks: `x_day`, `x_period`, and each amount as `x_billed` and so on.
 */
export const costColumns = {
  billed: 'BilledCost',
  effective: 'EffectiveCost',
  list: 'ListCost',
  contracted: 'ContractedCost',
} as const;

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'a',
      'b',
      'A',
      '007',
      '7',
      '1e3',
      'null-ish',
      '0',
      'x,y',
      'q"q',
      'é',
      'two\nlines',
      '*[x]',
    ),
  },
);

const tags = fc.oneof(
  fc.constant(''),
  fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom('team', 'env', 'a:b', 'k=v'),
        fc.constantFrom('', 'x', 'y=z', 'null', '1', 'ü "'),
      ),
      { selector: ([key]) => key, maxLength: 3 },
    )
    .map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
);

/** An amount in units of 1e-27 with at most 24 decimals, and one of its spellings. */
const amount: fc.Arbitrary<{ spelled: string; plain: string }> = fc
  .tuple(
    fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 9n }),
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.constantFrom(0n, 12_345_678_901_234n, 1n),
    ),
    fc.integer({ min: 0, max: 24 }),
    fc.boolean(),
    fc.constantFrom('plain', 'zeros', 'plus', 'point', 'exponent'),
    fc.integer({ min: -20, max: 20 }),
  )
  .map(([digits, decimals, negative, style, exponent]) => {
    // At most twelve digits before the point, so that the check fits DECIMAL(38,24).
    const magnitude = (digits * 10n ** BigInt(27 - decimals)) % 10n ** 39n;
    const plain = formatExact(negative ? -magnitude : magnitude);
    return { plain, spelled: spell(plain, style, exponent) };
  });

function spell(plain: string, style: string, exponent: number): string {
  const sign = plain.startsWith('-') ? '-' : '';
  const [whole = '0', fraction = ''] = plain.replace('-', '').split('.');
  switch (style) {
    case 'zeros':
      return `${sign}000${whole}.${fraction}00`;
    case 'plus':
      return sign === '' ? `+${plain}` : plain;
    case 'point':
      return whole === '0' && fraction !== ''
        ? `${sign}.${fraction}`
        : fraction === ''
          ? `${plain}.`
          : plain;
    case 'exponent': {
      const digits = whole + fraction;
      const point = Math.min(Math.max(whole.length - exponent, 0), digits.length);
      const moved = `${digits.slice(0, point) || '0'}.${digits.slice(point)}`;
      const shift = whole.length - point;
      return `${sign}${moved}${shift % 2 === 0 ? 'E' : 'e'}${shift > 0 ? '+' : ''}${shift}`;
    }
    default:
      return plain;
  }
}

const unknownOr = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ spelled: '', plain: '' }) },
  { weight: 6, arbitrary: amount },
);

const months = ['2026-01', '2026-02', '2026-03'];

/** A moment in UTC and a spelling of it. */
const moment = fc
  .tuple(
    fc.integer({
      min: Date.parse('2025-12-30T00:00:00Z') / 1000,
      max: Date.parse('2026-03-05T00:00:00Z') / 1000,
    }),
    fc.constantFrom('z', 'ms', 'none', 'east', 'west', 'short', 'day'),
  )
  .map(([seconds, style]) => {
    const utc = new Date(seconds * 1000).toISOString().slice(0, 19);
    const shifted = (hours: number) =>
      new Date((seconds + hours * 3600) * 1000).toISOString().slice(0, 19);
    const spelled = {
      z: `${utc}Z`,
      ms: `${utc}.999Z`,
      none: utc.replace('T', ' '),
      east: `${shifted(9)}+09:00`,
      west: `${shifted(-5)}-05:00`,
      short: `${shifted(2)}+02`,
      day: utc.slice(0, 10),
    }[style];
    return { spelled, day: dayText(Math.floor(seconds / 86_400)) };
  });

export const randomCharge: fc.Arbitrary<FocusRow> = fc
  .record({
    ServiceProviderName: fc.constantFrom('', 'AWS', 'Google Cloud'),
    ProviderName: fc.constantFrom('AWS', 'Microsoft'),
    BillingAccountId: fc.constantFrom('', '0001', '2'),
    SubAccountId: text,
    ServiceName: text,
    ServiceCategory: fc.constantFrom('', 'Compute', 'AI and Machine Learning'),
    RegionId: text,
    ResourceId: text,
    SkuId: text,
    ChargeCategory: fc.constantFrom('Usage', 'Purchase', 'Credit', 'Tax'),
    Tags: tags,
    BillingCurrency: fc.constantFrom('USD', 'USD', 'EUR', 'jpy'),
    ConsumedQuantity: fc.constantFrom('', '1', '0.5'),
    ConsumedUnit: fc.constantFrom('', 'Hours'),
    moment,
    period: fc.constantFrom(...months),
    billed: unknownOr,
    effective: unknownOr,
    list: unknownOr,
    contracted: unknownOr,
  })
  .map(({ moment: { spelled, day }, period, billed, effective, list, contracted, ...cells }) => {
    const amounts = { billed, effective, list, contracted };
    return {
      ...cells,
      BillingPeriodStart: `${period}-01T00:00:00Z`,
      ChargePeriodStart: spelled,
      x_day: day,
      x_period: period,
      ...Object.fromEntries(
        metrics.flatMap((metric) => [
          [costColumns[metric], amounts[metric].spelled],
          [`x_${metric}`, amounts[metric].plain],
        ]),
      ),
    };
  });
