import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { metrics } from '../../shared/contract/values.ts';
import { billWriters } from '../builders/billWriters.ts';
import { campaign } from '../builders/campaign.ts';
import { type Duck, openDuckDb } from '../builders/duckdb.ts';
import { decimal, type ExpectedCharge, randomLine } from '../builders/randomFormats.ts';
import { workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 600_000 });

let duck: Duck;
beforeAll(async () => (duck = await openDuckDb()));
afterAll(() => duck.close());

const dimensions = {
  account: 'account',
  service: 'service',
  region: 'region',
  resource: 'resource',
  charge: 'charge',
  'tag:team': 'team',
} as const;

/** Sums by a key, as the product answers them: null where no charge has the amount. */
function sums(
  charges: readonly ExpectedCharge[],
  metric: (typeof metrics)[number],
  key: (charge: ExpectedCharge) => string | null,
): Record<string, string | null> {
  const found = new Map<string, bigint | null>();
  for (const charge of charges) {
    const id = `${charge.currency} ${key(charge)}`;
    const value = charge[metric];
    const before = found.get(id) ?? null;
    found.set(id, value === null ? before : (before ?? 0n) + value);
  }
  return Object.fromEntries(
    [...found].map(([id, sum]) => [id, sum === null ? null : decimal(sum)]),
  );
}

for (const [name, { write, expected }] of Object.entries(billWriters)) {
  test(`${name}: random charges come back to the last digit by every dimension`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomLine, { minLength: 1, maxLength: 12 }), async (lines) => {
        // An answer without any billed amount is refused; that is another test.
        fc.pre(expected(lines).some(({ billed }) => billed !== null));
        const place = workspace();
        try {
          const charges = expected(lines);
          const loads = await place.load(await write({ file: place.file, duck }, lines));
          expect(loads).toMatchObject([{ status: 'loaded', rowsKept: charges.length }]);
          for (const metric of metrics) {
            for (const [dimension, field] of Object.entries(dimensions)) {
              const by = dimension as keyof typeof dimensions;
              const { rows } = await place.call('costs.query', { by: [by], metric });
              expect(
                Object.fromEntries(
                  rows.map((row) => [`${row.currency} ${row.keys[by]}`, row.cost]),
                ),
              ).toEqual(sums(charges, metric, (charge) => charge[field]));
            }
            const { rows } = await place.call('costs.query', { granularity: 'day', metric });
            expect(
              Object.fromEntries(rows.map((row) => [`${row.currency} ${row.period}`, row.cost])),
            ).toEqual(sums(charges, metric, ({ day }) => day));
          }
          for (const period of ['2025-12', '2026-01', '2026-02']) {
            const { rows } = await place.call('costs.query', { period });
            expect(
              Object.fromEntries(rows.map((row) => [`${row.currency} null`, row.cost])),
            ).toEqual(
              sums(
                charges.filter((charge) => charge.period === period),
                'billed',
                () => null,
              ),
            );
          }
        } finally {
          await place.close();
        }
      }),
      campaign(`formats: ${name}`, 4),
    );
  });
}
