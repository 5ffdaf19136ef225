import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Core } from '../../electron/core/api.ts';
import { importWorkFolder } from '../../electron/core/store/leftovers.ts';
import { takeWriteLock } from '../../electron/core/store/write-lock.ts';
import { makeBill } from '../bench/ten-million.ts';
import { campaign, endurance, saw } from '../builders/campaign.ts';
import { detailProblems } from '../builders/detailFiles.ts';
import { type Duck, openDuckDb } from '../builders/duckdb.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { finished, outlayProcess, spawnOutlay } from '../builders/process.ts';
import { openTestCore, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 14_400_000, hookTimeout: 600_000 });

/** A bill that replaces what is loaded of the same months, and what a whole run of it makes. */
interface Replacement {
  folder: string;
  files: number;
  months: readonly string[];
  /** A data folder with the months as they were. */
  older: string;
  before: Record<string, Month>;
  after: Record<string, Month>;
  /** Of a whole run here: decides where the kills fall. */
  milliseconds: number;
}

/** What is shown of a month. */
interface Month {
  cost: string;
  lines: number;
}

let place: Workspace;
let duck: Duck;
let replacements: Replacement[];

beforeAll(async () => {
  place = workspace();
  duck = await openDuckDb();
  replacements = endurance ? await largeBills() : [await smallBill()];
});
afterAll(async () => {
  duck.close();
  await place.close();
});

/** Two versions of six months in two files each: the new one costs a thousandth more a charge. */
async function smallBill(): Promise<Replacement> {
  const months = monthsOf(2026, 6);
  const partsEach = 2;
  const rowsEach = 1500;
  const write = (name: string, cost: string) =>
    months.flatMap((month) =>
      Array.from({ length: partsEach }, (_, part) =>
        place.file(
          `${name}/${month}-${part}.csv`,
          focusCsv(
            Array.from({ length: rowsEach }, (__, i) =>
              focusRow({
                BilledCost: cost,
                BillingPeriodStart: `${month}-01T00:00:00Z`,
                ChargePeriodStart: `${month}-${String((i % 28) + 1).padStart(2, '0')}T00:00:00Z`,
                ResourceId: `${name}-${part}-${i}`,
              }),
            ),
          ),
        ),
      ),
    );
  const bill = await replacement('small', write('old', '0.123'), write('new', '0.124'), months);
  const each = partsEach * rowsEach;
  expect([bill.before['2026-01'], bill.after['2026-01']]).toEqual([
    { cost: String((each * 123) / 1000), lines: each },
    { cost: String((each * 124) / 1000), lines: each },
  ]);
  return bill;
}

/** A year of a million rows over a smaller one of the same months, as CSV and as Parquet. */
async function largeBills(): Promise<Replacement[]> {
  const months = monthsOf(2025, 12);
  const make = (form: 'csv' | 'parquet', rows: number) =>
    makeBill(duck.connection, place.folder, form, rows, months.length);
  const older = await make('csv', 120_000);
  return [
    await replacement('csv', older, await make('csv', 1_000_000), months),
    await replacement('parquet', older, await make('parquet', 1_000_000), months),
  ];
}

function monthsOf(year: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);
}

async function replacement(
  name: string,
  oldFiles: readonly string[],
  newFiles: readonly string[],
  months: readonly string[],
): Promise<Replacement> {
  const older = join(place.folder, `${name}-older`);
  expect((await outlayProcess(['import', '--data', older, ...oldFiles])).code).toBe(0);
  const folder = dirname(newFiles[0] ?? '');
  const trial = join(place.folder, `${name}-trial`);
  cpSync(older, trial, { recursive: true });
  const started = performance.now();
  const whole = await outlayProcess(newImport(folder, trial));
  const milliseconds = performance.now() - started;
  expect(whole.code).toBe(0);
  const shown = async (data: string) => {
    const core = openTestCore(data);
    return await perMonth(core, months).finally(() => core.close());
  };
  const [before, after] = [await shown(older), await shown(trial)];
  rmSync(trial, { recursive: true, force: true });
  return { folder, files: newFiles.length, months, older, before, after, milliseconds };
}

function newImport(folder: string, dataFolder: string): string[] {
  return ['import', folder, '--replace', '--json', '--data', dataFolder];
}

/** Each month's total, and its lines: those that are kept and those that are told as missing. */
async function perMonth(core: Core, months: readonly string[]): Promise<Record<string, Month>> {
  const found: Record<string, Month> = {};
  for (const period of months) {
    const costs = await core.call('costs.query', { period });
    const lines = await core.call('costs.lines', { period, limit: 1 });
    if (!costs.ok || !lines.ok) throw new Error(`${period} does not answer`);
    expect(lines.value.tiesOut).toBe(true);
    const missing = lines.value.withoutDetail.totals.map((total) => total.lines);
    found[period] = {
      cost: String(costs.value.totals[0]?.cost),
      lines: missing.reduce((sum, n) => sum + n, lines.value.lines),
    };
  }
  return found;
}

/** Kills a moment after so many months of the new version are there. */
function killBehindCommit(
  child: ChildProcess,
  data: string,
  committed: number,
  delay: number,
): NodeJS.Timeout {
  const db = new Database(join(data, 'outlay.db'), { readonly: true });
  const count = db.prepare('SELECT count(*) FROM version WHERE number > 1').pluck();
  child.on('close', () => db.close());
  const timer = setInterval(() => {
    if (!db.open || (count.get() as number) < committed) return;
    clearInterval(timer);
    setTimeout(() => child.kill('SIGKILL'), delay);
  }, 1);
  return timer;
}

test('killed at any moment, each month is wholly old or wholly new, and running again finishes', async () => {
  const rows = endurance ? 'a million rows' : 'small files';
  const { seed, numRuns } = campaign(`kill -9 during an import of ${rows}`, 10, 20);
  const moments = fc.sample(fc.noBias(fc.double({ min: 0.02, max: 1.05, noNaN: true })), {
    seed,
    numRuns,
  });
  let mixed = 0;
  let interrupted = 0;
  for (const [i, moment] of moments.entries()) {
    const bill = replacements[i % replacements.length] as Replacement;
    const { folder, months, before, after, milliseconds } = bill;
    const data = join(place.folder, `run-${i}`);
    cpSync(bill.older, data, { recursive: true });
    const child = spawnOutlay(newImport(folder, data));
    const end = finished(child);
    // A third of the kills falls anywhere, the others at or just behind the commit of a month.
    const timer =
      i % 3 === 0
        ? setTimeout(() => child.kill('SIGKILL'), moment * milliseconds)
        : killBehindCommit(child, data, 1 + Math.floor(moment * 4), i % 3 === 1 ? 0 : moment * 20);
    const { signal } = await end;
    clearInterval(timer);

    const core = openTestCore(data);
    // The next start has cleared what the killed one left, before anything is asked.
    expect(existsSync(importWorkFolder(data))).toBe(false);
    expect(await detailProblems(data, duck)).toEqual([]);
    const found = await perMonth(core, months);
    const same = (a: Month | undefined, b: Month | undefined) =>
      a?.cost === b?.cost && a?.lines === b?.lines;
    const states = months.map((month) =>
      same(found[month], before[month])
        ? 'old'
        : same(found[month], after[month])
          ? 'new'
          : 'neither',
    );
    expect(states).not.toContain('neither');
    if (new Set(states).size > 1) mixed++;
    const loads = await core.call('loads.list', {});
    const doctor = await core.call('app.doctor', {});
    await core.close();
    if (!loads.ok || !doctor.ok) throw new Error('the data folder does not answer');
    expect(doctor.value.checks.filter(({ status }) => status === 'failed')).toEqual([]);
    const statuses = loads.value.slice(-bill.files).map(({ status }) => status);
    expect(statuses).not.toContain('running');
    if (signal === 'SIGKILL' && states.includes('old') && loads.value.length > bill.files) {
      interrupted++;
      expect(statuses).toContain('interrupted');
    }

    const again = await outlayProcess(newImport(folder, data));
    expect(again.code).toBe(0);
    const { loads: outcomes } = JSON.parse(again.out) as { loads: { status: string }[] };
    expect(outcomes).toHaveLength(bill.files);
    for (const { status } of outcomes) expect(['replaced', 'unchanged']).toContain(status);
    expect(existsSync(importWorkFolder(data))).toBe(false);
    const finishedCore = openTestCore(data);
    expect(await perMonth(finishedCore, months)).toEqual(after);
    const all = await finishedCore.call('costs.lines', { period: months[i % 6], limit: 1 });
    await finishedCore.close();
    expect(all).toMatchObject({ ok: true, value: { withoutDetail: { loads: [] } } });
    expect(await detailProblems(data, duck)).toEqual([]);
    rmSync(data, { recursive: true, force: true });
    if (i % 10 === 9) console.info(`kill -9: ${i + 1} of ${numRuns}, ${interrupted} interrupted`);
  }
  saw(
    `kill -9 during an import of ${rows}: ${interrupted} of ${numRuns} interrupted, ${mixed} of them between two months; no torn month, no orphan`,
  );
  // A campaign whose kills all come too early or too late proves nothing.
  expect(interrupted).toBeGreaterThan(numRuns / 4);
  expect(mixed).toBeGreaterThan(numRuns / 4);
});

test('a start beside a running import touches nothing of it; the next one clears up', async () => {
  const data = join(place.folder, 'beside');
  cpSync(replacements[0]?.older ?? '', data, { recursive: true });
  const left = [join(importWorkFolder(data), 'file-1.text'), join(data, 'detail', '99.parquet')];
  const lock = takeWriteLock(data);
  try {
    mkdirSync(importWorkFolder(data));
    for (const path of left) writeFileSync(path, 'on its way');
    await openTestCore(data).close();
    expect(left.map((path) => existsSync(path))).toEqual([true, true]);
  } finally {
    lock.release();
  }
  await openTestCore(data).close();
  expect(left.map((path) => existsSync(path))).toEqual([false, false]);
  expect(existsSync(importWorkFolder(data))).toBe(false);
});
