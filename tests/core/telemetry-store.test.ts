import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStore } from '../../electron/core/store/open.ts';
import { summaryOfBilled } from '../../electron/core/telemetry/summary.ts';
import { contract } from '../../shared/contract/contract.ts';
import { campaign } from '../builders/campaign.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;
const start = Date.UTC(2026, 9, 1);
const line = (minute: number, value: number, gpu = 0) =>
  `DCGM_FI_PROF_SM_ACTIVE{gpu="${gpu}",UUID="GPU-0000000${gpu + 1}",Hostname="node-1"} ${value} ${start + minute * 60_000}`;
const load = async (name: string, lines: readonly string[], to: Workspace = place) => {
  const path = to.file(name, `${lines.join('\n')}\n`);
  const { loads } = await to.call('telemetry.import', { job: `store-${++jobs}`, paths: [path] });
  return loads[0];
};
const days = (from: Workspace) =>
  from
    .dump()
    .split('\n\n')
    .find((table) => table.startsWith('telemetry_day'));

test('the same file twice is unchanged; told otherwise it is read again, and every sample is known', async () => {
  const lines = [0, 1, 2].map((minute) => line(minute, 0.5));
  expect(await load('a.prom', lines)).toMatchObject({ status: 'loaded', samplesKept: 3 });
  const before = days(place);
  expect(await load('b.prom', lines)).toMatchObject({ status: 'unchanged', samplesKept: 0 });
  const path = place.file('c.prom', `${lines.join('\n')}\n`);
  const { loads } = await place.call('telemetry.import', { job: 'told', paths: [path], host: 'x' });
  expect(loads[0]).toMatchObject({ status: 'loaded', samplesRead: 3, samplesKept: 0 });
  expect(loads[0]?.findings).toMatchObject([{ code: 'DUPLICATE', count: 3 }]);
  // Only the load that touched it last is another one.
  const data = (text: string | undefined) => text?.replaceAll(/^(\[\d+,\d+),\d+,/gm, '$1,');
  expect(data(days(place))).toBe(data(before));
});

test('an hour that comes in parts, overlapping and in any order, is the hour as one', async () => {
  const cases = fc.record({
    values: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 150 }),
    cuts: fc.array(fc.record({ from: fc.nat(149), length: fc.nat(80) }), {
      minLength: 1,
      maxLength: 4,
    }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ values, cuts }) => {
      const [whole, parts] = [workspace(), workspace()];
      try {
        const lines = values.map((value, minute) => line(minute, value / 100));
        await load('whole.prom', lines, whole);
        for (const [i, { from, length }] of [...cuts, { from: 0, length: 150 }].entries()) {
          const part = lines.slice(from, from + length).toReversed();
          if (part.length > 0) await load(`part-${i}.prom`, part, parts);
        }
        const read = async (from: Workspace) => {
          const { resources } = await from.call('telemetry.list', { resource: 1 });
          return resources.map(({ series }) => series);
        };
        expect(await read(parts)).toEqual(await read(whole));
        const heat = async (from: Workspace) => (await from.call('telemetry.heatmap', {})).cells;
        expect(await heat(parts)).toEqual(await heat(whole));
      } finally {
        await whole.close();
        await parts.close();
      }
    }),
    campaign('telemetry in parts', 6),
  );
});

test('a refused file leaves nothing behind, the files beside it stay', async () => {
  place.file('in/1.prom', `${line(0, 0.5)}\n`);
  place.file('in/2.prom', `${line(1, 0.5)}\nDCGM_FI_PROF_SM_ACTIVE{gpu="9"} many\n`);
  place.file('in/readme.txt', 'hello\n');
  const answer = await place.call('telemetry.import', {
    job: 'folder',
    paths: [join(place.folder, 'in')],
  });
  expect(answer.loads.map(({ file, status }) => [file, status])).toEqual([
    ['1.prom', 'loaded'],
    ['2.prom', 'refused'],
    ['readme.txt', 'skipped'],
  ]);
  const { resources } = await place.call('telemetry.list', {});
  expect(resources.map(({ series }) => series.map(({ samples }) => samples))).toEqual([[1]]);
});

test('a rising counter goes on from the file before, and stands for itself before and far behind it', async () => {
  const scrape = (minute: number, value: number) =>
    `node_network_receive_bytes_total{instance="node-1:9100",device="eth0"} ${value} ${start + minute * 60_000}`;
  const starts = async (name: string, ...lines: string[]) => {
    const read = await load(name, lines);
    const begun = read?.findings.find(({ code }) => code === 'COUNTER_START')?.count ?? 0;
    return [read?.samplesKept, begun];
  };
  expect(await starts('1.prom', scrape(60, 1000))).toEqual([0, 1]);
  expect(await starts('2.prom', scrape(61, 1600))).toEqual([1, 0]);
  expect(await starts('3.prom', scrape(62, 100))).toEqual([1, 0]);
  // Earlier than what is stored.
  expect(await starts('0.prom', scrape(10, 10), scrape(11, 15))).toEqual([1, 1]);
  expect(await starts('4.prom', scrape(63, 101))).toEqual([1, 0]);
  // After a day nobody knows in which hour the bytes went.
  expect(await starts('5.prom', scrape(1500, 9e9))).toEqual([0, 1]);
  const { resources } = await place.call('telemetry.list', {});
  expect(resources[0]?.series[0]).toMatchObject({ samples: 4, max: 600, min: 1 });
});

test('cancelled: nothing of the file is there', async () => {
  const lines = Array.from({ length: 200_000 }, (_, i) => line(i, (i % 100) / 100));
  const path = place.file('long.prom', `${lines.join('\n')}\n`);
  const off = place.core().on('job.progress', ({ job, step }) => {
    if (job === 'stop' && step === 'reading') void place.call('jobs.cancel', { job });
  });
  const error = await place.refusal('telemetry.import', { job: 'stop', paths: [path] });
  off();
  expect(error.code).toBe('CANCELLED');
  expect(await place.call('telemetry.list', {})).toMatchObject({ resources: [], loads: [] });
});

describe('matched to what is billed', () => {
  const instance = 'i-0123456789abcdef0';
  const bill = () =>
    place.load(
      place.file(
        'bill.csv',
        focusCsv([
          focusRow({ ResourceId: `arn:aws:ec2:us-east-1:111122223333:instance/${instance}` }),
        ]),
      ),
    );
  const cloudWatch = () => {
    const results = [
      {
        Id: 'a',
        Label: `InstanceId=${instance} CPUUtilization Maximum`,
        Timestamps: ['2026-10-01T00:05:00Z'],
        Values: [3],
      },
    ];
    return place.file('cw.json', JSON.stringify({ MetricDataResults: results }));
  };

  test('as soon as the bill is there, whatever came first; what is not is listed with the reason', async () => {
    await place.call('telemetry.import', { job: 'cw', paths: [cloudWatch()] });
    await load('gpu.prom', [line(0, 0.5)]);
    const before = await place.call('telemetry.list', {});
    expect(before).toMatchObject({ matched: 0, resourceCount: 2 });
    await bill();
    const { resources, matched } = await place.call('telemetry.list', {});
    expect(matched).toBe(1);
    expect(resources.map(({ kind, match, unmatched }) => [kind, match?.rule, unmatched])).toEqual([
      ['gpu', undefined, 'nothing in the bill is called node-1'],
      ['host', 'instance id', null],
    ]);
    const billed = resources.flatMap(({ match }) => match?.billed ?? []);
    const map = await place.call('telemetry.heatmap', { billed, metric: 'cpu_util' });
    expect(map.cells[0]?.[0]).toMatchObject({ value: 3, samples: 1 });
    expect(map.cells[0]?.slice(1).every((cell) => cell === null)).toBe(true);
    expect((await place.call('telemetry.heatmap', { billed: ['other'] })).range).toBeNull();
  });
});

test('the figures of SAVINGS.md section 10 for a billed resource, from the store', async () => {
  const instance = 'i-0123456789abcdef0';
  const arn = `arn:aws:ec2:us-east-1:111122223333:instance/${instance}`;
  const gpu = (counter: string, minute: number, value: number) =>
    `${counter}{gpu="0",UUID="GPU-1",instance_id="${instance}"} ${value} ${start + minute * 60_000}`;
  const lines = Array.from({ length: 100 }, (_, minute) => [
    gpu('DCGM_FI_PROF_SM_ACTIVE', minute, (minute + 1) / 100),
    gpu('DCGM_FI_DEV_GPU_UTIL', minute, 100),
    gpu('DCGM_FI_DEV_FB_USED', minute, 1024 * (minute === 42 ? 30 : 20)),
    gpu('DCGM_FI_DEV_FB_FREE', minute, 1024 * (minute === 42 ? 10 : 20)),
  ]);
  await load('gpu.prom', lines.flat());
  const results = [
    {
      Id: 'a',
      Label: `InstanceId=${instance} CPUUtilization Maximum`,
      Timestamps: ['2026-10-01T00:05:00Z'],
      Values: [2],
    },
  ];
  const cpu = place.file('cw.json', JSON.stringify({ MetricDataResults: results }));
  await place.call('telemetry.import', { job: 'cpu', paths: [cpu] });
  await place.closeCore();
  const db = openStore(place.data, new Date());
  try {
    const from = start / 3_600_000;
    const { figures, missing } = summaryOfBilled(
      db,
      { of: [arn], all: [arn, 'other'] },
      { from, to: from + 24 },
    );
    expect(
      Object.fromEntries(Object.entries(figures).map(([id, { value }]) => [id, value])),
    ).toEqual({
      lookback_days: 2 / 24,
      metric_hours: 1,
      gpu_util_p95: 95,
      gpu_mem_peak_gib: 30,
      gpu_mem_peak_pct: 75,
      gpu_active_share: 1,
      busy_gpus_max: 1,
      cpu_p99_5: 2,
      cpu_max_pct: 2,
    });
    expect(figures.gpu_util_p95).toMatchObject({
      samples: 100,
      hours: 2,
      sources: ['dcgm:DCGM_FI_PROF_SM_ACTIVE'],
    });
    expect(missing.map(({ figure }) => figure).sort()).toEqual([
      'invocations_14d',
      'mem_p99_5',
      'network_mb_day',
    ]);
    // Of a resource that is not measured nothing is known.
    expect(
      summaryOfBilled(db, { of: ['other'], all: [arn, 'other'] }, { from, to: from + 24 }).figures,
    ).toEqual({});
  } finally {
    db.close();
  }
});

test('a heat map of a workload by its labels, cut to the days asked for', async () => {
  const pod = (name: string, minute: number, value: number) =>
    line(minute, value).replace(
      'Hostname',
      `exported_namespace="vision",exported_pod="${name}",Hostname`,
    );
  await load('pods.prom', [pod('a', 0, 0.9), pod('b', 10, 0.1), pod('a', 1440, 0.8)]);
  const map = await place.call('telemetry.heatmap', {
    labels: { namespace: 'vision', pod: 'a' },
    to: '2026-10-02',
  });
  expect(map).toMatchObject({
    range: { from: '2026-10-01', to: '2026-10-02' },
    subjects: 1,
    metrics: ['sm_active'],
  });
  expect(map.cells[0]?.[0]).toMatchObject({ value: 90, samples: 1 });
  const whole = await place.call('telemetry.heatmap', {});
  expect(whole.days).toEqual(['2026-10-01', '2026-10-02']);
  // Both pods in the first hour, on one GPU.
  expect(whole.cells[0]?.[0]).toMatchObject({ value: 50, samples: 2, subjects: 1 });
});

describe('the terminal', () => {
  test('import and list: exit 0, 3 and 2, one document each', async () => {
    const good = place.file('good.prom', `${line(0, 0.5)}\n${line(1, 0.7)}\n`);
    const bad = place.file('bad.prom', 'DCGM_FI_PROF_SM_ACTIVE{gpu="0",UUID="GPU-1"} 0.5\n');
    const both = await place.cli('telemetry', 'import', good, bad, '--json');
    expect(both.code).toBe(3);
    contract['telemetry.import'].output.parse(JSON.parse(both.out));
    const none = await place.cli('telemetry', 'import', bad, '--json');
    expect([none.code, JSON.parse(none.out).error.code]).toEqual([2, 'DATE_BAD']);
    const told = await place.cli(
      'telemetry',
      'import',
      bad,
      '--at',
      '2026-10-01T00:03:00Z',
      '--json',
    );
    expect([told.code, JSON.parse(told.out).loads[0].status]).toEqual([0, 'loaded']);
    const list = await place.cli('telemetry', 'list', '--json');
    const answer = contract['telemetry.list'].output.parse(JSON.parse(list.out));
    expect(answer.resources.map(({ device }) => device)).toEqual(['GPU-00000001', 'GPU-1']);
    const person = await place.cli(
      'telemetry',
      'list',
      '--resource',
      String(answer.resources[0]?.id),
    );
    expect(person.out).toMatch(/sm_active +sample +2 +1 +4\.2 % +100\.0 % +50 % +70 % +70 % +70 %/);
    expect(person.out).toContain('not matched: nothing in the bill is called node-1');
  });

  test('usage', async () => {
    for (const argv of [
      ['telemetry'],
      ['telemetry', 'import'],
      ['telemetry', 'list', '--host', 'x'],
      ['telemetry', 'import', 'x', '--date-order', 'ymd'],
    ]) {
      expect((await place.cli(...argv, '--json')).code).toBe(2);
    }
    const at = await place.cli(
      'telemetry',
      'import',
      'x.prom',
      '--at',
      '2026-10-01T00:00:00',
      '--json',
    );
    expect(JSON.parse(at.out).error).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('at: '),
    });
    expect((await place.cli('telemetry', 'list', '--resource', '7', '--json')).code).toBe(2);
  });

  test('the time of the file, where that is asked for', async () => {
    mkdirSync(place.folder, { recursive: true });
    const path = join(place.folder, 'scrape.prom');
    writeFileSync(path, 'DCGM_FI_PROF_SM_ACTIVE{gpu="0",UUID="GPU-1"} 0.5\n');
    const { out } = await place.cli('telemetry', 'import', path, '--at', 'file', '--json');
    const age = Date.now() - Date.parse(JSON.parse(out).loads[0].firstAt);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(120_000);
  });
});
