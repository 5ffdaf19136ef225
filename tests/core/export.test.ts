import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { takeWriteLock } from '../../electron/core/store/write-lock.ts';
import { type ExportAnswer, exportFocus, exportForms } from '../../shared/contract/export.ts';
import { type JobProgress, jobProgress } from '../../shared/contract/sources.ts';
import { metrics } from '../../shared/contract/values.ts';
import { campaign } from '../builders/campaign.ts';
import { type Duck, openDuckDb, sqlText } from '../builders/duckdb.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { randomCharge } from '../builders/randomBill.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 });

let place: Workspace;
let duck: Duck;
beforeAll(async () => {
  duck = await openDuckDb();
});
afterAll(() => duck.close());
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;

function exported(from: Workspace, name: string): Promise<ExportAnswer> {
  return from.call('export.focus', { job: `export-${++jobs}`, out: join(from.folder, name) });
}

/** Rows of a CSV export as they lie in the file; null where a cell is empty. */
function rowsOf(file: string): Promise<Record<string, unknown>[]> {
  return duck.rows(`SELECT * FROM ${csv(file)}`);
}

function csv(file: string): string {
  return `read_csv(${sqlText(file)}, all_varchar = true, header = true, delim = ',', quote = '"',
    escape = '"', new_line = '\\n', auto_detect = false, columns = {${header(file)
      .map((name) => `${sqlText(name)}: 'VARCHAR'`)
      .join(', ')}})`;
}

function header(file: string): string[] {
  return (readFileSync(file, 'utf8').split('\n')[0] ?? '').split(',');
}

/** Costs by every dimension, tag and metric, and by day and month: all that can be asked. */
async function everyTotal(from: Workspace): Promise<unknown> {
  const { dimensions } = await from.call('costs.dimensions', {});
  const answers: unknown[] = [];
  for (const metric of metrics) {
    for (const { id: by } of dimensions) {
      const answer = await from.call('costs.query', { by: [by], metric });
      answers.push([
        by,
        metric,
        answer.rows,
        answer.totals.map(({ currency, cost }) => [currency, cost]),
      ]);
    }
    for (const granularity of ['day', 'month'] as const) {
      const answer = await from.call('costs.query', { by: ['account'], metric, granularity });
      answers.push([granularity, metric, answer.rows]);
    }
  }
  return answers;
}

/** What is in the first file and not in the second, whatever the order; own columns apart. */
async function missing(one: string, other: string): Promise<number> {
  const select = (file: string) =>
    `SELECT * EXCLUDE ("x_ChargeCount", "x_UnknownAmounts") FROM ${csv(file)}`;
  const [row] = await duck.rows(
    `SELECT count(*) AS n FROM (${select(one)} EXCEPT ALL ${select(other)})`,
  );
  return Number(row?.['n']);
}

/** The export of what was loaded, loaded again, gives the same totals and the same export. */
async function comesBack(from: Workspace, forms: readonly string[]): Promise<void> {
  const totals = await everyTotal(from);
  const first = await exported(from, 'first.csv');
  for (const form of forms) {
    const { file, rows } = await exported(from, `export.${form}`);
    expect(rows).toBe(first.rows);
    const again = workspace();
    try {
      const loads = await again.load(file);
      expect(loads.map(({ status, reason }) => [status, reason])).toEqual([['loaded', undefined]]);
      expect(loads[0]?.rowsRead).toBe(rows);
      expect(await everyTotal(again)).toEqual(totals);
      const second = await exported(again, 'second.csv');
      expect(await missing(first.file, second.file)).toBe(0);
      expect(await missing(second.file, first.file)).toBe(0);
    } finally {
      await again.close();
    }
  }
}

describe('what comes back', () => {
  test('the sample company', async () => {
    await place.call('import.sample', { job: 'sample' });
    await comesBack(place, ['csv.gz', 'parquet']);
  });

  sampleDataTest('a real FOCUS 1.0 bill', async () => {
    await place.load(sampleDataPath('focus-sample', 'focus_1.0_sample_a.csv'));
    await comesBack(place, ['csv.gz', 'parquet']);
  });

  test('random bills', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(randomCharge, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(...exportForms),
        async (charges, form) => {
          const own = workspace();
          try {
            await own.load(own.file('bill.csv', focusCsv(charges)));
            await comesBack(own, [form]);
          } finally {
            await own.close();
          }
        },
      ),
      campaign('export and back', 8, 40),
    );
  });
});

describe('a row', () => {
  const load = (rows: FocusRow[]) => place.load(place.file('bill.csv', focusCsv(rows)));
  const row = async (rows: FocusRow[]) => {
    await load(rows);
    const { file } = await exported(place, 'export.csv');
    const found = await rowsOf(file);
    expect(found).toHaveLength(1);
    return found[0] ?? {};
  };

  test('is a day of one kind of charge, summed exactly', async () => {
    const charge = focusRow({ ConsumedQuantity: '0.1', ConsumedUnit: 'Hours' });
    expect(
      await row([
        { ...charge, BilledCost: '0.1', ChargePeriodStart: '2026-03-05T01:00:00Z' },
        { ...charge, BilledCost: '0.000000000000000000000000002' },
      ]),
    ).toMatchObject({
      BilledCost: '0.100000000000000000000000002',
      EffectiveCost: '2.4',
      ConsumedQuantity: '0.2',
      ConsumedUnit: 'Hours',
      PricingQuantity: null,
      PricingUnit: null,
      ChargePeriodStart: '2026-03-05T00:00:00Z',
      ChargePeriodEnd: '2026-03-06T00:00:00Z',
      BillingPeriodStart: '2026-03-01T00:00:00Z',
      BillingPeriodEnd: '2026-04-01T00:00:00Z',
      x_ChargeCount: '2',
      x_UnknownAmounts: null,
    });
  });

  test('leaves empty what is unknown and counts what is known in part', async () => {
    await load([
      focusRow({ ListCost: '', ContractedCost: '' }),
      focusRow({ ListCost: '3', ContractedCost: '' }),
    ]);
    const { file, findings } = await exported(place, 'export.csv');
    expect(await rowsOf(file)).toMatchObject([
      { ListCost: '3', ContractedCost: null, x_UnknownAmounts: '{"ListCost":1}' },
    ]);
    expect(findings.map(({ code, count }) => [code, count])).toEqual([
      ['NOT_KEPT', 3],
      ['VALUE_UNKNOWN', 1],
      ['VALUE_UNKNOWN', 1],
      ['PARTLY_UNKNOWN', 1],
    ]);
    expect(findings.map(({ message }) => message).join('\n')).toContain(
      'ContractedCost: no value in 1 row',
    );
  });

  test.each([
    ['Usage', 'Used', 'ConsumedQuantity'],
    ['Usage', '', 'ConsumedQuantity'],
    ['Usage', 'Unused', 'PricingQuantity'],
    ['Purchase', '', 'PricingQuantity'],
    ['Credit', '', 'PricingQuantity'],
  ])('%s %s has its quantity as %s', async (charge, status, column) => {
    const found = await row([
      focusRow({
        ChargeCategory: charge,
        CommitmentDiscountStatus: status,
        PricingQuantity: '4',
        PricingUnit: 'GB',
      }),
    ]);
    const other = column === 'ConsumedQuantity' ? 'PricingQuantity' : 'ConsumedQuantity';
    expect(found).toMatchObject({ [column]: '4', [other]: null });
  });

  test.each([
    [{ SubAccountId: '0042', SubAccountName: 'Research' }, '0042', 'Research'],
    [{ SubAccountId: '', SubAccountName: '' }, null, null],
    [{ SubAccountId: '0001', SubAccountName: 'Payer' }, null, null],
    [{ SubAccountId: '0001', SubAccountName: 'Other' }, '0001', 'Other'],
  ])('with %j has the sub account %s, %s', async (cells, id, name) => {
    expect(await row([focusRow(cells)])).toMatchObject({ SubAccountId: id, SubAccountName: name });
  });

  test('has texts as they are: quotes, line ends and what a spreadsheet would run', async () => {
    const cells = {
      ResourceId: '=1+1',
      ResourceName: '@"x",\n-1',
      SkuId: ' s ',
      Tags: '{"k":"=cmd()"}',
    };
    expect(await row([focusRow(cells)])).toMatchObject(cells);
  });

  test('keeps an amount in Parquet that fits no DECIMAL as exact text, and says so', async () => {
    const wide = `123456789012345.${'1'.repeat(27)}`;
    await load([focusRow({ ListCost: wide })]);
    const { file, findings } = await exported(place, 'export.parquet');
    const [found] = await duck.rows(
      `SELECT ListCost, typeof(ListCost) AS list, typeof(BilledCost) AS billed FROM ${sqlText(file)}`,
    );
    expect(found).toEqual({ ListCost: wide, list: 'VARCHAR', billed: 'DECIMAL(38,12)' });
    expect(findings.map(({ code }) => code)).toContain('AMOUNT_AS_TEXT');
  });
});

describe('the file', () => {
  const some = () => place.file('bill.csv', focusCsv([focusRow()]));
  const many = () =>
    place.file(
      'many.csv',
      focusCsv(Array.from({ length: 60_000 }, (_, i) => focusRow({ ResourceId: `r-${i}` }))),
    );
  const parts = () => readdirSync(place.folder).filter((name) => name.includes('.part'));
  const work = () => readdirSync(place.data).filter((name) => name.startsWith('work'));

  test.each(exportForms)(
    '%s is what the answer says, and the same when made again',
    async (form) => {
      await place.load(some());
      const answer = await exported(place, `export.${form}`);
      const bytes = readFileSync(answer.file);
      expect(answer).toMatchObject({
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        rows: 1,
      });
      expect(exportFocus.output.parse(answer)).toEqual(answer);
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
      expect((await exported(place, `again.${form}`)).sha256).toBe(answer.sha256);
      expect(parts()).toEqual([]);
      expect(work()).toEqual([]);
    },
  );

  test('csv.gz holds the csv', async () => {
    await place.load(some());
    const plain = await exported(place, 'export.csv');
    const packed = await exported(place, 'export.csv.gz');
    expect(gunzipSync(readFileSync(packed.file))).toEqual(readFileSync(plain.file));
  });

  test('goes into the data folder where none is named', async () => {
    await place.load(some());
    const answer = await place.call('export.focus', { job: 'own' });
    expect(answer.file).toMatch(/data\/exports\/focus-\d{4}-\d\d-\d\d\.csv\.gz$/);
    expect(existsSync(answer.file)).toBe(true);
  });

  test.each(exportForms)('%s: a cancelled export leaves what was there', async (form) => {
    await place.load(many());
    const out = place.file(`export.${form}`, 'before');
    const states: JobProgress[] = [];
    const core = place.core();
    core.on('job.progress', (state) => {
      states.push(state);
      if (state.bytesDone > 0) void core.call('jobs.cancel', { job: 'stop' });
    });
    const error = await place.refusal('export.focus', { job: 'stop', out });
    expect(error.code).toBe('CANCELLED');
    expect(states.at(-1)).toMatchObject({ step: 'failed', error: { code: 'CANCELLED' } });
    expect(readFileSync(out, 'utf8')).toBe('before');
    expect(parts()).toEqual([]);
    expect(work()).toEqual([]);
  });

  test('progress only goes forward and ends with all rows', async () => {
    await place.load(many());
    const states: JobProgress[] = [];
    place.core().on('job.progress', (state) => states.push(state));
    await exported(place, 'export.parquet');
    expect(states.at(-1)).toMatchObject({ kind: 'export', step: 'done', rows: 60_000 });
    expect(states.map(({ step }) => step)).toContain('storing');
    for (const [i, state] of states.entries()) {
      expect(jobProgress.parse(state)).toEqual(state);
      expect(state.bytesDone).toBeGreaterThanOrEqual(states[i - 1]?.bytesDone ?? 0);
      expect(state.bytesDone).toBeLessThanOrEqual(state.bytes);
    }
  });

  test('needs no lock: it is written while another process imports', async () => {
    await place.load(some());
    const lock = takeWriteLock(place.data);
    try {
      expect((await exported(place, 'export.csv')).rows).toBe(1);
    } finally {
      lock.release();
    }
  });

  test('is refused where it cannot be, in words that say what to do', async () => {
    expect(
      await place.refusal('export.focus', { job: 'a', out: join(place.folder, 'x.csv') }),
    ).toMatchObject({
      code: 'NO_DATA',
    });
    await place.load(some());
    const refusal = (name: string) =>
      place.refusal('export.focus', { job: 'b', out: join(place.folder, name) });
    expect(await refusal('export.xlsx')).toMatchObject({
      code: 'INVALID_INPUT',
      hint: 'End the name in .csv, .csv.gz or .parquet.',
    });
    expect((await refusal('nowhere/export.csv')).message).toContain('does not exist');
    mkdirSync(join(place.folder, 'folder.csv'));
    expect((await refusal('folder.csv')).message).toContain('is a folder');
    writeFileSync(join(place.folder, 'file'), '');
    expect((await refusal('file/export.parquet')).code).toBe('INVALID_INPUT');
    expect(parts()).toEqual([]);
  });

  test('the command line writes it, answers one JSON document, and refuses with 2', async () => {
    await place.load(some());
    await place.closeCore();
    const out = join(place.folder, 'export.csv.gz');
    const { code, out: text } = await place.cli('export', 'focus', '--out', out, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ file: out, rows: 1, sha256: expect.any(String) });
    const words = await place.cli('export', 'focus', '--out', out);
    expect(words.out).toContain('1 row, ');
    for (const argv of [
      ['export'],
      ['export', 'focus'],
      ['export', 'cur', '--out', out],
      ['export', 'focus', '--out', 'x.txt'],
    ]) {
      expect((await place.cli(...argv)).code, argv.join(' ')).toBe(2);
    }
  });
});
