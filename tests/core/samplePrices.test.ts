import { beforeAll, describe, expect, test } from 'vitest';
import { commitments } from '../../electron/core/sample/commitments.ts';
import { priceSheetLines } from '../../electron/core/sample/priceSheet.ts';
import { skuOf } from '../../electron/core/sample/prices.ts';
import { listPrice, spotAdvice } from '../../shared/catalog/listPrices.ts';
import { cellsOf, charges, units } from './sampleBill.ts';

type Row = Record<string, string>;

/** The negotiated price sheet of the sample company, against its bill and the catalogue. */
const [head = '', ...lines] = priceSheetLines();
const names = cellsOf(head);
const rows: Row[] = lines.map((line) =>
  Object.fromEntries(cellsOf(line).map((cell, at) => [names[at] ?? '', cell])),
);
const priceOf = (row: Row | undefined) => Number(row?.['price'] ?? Number.NaN);
const place = (row: Row) => `${row['sku']} ${row['region']}`;
const placesOf = [...new Set(rows.map(place))];
const of = (key: string, purchase: string) =>
  rows.filter((row) => place(row) === key && row['purchase'] === purchase);

/** "type region day" -> contracted unit prices on the bill, of what is bought on demand. */
const billed = new Map<string, Set<string>>();
beforeAll(() => {
  for (const { charge } of charges()) {
    if (charge['PricingCategory'] !== 'Standard' || charge['ChargeCategory'] !== 'Usage') continue;
    const details = JSON.parse(charge['SkuPriceDetails'] || '{}') as { InstanceType?: string };
    // EMR and EKS meter an instance type too, and a correction has no price.
    if (!details.InstanceType || !charge['ContractedUnitPrice']) continue;
    const key = `${details.InstanceType} ${charge['RegionId']} ${charge['ChargePeriodStart']?.slice(0, 10)}`;
    const seen = billed.get(key) ?? new Set();
    billed.set(key, seen.add(charge['ContractedUnitPrice'] ?? ''));
  }
}, 60_000);

describe('the price sheet of the sample company', () => {
  test('prices what the bill is charged on demand, on every day of the bill, to the last digit', () => {
    expect(placesOf.length).toBeGreaterThan(20);
    let compared = 0;
    for (const [key, prices] of billed) {
      const [type, region, date = ''] = key.split(' ');
      const row = of(`${type} ${region}`, 'on-demand').find(
        (each) =>
          (each['valid_from'] ?? '') <= date &&
          (each['valid_to'] === '' || date < (each['valid_to'] ?? '')),
      );
      // Vertex has a machine of its own meter, which nobody negotiated apart.
      if (type === 'g2-standard-12') continue;
      expect([...prices].map(units), key).toEqual([units(row?.['price'] ?? '')]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(3_000);
  });

  test('is dated within the time of the bill', () => {
    const dates = rows.flatMap((row) => [row['valid_from'] ?? '', row['valid_to'] || '2026-11-16']);
    expect(dates.every((date) => date >= '2025-11-01' && date <= '2026-11-16')).toBe(true);
  });

  test('has the rate of every commitment that is owned', () => {
    for (const { covers, hourly, category, type, region } of commitments) {
      // A capacity block is bought once and offered by nobody again.
      if (type === 'Capacity Block') continue;
      for (const key of covers.skus) {
        const sku = skuOf(key);
        const rate = category === 'Spend' ? sku.committed : hourly;
        const found = rows.filter(
          (row) =>
            row['sku'] === sku.details?.['InstanceType'] &&
            row['purchase'] === 'commitment' &&
            row['term'] === '1y' &&
            (region === undefined || row['region'] === region) &&
            row['price'] === rate,
        );
        expect(found.length, `${type} ${key} ${rate}`).toBeGreaterThan(0);
      }
    }
  });

  test('spot and commitments are below on demand, and three years below one', () => {
    for (const key of placesOf) {
      const onDemand = priceOf(of(key, 'on-demand').at(-1));
      for (const row of [...of(key, 'spot'), ...of(key, 'commitment')])
        expect(priceOf(row), key).toBeLessThan(onDemand);
      for (const row of of(key, 'commitment').filter(({ term }) => term === '3y')) {
        const one = of(key, 'commitment').find(
          (each) => each['offer'] === row['offer'] && each['term'] === '1y',
        );
        expect(priceOf(row), key).toBeLessThan(priceOf(one));
        expect(priceOf(row), key).toBeGreaterThan(0.3 * onDemand);
      }
    }
  });

  test('lies near what the catalogue knows', () => {
    let known = 0;
    for (const row of rows) {
      const [provider, sku, region] = [row['provider'], row['sku'] ?? '', row['region'] ?? ''];
      if (provider !== 'aws') continue;
      if (row['purchase'] === 'on-demand' && row['valid_to'] === '') {
        const at = '2026-07-20';
        const list = listPrice({ provider, sku, region, purchase: 'on-demand', at });
        if (!list) continue;
        // The contract takes 9 % off.
        expect(priceOf(row) / Number(list.amount), sku).toBeCloseTo(0.91, 6);
        known += 1;
      }
      if (row['purchase'] === 'spot') {
        const advice = spotAdvice(sku, region);
        if (!advice || sku.startsWith('ml.')) continue;
        const list = priceOf(of(place(row), 'on-demand').at(-1)) / 0.91;
        expect(Math.abs(1 - priceOf(row) / list - advice.savings / 100), sku).toBeLessThan(0.1);
        known += 1;
      }
    }
    expect(known).toBeGreaterThan(10);
  });
});
