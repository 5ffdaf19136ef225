import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import type { CallInput } from '../../shared/contract/contract.ts';
import type { Dimension } from '../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const csv = sampleDataPath('focus-sample', 'focus_1.0_sample_a.csv');
const parquet = sampleDataPath('focus-sample', 'focus_1.0_sample_a.snappy.parquet');
/** What the 568 rows of the CSV add up to, by their own text. */
const billed = '4.17345945343';

const slices: CallInput<'costs.query'>[] = [
  {},
  ...(
    [
      'provider',
      'billing-account',
      'account',
      'service',
      'category',
      'region',
      'sku',
      'resource',
      'pricing',
      'charge',
      'commitment',
      'unit',
      'tag:environment',
      'tag:application',
    ] satisfies Dimension[]
  ).map((dimension) => ({ by: [dimension] })),
  { granularity: 'day' },
  { granularity: 'month', by: ['service', 'account'] },
  { by: ['service'], period: '2024-09' },
];

/** One answer a slice and metric, on what is loaded. */
async function answers() {
  const all: Record<string, unknown> = {};
  for (const slice of slices) {
    for (const metric of ['billed', 'effective', 'list', 'contracted'] as const) {
      all[JSON.stringify({ ...slice, metric })] = await place.call('costs.query', {
        ...slice,
        metric,
      });
    }
  }
  return all;
}

describe('the FOCUS 1.0 sample', () => {
  sampleDataTest('568 rows add up to the last digit, and so does every slice', async () => {
    const [load] = await place.load(csv);
    expect(load).toMatchObject({
      status: 'loaded',
      format: 'FOCUS',
      version: '1.0',
      rowsRead: 568,
      rowsKept: 568,
      periods: ['2024-09', '2024-10'],
    });
    expect(load?.totals).toMatchObject([{ currency: 'USD', billed }]);
    for (const slice of slices.filter(({ period }) => period === undefined)) {
      const { rows, totals } = await place.call('costs.query', slice);
      expect(totals).toEqual([{ currency: 'USD', cost: billed, unknownRows: 0 }]);
      const sum = rows.reduce((total, row) => total + exactOf(row.cost ?? '0'), 0n);
      expect(formatExact(sum)).toBe(billed);
    }
  });

  sampleDataTest('the second import of the same bytes changes nothing', async () => {
    await place.load(csv);
    const before = [place.dump(), await answers()];
    const again = await place.load(csv);
    expect(again).toMatchObject([{ status: 'unchanged', rowsRead: 568, rowsKept: 0 }]);
    expect(again[0]?.totals).toMatchObject([{ billed }]);
    const elsewhere = place.file('copy.csv', '');
    copyFileSync(csv, elsewhere);
    expect(await place.load(elsewhere)).toMatchObject([{ status: 'unchanged' }]);
    expect([place.dump(), await answers()]).toEqual(before);
  });

  sampleDataTest('both forms in one command count once', async () => {
    const loads = await place.load(sampleDataPath('focus-sample'));
    expect(loads.map(({ file, status }) => [file, status])).toEqual([
      ['README.md', 'skipped'],
      ['focus_1.0_sample_a.csv', 'loaded'],
      ['focus_1.0_sample_a.snappy.parquet', 'skipped'],
    ]);
    expect((await place.call('costs.query', {})).totals[0]?.cost).toBe(billed);
  });

  sampleDataTest('the Parquet form gives the same totals and rows by every dimension', async () => {
    await place.load(csv);
    const fromCsv = await answers();
    const other = workspace();
    try {
      const [load] = await other.load(parquet);
      expect(load).toMatchObject({
        status: 'loaded',
        rowsRead: 568,
        totals: [{ currency: 'USD', billed }],
      });
      const first = place;
      place = other;
      const fromParquet = await answers();
      place = first;
      expect(fromParquet).toEqual(fromCsv);
    } finally {
      await other.close();
    }
  });
});

describe('layouts that this version does not read', () => {
  const native: [string, string[]][] = [
    ['a native Azure export', ['azure-native', 'azure_version_2.csv']],
    ['a native Azure export in camel case', ['azure-native', 'camel_azure_version_2.csv']],
    ['an Azure EA export', ['azure-native', 'sample-anonymous-ea-export-dataset.csv']],
  ];
  for (const [name, parts] of native) {
    sampleDataTest(`${name} is named, with what to export instead`, async () => {
      const [load] = await place.load(join(sampleDataPath(...parts)));
      expect(load).toMatchObject({ status: 'refused', code: 'UNSUPPORTED_FORMAT', rowsKept: 0 });
      expect(load?.reason).toContain(parts.at(-1));
      expect(load?.hint).toMatch(/FOCUS/);
    });
  }

  sampleDataTest(
    'a folder of the FOCUS specification: its bills load, what is no bill is skipped',
    async () => {
      const loads = await place.load(sampleDataPath('focus-spec', 'examples-1.3-and-later'));
      const tally = Object.groupBy(loads, (load) => load.status);
      expect(tally.loaded?.map(({ file }) => file)).toContain('ai_model_identity_a.csv');
      for (const load of tally.refused ?? []) expect(load.code).not.toBe('INTERNAL');
      const readme = await place.load(sampleDataPath('focus-spec', 'README.md'));
      expect(readme).toMatchObject([{ status: 'refused', code: 'NOT_A_BILL' }]);
    },
  );
});
