import { truncateSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { likeTheOneBefore } from '../../electron/core/detail/charges.ts';
import { openDuck } from '../../electron/core/ingest/duck.ts';
import { findText, packTexts } from '../../electron/core/store/columns.ts';
import { detailFolderOf, detailPath } from '../../electron/core/store/detail.ts';
import type { CallInput, CallOutput } from '../../shared/contract/contract.ts';
import { campaign } from '../builders/campaign.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

type Answer = CallOutput<'costs.lines'>;

const resource = (...values: string[]): CallInput<'costs.lines'>['filters'] => [
  { dimension: 'resource', values },
];

/** Three months in files of one shape, and a fourth whose columns are others. */
async function loadMonths(): Promise<number[]> {
  const ids: number[] = [];
  for (const month of ['01', '02', '03', '04']) {
    const rows = Array.from({ length: 40 }, (_, i): FocusRow => {
      const start = `2026-${month}-${String((i % 28) + 1).padStart(2, '0')}T0${i % 10}:00:00Z`;
      return focusRow({
        BilledCost: i % 7 === 0 ? '' : `${(i * 13) % 11}.000000000${month}`,
        BillingPeriodStart: `2026-${month}-01`,
        ChargePeriodStart: i % 9 === 0 ? `2026-${month}-01` : start,
        ResourceId: `i-${i % 4}`,
        Tags: i % 3 === 0 ? '{"team":"a"}' : '',
        ...(month === '04' ? { x_Own: `cell ${i}` } : {}),
      });
    });
    const [load] = await place.load(place.file(`2026-${month}.csv`, focusCsv(rows)));
    expect(load?.status).toBe('loaded');
    ids.push(load?.id ?? 0);
  }
  return ids;
}

test('few lines of many files are those that a look through all of them finds, in its order', async () => {
  await loadMonths();
  for (const sort of ['cost', 'time'] as const) {
    for (const metric of ['billed', 'list'] as const) {
      const all = await place.call('costs.lines', { sort, metric, limit: 500 });
      expect(all.rows).toHaveLength(160);
      for (const filters of [
        resource('i-1'),
        resource('i-0', 'i-3'),
        [...(resource('i-0') ?? []), { dimension: 'tag:team', values: ['a'] }],
        [...(resource('i-2') ?? []), { dimension: 'service', values: ['nothing'] }],
      ] as Exclude<CallInput<'costs.lines'>['filters'], undefined>[]) {
        const wanted = all.rows.filter((line) =>
          filters.every(({ dimension, values }) =>
            values.includes(
              dimension === 'tag:team'
                ? (line.tags['team'] ?? null)
                : (line.dimensions[dimension] ?? null),
            ),
          ),
        );
        const input = { sort, metric, filters };
        const few: Answer = await place.call('costs.lines', { ...input, limit: 500 });
        expect(few.tiesOut).toBe(true);
        expect(few.lines).toBe(wanted.length);
        expect(few.rows).toEqual(wanted);
        const page = await place.call('costs.lines', { ...input, offset: 7, limit: 9 });
        expect(page.rows).toEqual(wanted.slice(7, 16));
      }
    }
  }
});

test('a slice of a period or of days leaves the lines of others out', async () => {
  await loadMonths();
  const february = await place.call('costs.lines', { filters: resource('i-1'), period: '2026-02' });
  expect(february).toMatchObject({ lines: 10, tiesOut: true });
  expect(new Set(february.rows.map(({ file }) => file))).toEqual(new Set(['2026-02.csv']));
  const days = await place.call('costs.lines', {
    filters: resource('i-1'),
    from: '2026-02-10',
    to: '2026-03-05',
  });
  expect(days.tiesOut).toBe(true);
  expect(days.rows.every(({ day }) => day >= '2026-02-10' && day < '2026-03-05')).toBe(true);
  expect(new Set(days.rows.map(({ file }) => file)).size).toBe(2);
});

test('files of one shape are read together, and one of another shape is not', async () => {
  const ids = await loadMonths();
  const { connection, close } = await openDuck(place.folder);
  try {
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
    const run = async (sql: string) => void (await connection.run(sql));
    const paths = ids.map((id) => detailPath(detailFolderOf(place.data), id));
    expect(await likeTheOneBefore({ connection, rows, run }, paths)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  } finally {
    close();
  }
});

test('of several files the damaged one is named', async () => {
  const ids = await loadMonths();
  truncateSync(detailPath(detailFolderOf(place.data), ids[1] ?? 0), 400);
  await expect(place.call('costs.lines', { filters: resource('i-1') })).rejects.toThrow(
    'FILE_DAMAGED: The lines of 2026-02.csv cannot be read',
  );
});

test('a text is found among packed ones where it stands, whatever it is made of', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\\', '[', ']', 'é', '\u0001', '","'),
  });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), text, (texts, other) => {
      const packed = packTexts(texts);
      for (const wanted of [...texts, other]) {
        expect(findText(packed, wanted)).toBe(texts.indexOf(wanted));
      }
    }),
    campaign('a text among packed ones', 500),
  );
});
