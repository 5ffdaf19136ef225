import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { campaign } from '../builders/campaign.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { finished, outlayProcess, spawnOutlay } from '../builders/process.ts';
import { openTestCore, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 3_600_000, hookTimeout: 120_000 });

const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];
const partsEach = 2;
const rowsEach = 1500;

let place: Workspace;
let older: string;
let before: Record<string, string>;
let after: Record<string, string>;
let milliseconds: number;

/** Two versions of six months in two files each: the new one costs a thousandth more a charge. */
function files(name: string, cost: string): string[] {
  return months.flatMap((month) =>
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
}

async function perPeriod(dataFolder: string): Promise<Record<string, string>> {
  const core = openTestCore(dataFolder);
  try {
    const entries = await Promise.all(
      months.map(async (period) => {
        const answer = await core.call('costs.query', { period });
        return [period, answer.ok ? String(answer.value.totals[0]?.cost) : answer.error.code];
      }),
    );
    return Object.fromEntries(entries) as Record<string, string>;
  } finally {
    await core.close();
  }
}

beforeAll(async () => {
  place = workspace();
  older = join(place.folder, 'older');
  await outlayProcess(['import', '--data', older, ...files('old', '0.123')]);
  before = await perPeriod(older);
  files('new', '0.124');
  // How long a whole run takes here decides where the kills fall.
  const trial = join(place.folder, 'trial');
  cpSync(older, trial, { recursive: true });
  const started = performance.now();
  const whole = await outlayProcess(newImport(trial));
  milliseconds = performance.now() - started;
  expect(whole.code).toBe(0);
  after = await perPeriod(trial);
  const each = partsEach * rowsEach;
  expect([before['2026-01'], after['2026-01']]).toEqual([
    String((each * 123) / 1000),
    String((each * 124) / 1000),
  ]);
});
afterAll(() => place.close());

function newImport(dataFolder: string): string[] {
  return ['import', join(place.folder, 'new'), '--replace', '--json', '--data', dataFolder];
}

/** Kills as soon as so many months of the new version are there. */
function killBehindCommit(child: ChildProcess, data: string, committed: number): NodeJS.Timeout {
  const db = new Database(join(data, 'outlay.db'), { readonly: true });
  const count = db.prepare('SELECT count(*) FROM version WHERE number > 1').pluck();
  child.on('close', () => db.close());
  return setInterval(() => {
    if (db.open && (count.get() as number) >= committed) child.kill('SIGKILL');
  }, 1);
}

test('killed at any moment, each month is wholly old or wholly new, and running again finishes', async () => {
  const { seed, numRuns } = campaign('kill -9 during an import', 10, 30);
  const moments = fc.sample(fc.noBias(fc.double({ min: 0.05, max: 1.05, noNaN: true })), {
    seed,
    numRuns,
  });
  let mixed = 0;
  let interrupted = 0;
  for (const [i, moment] of moments.entries()) {
    const data = join(place.folder, `run-${i}`);
    cpSync(older, data, { recursive: true });
    const child = spawnOutlay(newImport(data));
    const end = finished(child);
    // A third of the kills falls anywhere, the others right behind the commit of a month.
    const timer =
      i % 3 === 0
        ? setTimeout(() => child.kill('SIGKILL'), moment * milliseconds)
        : killBehindCommit(child, data, 1 + Math.floor(moment * 4));
    const { signal } = await end;
    clearInterval(timer);

    const found = await perPeriod(data);
    const states = months.map((month) =>
      found[month] === before[month] ? 'old' : found[month] === after[month] ? 'new' : 'neither',
    );
    expect(states).not.toContain('neither');
    if (new Set(states).size > 1) mixed++;

    const core = openTestCore(data);
    const loads = await core.call('loads.list', {});
    const doctor = await core.call('app.doctor', {});
    await core.close();
    if (!loads.ok || !doctor.ok) throw new Error('the data folder does not answer');
    expect(doctor.value.checks.filter(({ status }) => status === 'failed')).toEqual([]);
    const statuses = loads.value.slice(months.length * partsEach).map(({ status }) => status);
    expect(statuses).not.toContain('running');
    if (signal === 'SIGKILL' && states.includes('old') && statuses.length > 0) {
      interrupted++;
      expect(statuses).toContain('interrupted');
    }

    const again = await outlayProcess(newImport(data));
    expect(again.code).toBe(0);
    const { loads: outcomes } = JSON.parse(again.out) as { loads: { status: string }[] };
    expect(outcomes).toHaveLength(months.length * partsEach);
    for (const { status } of outcomes) expect(['replaced', 'unchanged']).toContain(status);
    expect(await perPeriod(data)).toEqual(after);
    expect(existsSync(join(data, 'work'))).toBe(false);
    rmSync(data, { recursive: true, force: true });
  }
  console.info(
    `kill -9: ${interrupted} loads interrupted, ${mixed} of ${numRuns} between two months`,
  );
  // A campaign whose kills all come too early or too late proves nothing.
  expect(interrupted).toBeGreaterThan(numRuns / 4);
  expect(mixed).toBeGreaterThan(numRuns / 4);
});
