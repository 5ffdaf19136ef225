import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type JobProgress, jobProgress } from '../../shared/contract/sources.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const rows = (count: number, name: string) =>
  Array.from({ length: count }, (_, i) =>
    focusRow({ ResourceId: `${name}-${i}`, BilledCost: '0.001' }),
  );
const big = (name: string, count = 20_000) => place.file(name, focusCsv(rows(count, name)));

/** Every state of every job, in the order they were told. */
function follow(): JobProgress[] {
  const states: JobProgress[] = [];
  place.core().on('job.progress', (state) => states.push(state));
  return states;
}

const steps = ['waiting', 'reading', 'checking', 'storing', 'done'];

test('progress only goes forward, names each file, and ends in done', async () => {
  const states = follow();
  const paths = [
    big('a.csv'),
    big('b.csv'),
    place.file('bad.csv', focusCsv([focusRow({ BilledCost: 'x' })])),
  ];
  await place.call('import.run', { job: 'one', paths });
  expect(states[0]).toMatchObject({ job: 'one', kind: 'import', step: 'waiting' });
  expect(states.at(-1)).toMatchObject({
    step: 'done',
    files: 3,
    filesDone: 3,
    rows: 40_000,
    error: null,
  });
  expect(states.at(-1)?.bytesDone).toBe(states.at(-1)?.bytes);
  expect(
    states
      .at(-1)
      ?.loads.map(({ status }) => status)
      .sort(),
  ).toEqual(['loaded', 'loaded', 'refused']);
  for (const [i, state] of states.entries()) {
    expect(jobProgress.parse(state)).toEqual(state);
    expect(state.bytesDone).toBeLessThanOrEqual(state.bytes);
    expect(state.filesDone).toBe(state.loads.length);
    const before = states[i - 1];
    if (!before) continue;
    for (const figure of ['bytesDone', 'bytes', 'filesDone', 'rows'] as const) {
      expect(state[figure]).toBeGreaterThanOrEqual(before[figure]);
    }
    if (before.step === 'storing') expect(['storing', 'done']).toContain(state.step);
  }
  expect(steps.filter((step) => states.some((state) => state.step === step))).toEqual(steps);
  expect(new Set(states.map(({ file }) => file))).toEqual(
    new Set([null, 'a.csv', 'b.csv', 'bad.csv']),
  );
});

test('a cancelled import leaves the old state, says cancelled, and can be run again', async () => {
  await place.load(place.file('before.csv', focusCsv([focusRow()])));
  const before = place.dump();
  const states = follow();
  const paths = ['a', 'b', 'c', 'd'].map((name) => big(`${name}.csv`));
  const core = place.core();
  core.on('job.progress', ({ job, step }) => {
    if (job === 'cancelled' && step === 'checking') void core.call('jobs.cancel', { job });
  });
  const error = await place.refusal('import.run', { job: 'cancelled', paths, replace: true });
  expect(error.code).toBe('CANCELLED');
  expect(states.at(-1)).toMatchObject({ step: 'failed', error: { code: 'CANCELLED' } });
  const loads = await place.call('loads.list', {});
  expect(loads.slice(1).map(({ status }) => status)).toEqual(paths.map(() => 'cancelled'));
  expect(place.dump()).toBe(before);
  expect(existsSync(join(place.data, 'work'))).toBe(false);
  expect((await place.load(paths, { replace: true })).map(({ status }) => status)).toEqual(
    paths.map(() => 'replaced'),
  );
});

test('a second job waits for the first, and a job cancelled while it waits never begins', async () => {
  const states = follow();
  const core = place.core();
  const first = core.call('import.run', { job: 'first', paths: [big('a.csv')] });
  const second = core.call('import.run', { job: 'second', paths: [big('b.csv')], source: 'other' });
  const third = core.call('import.run', { job: 'third', paths: [big('c.csv')] });
  expect(await core.call('import.run', { job: 'first', paths: ['x'] })).toMatchObject({
    ok: false,
    error: { code: 'INVALID_INPUT' },
  });
  const listed = await place.call('jobs.list', {});
  expect(listed.jobs.map(({ job, step }) => [job, step])).toEqual([
    ['first', 'waiting'],
    ['second', 'waiting'],
    ['third', 'waiting'],
  ]);
  expect(await place.call('jobs.cancel', { job: 'third' })).toEqual({ cancelled: true });
  expect(await place.call('jobs.cancel', { job: 'unknown' })).toEqual({ cancelled: false });
  expect(await first).toMatchObject({ ok: true, value: { loads: [{ status: 'loaded' }] } });
  // The second one found what the first one stored.
  expect(await second).toMatchObject({
    ok: true,
    value: { loads: [{ status: 'refused', code: 'OVERLAP' }] },
  });
  expect(await third).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  const doneAt = states.findIndex(({ job, step }) => job === 'first' && step === 'done');
  const beganAt = states.findIndex(({ job, step }) => job === 'second' && step !== 'waiting');
  expect(doneAt).toBeGreaterThan(0);
  expect(beganAt).toBeGreaterThan(doneAt);
  expect(states.filter(({ job }) => job === 'third').map(({ step }) => step)).toEqual([
    'waiting',
    'failed',
  ]);
});

test('closing the core cancels what runs and leaves the old state', async () => {
  await place.load(place.file('before.csv', focusCsv([focusRow()])));
  const before = place.dump();
  const core = place.core();
  const begun = new Promise<void>((resolve) => {
    core.on('job.progress', ({ step }) => step === 'reading' && resolve());
  });
  const running = core.call('import.run', {
    job: 'closing',
    paths: [big('a.csv', 60_000)],
    replace: true,
  });
  await begun;
  await place.closeCore();
  expect(await running).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  expect(place.dump()).toBe(before);
});

test('a removal beside a running import is refused at once and does not hold the import up', async () => {
  await place.load(place.file('before.csv', focusCsv([focusRow({ ProviderName: 'Microsoft' })])));
  const core = place.core();
  const checking = new Promise<void>((resolve) => {
    core.on('job.progress', ({ step }) => step === 'checking' && resolve());
  });
  const running = core.call('import.run', { job: 'long', paths: [big('a.csv', 60_000)] });
  await checking;
  const started = performance.now();
  expect((await place.refusal('sources.remove', { source: 'files' })).code).toBe('LOCKED');
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await running).toMatchObject({ ok: true, value: { loads: [{ status: 'loaded' }] } });
});

test('data.changed is told for every import and removal, by this process and by others', async () => {
  const reasons: string[] = [];
  place.core().on('data.changed', ({ reason }) => reasons.push(reason));
  await place.load(place.file('a.csv', focusCsv([focusRow()])));
  expect(reasons).toEqual(['import']);
  await place.cli(
    'import',
    '--json',
    place.file('b.csv', focusCsv([focusRow({ ProviderName: 'Microsoft' })])),
  );
  await vi.waitFor(() => expect(reasons).toContain('other-process'), { timeout: 5_000 });
  expect((await place.call('costs.query', {})).totals[0]?.cost).toBe('2.5');
  reasons.length = 0;
  await place.call('sources.remove', { source: 'files' });
  expect(reasons).toEqual(['remove']);
});
