import fc from 'fast-check';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDuck } from '../../electron/core/ingest/duck.ts';
import { readerError } from '../../electron/core/ingest/reader-error.ts';
import { importWorkFolder } from '../../electron/core/store/leftovers.ts';
import { storeError } from '../../electron/core/store/open.ts';
import { makeBill } from '../bench/ten-million.ts';
import { campaign, saw } from '../builders/campaign.ts';
import { detailProblems } from '../builders/detailFiles.ts';
import { type Duck, openDuckDb, sqlText } from '../builders/duckdb.ts';
import { canMount, type SmallDisk, smallDisk } from '../builders/mounts.ts';
import { finished, outlayProcess, spawnOutlay } from '../builders/process.ts';
import { openTestCore, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 7_200_000, hookTimeout: 120_000 });

const mountable = canMount();
const months = ['2025-01', '2025-02', '2025-03', '2025-04'];
const forms = ['csv', 'csv.gz', 'parquet'] as const;
const diskBytes = 64 * 2 ** 20;

let place: Workspace;
let duck: Duck;
let older: string;
const bills = new Map<string, string>();

beforeAll(async () => {
  place = workspace();
  duck = await openDuckDb();
  const make = (form: (typeof forms)[number], rows: number) =>
    makeBill(duck.connection, place.folder, form, rows, months.length);
  older = join(place.folder, 'older');
  const first = await outlayProcess(['import', '--data', older, ...(await make('csv', 2_400))]);
  expect(first.code).toBe(0);
  for (const form of forms) bills.set(form, dirname((await make(form, 24_000))[0] ?? ''));
});
afterAll(async () => {
  duck.close();
  await place.close();
});

/** A disk with the older ledger on it, closed and removed whatever happens. */
async function onDisk(work: (disk: SmallDisk, data: string) => Promise<void>): Promise<void> {
  const disk = smallDisk(join(place.folder, 'disk'), diskBytes);
  try {
    const data = join(disk.folder, 'data');
    cpSync(older, data, { recursive: true });
    await work(disk, data);
  } finally {
    disk.close();
  }
}

function newImport(form: string, data: string): string[] {
  return ['import', bills.get(form) ?? '', '--replace', '--json', '--data', data];
}

/** Total of each month, asked of a new start; the ledger behind them is healthy. */
async function perMonth(data: string): Promise<string[]> {
  const core = openTestCore(data);
  try {
    const doctor = await core.call('app.doctor', {});
    if (!doctor.ok) throw new Error(doctor.error.message);
    expect(doctor.value.checks.filter(({ status }) => status === 'failed')).toEqual([]);
    const answers = await Promise.all(months.map((period) => core.call('costs.query', { period })));
    return answers.map((answer) => {
      if (!answer.ok) throw new Error(answer.error.message);
      return String(answer.value.totals[0]?.cost);
    });
  } finally {
    await core.close();
  }
}

/** Bytes that an import takes at most, and what it makes. */
async function wholeRun(form: string): Promise<{ bytes: number; after: string[] }> {
  let bytes = 0;
  let after: string[] = [];
  await onDisk(async (disk, data) => {
    const before = disk.freeBytes();
    const look = setInterval(() => (bytes = Math.max(bytes, before - disk.freeBytes())), 1);
    const { code } = await finished(spawnOutlay(newImport(form, data)));
    clearInterval(look);
    expect(code).toBe(0);
    after = await perMonth(data);
  });
  return { bytes, after };
}

test.skipIf(!mountable)(
  'a disk that is full at any point: a clear error, each month wholly old or wholly new, and with room again the rest',
  async () => {
    const before = await perMonth(older);
    const whole = new Map<string, Awaited<ReturnType<typeof wholeRun>>>();
    for (const form of forms) whole.set(form, await wholeRun(form));
    const { seed, numRuns } = campaign('import onto a disk that fills up', 12, 15);
    const shares = fc.sample(fc.noBias(fc.double({ min: 0, max: 1, noNaN: true })), {
      seed,
      numRuns,
    });
    const ends = { nothing: 0, partly: 0, done: 0 };
    for (const [i, share] of shares.entries()) {
      const form = forms[i % forms.length] as (typeof forms)[number];
      const { bytes, after } = whole.get(form) as Awaited<ReturnType<typeof wholeRun>>;
      // Spread evenly over what the import needs, at a random place of each part.
      const parts = Math.ceil(numRuns / forms.length);
      const free = Math.round((bytes * (Math.floor(i / forms.length) + share)) / parts);
      await onDisk(async (disk, data) => {
        disk.fill(free);
        const { code, out, signal } = await outlayProcess(newImport(form, data));
        const what = `${form}, ${free} bytes free: ${out.slice(0, 500)}`;
        expect(signal, what).toBeNull();
        const found = await perMonth(data);
        const states = found.map((total, m) =>
          total === before[m] ? 'old' : total === after[m] ? 'new' : 'neither',
        );
        expect(states, what).not.toContain('neither');
        const stored = states.filter((state) => state === 'new').length;
        if (code === 0) {
          ends.done++;
          expect(stored, what).toBe(months.length);
        } else {
          ends[stored === 0 ? 'nothing' : 'partly']++;
          expect(code, what).toBe(1);
          const { error } = JSON.parse(out) as { error: Record<string, string> };
          expect(error, what).toMatchObject({
            code: 'DISK_FULL',
            message: expect.stringMatching(
              stored === 0
                ? /^The disk is full\. Nothing was changed\.$/
                : stored === 1
                  ? /^The disk is full\. One billing period .* kept/
                  : new RegExp(`^The disk is full\\. ${stored} billing periods .* kept`),
            ),
            hint: expect.stringContaining('Free space'),
          });
        }

        disk.makeRoom();
        expect(await perMonth(data), what).toEqual(found);
        expect(existsSync(importWorkFolder(data))).toBe(false);
        expect(await detailProblems(data, duck), what).toEqual([]);
        const again = await outlayProcess(newImport(form, data));
        expect(again.code, again.out).toBe(0);
        expect(await perMonth(data)).toEqual(after);
        expect(await detailProblems(data, duck)).toEqual([]);
        const core = openTestCore(data);
        const lines = await core.call('costs.lines', { limit: 1 });
        await core.close();
        expect(lines, what).toMatchObject({
          ok: true,
          value: { lines: 24_000, tiesOut: true, withoutDetail: { loads: [] } },
        });
      });
    }
    saw(
      `full disk: ${ends.nothing} changed nothing, ${ends.partly} stored some months, ${ends.done} had room enough`,
    );
    expect(ends.nothing).toBeGreaterThan(numRuns / 4);
    expect(ends.partly).toBeGreaterThan(0);
  },
);

test.skipIf(!mountable)('with no byte left, what is loaded can still be read', async () => {
  const before = await perMonth(older);
  await onDisk(async (disk, data) => {
    disk.fill(0);
    expect(disk.freeBytes()).toBe(0);
    expect(await perMonth(data)).toEqual(before);
    const { code, err } = await outlayProcess(['remove', '--source', 'files', '--data', data]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('disk is full') });
    const lines = await outlayProcess(['lines', '--limit', '1', '--data', data]);
    expect(lines).toMatchObject({ code: 0, out: expect.stringContaining('Ties out') });
  });
});

test.skipIf(!mountable)(
  'an export without room says on which disk, and leaves nothing there',
  async () => {
    const roomy = join(place.folder, 'exported');
    mkdirSync(roomy);
    await onDisk(async (disk, data) => {
      for (const [ledger, out, free, where] of [
        [older, join(disk.folder, 'all.parquet'), 8_192, 'There is no room for'],
        [older, join(disk.folder, 'all.csv'), 8_192, 'There is no room for'],
        // Enough to open the ledger, and not for the rows on their way to the Parquet file.
        [data, join(roomy, 'all.parquet'), 65_536, 'on the disk of the data folder'],
      ] as const) {
        disk.makeRoom();
        disk.fill(free);
        const before = readdirSync(disk.folder);
        const { code, err } = await outlayProcess([
          'export',
          'focus',
          '--out',
          out,
          '--data',
          ledger,
        ]);
        expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining(where) });
        expect(readdirSync(disk.folder)).toEqual(before);
        expect(readdirSync(roomy)).toEqual([]);
        expect(readdirSync(data).filter((name) => name.startsWith('work'))).toEqual([]);
      }
    });
  },
);

test.skipIf(!mountable)(
  'the reader spilling or writing onto a full disk is no fault of the file',
  async () => {
    await onDisk(async (disk) => {
      const folder = join(disk.folder, 'work');
      mkdirSync(folder);
      disk.fill(8 * 2 ** 20);
      const reader = await openDuck(folder);
      await reader.connection.run("SET memory_limit = '60MB'");
      for (const sql of [
        `CREATE TABLE t AS SELECT hash(i)::VARCHAR || repeat('x', 40) AS v
       FROM range(2000000) r(i) ORDER BY hash(i)`,
        `COPY (SELECT hash(i) FROM range(8000000) r(i)) TO ${sqlText(join(folder, 'a.parquet'))} (FORMAT parquet)`,
      ]) {
        const error: unknown = await reader.connection.run(sql).then(
          () => null,
          (e: unknown) => e,
        );
        expect(storeError(readerError(error, 'a.csv', 'a'), folder)).toMatchObject({
          code: 'DISK_FULL',
        });
      }
      reader.close();
    });
  },
);
