import { afterEach, beforeEach, expect } from 'vitest';
import type { TelemetryLoad } from '../../shared/contract/telemetry.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

/**
 * Every real telemetry file. The figures were computed by tests/fixtures/telemetry-figures.py, which
 * shares no code with the product, or read off the file by eye.
 */
let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const metrics = (...parts: string[]) => sampleDataPath('gpu-metrics', ...parts);
const at = '2026-07-03T22:10:45Z';
let jobs = 0;

async function load(path: string, options: object = {}): Promise<TelemetryLoad> {
  const job = `telemetry-${++jobs}`;
  const { loads } = await place.call('telemetry.import', { job, paths: [path], ...options });
  expect(loads).toHaveLength(1);
  const [only] = loads;
  if (!only) throw new Error('no load');
  return only;
}

/** Nothing is lost: what was read is what was kept and what the findings name. */
function expectAccounted({ samplesRead, samplesKept, findings }: TelemetryLoad): void {
  const named = ['UNKNOWN', 'DUPLICATE', 'COUNTER_START', 'OUT_OF_ORDER', 'NOT_USED'];
  const other = findings.filter(({ code }) => named.includes(code));
  expect(samplesKept + other.reduce((sum, { count }) => sum + count, 0)).toBe(samplesRead);
}

/** Maximum of each metric of the one resource that there is. */
async function maxima(): Promise<Record<string, number | null>> {
  const { resources } = await place.call('telemetry.list', {});
  expect(resources).toHaveLength(1);
  return Object.fromEntries((resources[0]?.series ?? []).map(({ metric, max }) => [metric, max]));
}

const MiB = 2 ** 20;
const smi = [
  [
    'nvidia-geforce-rtx-4080-super__595.71.05__idle',
    '2026-06-26T11:59:44.226Z',
    596,
    16376,
    0,
    0,
    26.2,
  ],
  [
    'nvidia-geforce-rtx-4080-super__595.71.05__load',
    '2026-06-26T11:59:58.761Z',
    1474,
    16376,
    7,
    72,
    84.24,
  ],
  ['nvidia-h200__590.48.01__idle', '2026-07-03T22:10:46.109Z', 0, 143771, 0, 0, 77.71],
  ['nvidia-h200__590.48.01__load', '2026-07-03T22:11:09.763Z', 32362, 143771, 100, 0, 627.4],
  ['nvidia-l40s__595.80__idle', '2026-07-03T08:33:38.737Z', 0, 46068, 100, 0, 144.97],
  ['nvidia-l40s__595.80__load', '2026-07-03T08:33:53.415Z', 1235, 46068, 9, 60, 110.23],
] as const;

for (const [name, time, used, total, util, encoder, power] of smi) {
  sampleDataTest(`nvidia-smi log of ${name}`, async () => {
    const read = await load(metrics('nvidia-smi-csv', `linux-x86_64__${name}__query-gpu.csv`));
    expect(read).toMatchObject({
      format: 'nvidia-smi log',
      status: 'loaded',
      firstAt: time,
      lastAt: time,
    });
    expectAccounted(read);
    expect(await maxima()).toMatchObject({
      gpu_mem_used: used * MiB,
      gpu_mem_total: total * MiB,
      gpu_util: util,
      encoder_util: encoder,
      gpu_power: power,
    });
    // "temperature.memory" is N/A on all but the H200: there, and unknown.
    const { resources } = await place.call('telemetry.list', {});
    const memory = resources[0]?.series.find(({ metric }) => metric === 'mem_temp');
    if (name.includes('h200')) expect(memory).toMatchObject({ samples: 1, unknown: {} });
    else
      expect(memory).toMatchObject({
        samples: 0,
        max: null,
        activeShare: null,
        unknown: { 'not available': 1 },
      });
    // The L40S says 100 % with nothing in its memory: no hour of it is known.
    const map = await place.call('telemetry.heatmap', {});
    const cells = map.cells.flat().filter((cell) => cell !== null);
    expect(cells.map(({ value }) => value)).toEqual(
      name.startsWith('nvidia-l40s__595.80__idle') ? [] : [util],
    );
  });
}

const exporter = [
  ['nvidia-h200__590.48.01__idle', 133, 0, 150_754_820_096, 0, 77.71],
  ['nvidia-h200__590.48.01__load', 139, 33_934_016_512, 150_754_820_096, 100, 627.4],
  ['nvidia-l40s__595.80__idle', 130, 0, 48_305_799_168, 100, 144.97],
  ['nvidia-l40s__595.80__load', 134, 1_294_991_360, 48_305_799_168, 9, 110.23],
] as const;

for (const [name, values, used, total, util, power] of exporter) {
  sampleDataTest(`Prometheus text of ${name}`, async () => {
    const path = metrics('prometheus', `linux-x86_64__${name}.metrics`);
    expect(await load(path)).toMatchObject({ status: 'refused', code: 'DATE_BAD' });
    const read = await load(path, { at });
    expect(read).toMatchObject({
      format: 'Prometheus text',
      status: 'loaded',
      samplesRead: values,
      firstAt: '2026-07-03T22:10:45.000Z',
    });
    expectAccounted(read);
    expect(await maxima()).toMatchObject({
      gpu_mem_used: used,
      gpu_mem_total: total,
      gpu_util: util,
      gpu_power: power,
    });
  });
}

for (const [file, spaced] of [
  ['sample_1.metrics', true],
  ['sample_2.metrics', false],
] as const) {
  sampleDataTest(`DCGM ${file}: clocks, and a blank value that is unknown`, async () => {
    expect(await load(metrics('dcgm', file))).toMatchObject({
      status: 'refused',
      code: 'DATE_BAD',
    });
    const read = await load(metrics('dcgm', file), { at });
    expect(read).toMatchObject({ samplesRead: 3, samplesKept: 2, status: 'loaded' });
    expectAccounted(read);
    expect(await maxima()).toEqual({ sm_clock: 139, mem_clock: 405, mem_temp: null });
    const { resources } = await place.call('telemetry.list', {});
    expect(resources[0]).toMatchObject({
      device: 'GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52',
      kind: 'gpu',
    });
    expect(Object.keys(resources[0]?.labels ?? {})).toEqual(['uuid', 'gpu']);
    expect([
      spaced,
      resources[0]?.series.find(({ metric }) => metric === 'mem_temp')?.unknown,
    ]).toEqual([spaced, { 'no value (DCGM)': 1 }]);
  });
}

sampleDataTest('serving trace, GPU duty cycle of 80 containers', async () => {
  const path = metrics('serving-trace', 'pod_gpu_duty_cycle_anon.csv.gz');
  expect(await load(path)).toMatchObject({ status: 'refused', code: 'COLUMN_MISSING' });
  const read = await load(path, { metric: 'gpu_util' });
  expect(read).toMatchObject({
    format: 'value table',
    samplesRead: 90_752,
    samplesKept: 90_752,
    resources: 80,
  });
  expect(read.findings).toEqual([]);
  const { resources } = await place.call('telemetry.list', {});
  const all = resources.flatMap(({ series }) => series);
  const sum = (of: 'samples' | 'hours') => all.reduce((total, one) => total + one[of], 0);
  expect([resources.length, sum('samples'), sum('hours')]).toEqual([80, 90_752, 1573]);
  expect(Math.max(...all.map(({ max }) => max ?? 0))).toBe(98.8181818181818);
  const active = all.reduce(
    (total, { activeShare, samples }) => total + (activeShare ?? 0) * samples,
    0,
  );
  expect(Math.round(active)).toBe(27_581);
  const busiest = resources.find(({ name }) => name.includes('2e6ae9139876748af8cf4e03e8d5cd77'));
  const one = await place.call('telemetry.list', { resource: busiest?.id });
  const of = one.resources[0]?.series[0];
  expect(of).toMatchObject({ samples: 832, max: 98.33333333333331 });
  expect(of?.activeShare).toBe(430 / 832);
  for (const [name, exact] of [
    ['p50', 5.458333333333333],
    ['p95', 94.23333333333332],
    ['p99_5', 97.36666666666666],
  ] as const) {
    expect(Math.abs((of?.distribution?.[name] ?? 0) - exact), name).toBeLessThanOrEqual(0.25);
  }
});

sampleDataTest('serving trace, GPU memory of 80 containers', async () => {
  const read = await load(metrics('serving-trace', 'pod_gpu_memory_used_bytes_anon.csv.gz'), {
    metric: 'gpu_mem_used',
  });
  expect(read).toMatchObject({ samplesRead: 93_598, samplesKept: 93_598, resources: 80 });
  const { resources } = await place.call('telemetry.list', {});
  const all = resources.flatMap(({ series }) => series);
  expect(all.reduce((total, { hours }) => total + hours, 0)).toBe(1574);
  expect(Math.max(...all.map(({ max }) => max ?? 0))).toBe(49_937_645_568);
  const busiest = resources.find(({ name }) => name.includes('53004baba968bc88ad49ca6e047a0733'));
  const one = await place.call('telemetry.list', { resource: busiest?.id });
  const of = one.resources[0]?.series[0];
  expect(of).toMatchObject({ samples: 1441, max: 46_797_946_880, activeShare: 1436 / 1441 });
  for (const [name, exact] of [
    ['p50', 32_828_817_408],
    ['p95', 46_797_946_880],
  ] as const) {
    expect(Math.abs((of?.distribution?.[name] ?? 0) / exact - 1), name).toBeLessThanOrEqual(0.01);
  }
});

const cloudWatch = (name: string) => sampleDataPath('cloudwatch', name);

sampleDataTest(
  'CloudWatch GetMetricData: a value whose statistic is not said is kept and not used',
  async () => {
    const read = await load(
      cloudWatch('bedrock_inference_profile_token_metrics__monitoring.GetMetricData_1.json'),
    );
    expect(read).toMatchObject({
      format: 'CloudWatch metrics',
      samplesKept: 1,
      firstAt: '2026-07-21T14:13:00.000Z',
    });
    expect(read.findings.map(({ code }) => code)).toEqual(['NAMELESS', 'STATISTIC_UNKNOWN']);
    expect(await maxima()).toEqual({ tokens_total: 15 });
  },
);

sampleDataTest(
  'CloudWatch GetMetricStatistics: tokens and CPU, the statistic of each',
  async () => {
    await load(
      cloudWatch('bedrock_inference_profile_token_metrics__monitoring.GetMetricStatistics_1.json'),
    );
    await load(cloudWatch('test_ec2_metric__monitoring.GetMetricStatistics_1.json'));
    await load(
      cloudWatch('test_metric_filter_multiple_datapoints__monitoring.GetMetricStatistics_1.json'),
    );
    const { resources } = await place.call('telemetry.list', {});
    const series = resources.map(({ series: [one] }) => [
      one?.metric,
      one?.stat,
      one?.samples,
      one?.min,
      one?.max,
    ]);
    expect(series.sort((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['cpu_util', 'average', 1, 0.02857142857142857, 0.02857142857142857],
      ['cpu_util', 'average', 3, 0.3825404878776848, 0.394728034997871],
      ['tokens_input', 'sum', 1, 7, 7],
    ]);
    expect(resources.every(({ match, unmatched }) => match === null && unmatched !== null)).toBe(
      true,
    );
  },
);

const refusals = [
  [
    ['cloudwatch', 'test_ebs_metrics_percent_filter__monitoring.GetMetricStatistics_1.json'],
    'VolumeConsumedReadWriteOps',
  ],
  [
    ['cloudwatch', 'test_savings_plans_filter_by_type__savingsplans.DescribeSavingsPlans_1.json'],
    'JSON without metrics',
  ],
  [['gpu-metrics', 'README.md'], 'no GPU or host metrics'],
  [['gpu-metrics', 'dcgm', 'dcp-metrics-included.csv'], 'list of counters'],
  [['gpu-metrics', 'dcgm', 'default-counters.csv'], 'list of counters'],
  [['gpu-metrics', 'cluster-jobs', 'openb_node_list_gpu_node.csv'], 'not what was used'],
  [['gpu-metrics', 'cluster-jobs', 'openb_pod_list_default.csv'], 'not what was used'],
  ...[
    'nvidia-geforce-rtx-4080-super__595.71.05',
    'nvidia-h200__590.48.01',
    'nvidia-l40s__595.80',
  ].flatMap((gpu) => [
    [
      ['gpu-metrics', 'nvidia-smi-captures', `linux-x86_64__${gpu}.txt`],
      'collection of nvidia-smi outputs',
    ] as const,
    ...['idle', 'load'].flatMap((state) => [
      [
        ['gpu-metrics', 'nvidia-smi-csv', `linux-x86_64__${gpu}__${state}__dmon.txt`],
        'dmon',
      ] as const,
      [
        ['gpu-metrics', 'nvidia-smi-csv', `linux-x86_64__${gpu}__${state}__query-compute-apps.csv`],
        'processes',
      ] as const,
    ]),
  ]),
] as const;

sampleDataTest('files beside telemetry are refused by what they are', async () => {
  for (const [parts, reason] of refusals) {
    const read = await load(sampleDataPath(...parts));
    expect([parts.at(-1), read]).toMatchObject([
      parts.at(-1),
      { status: 'refused', code: 'NOT_TELEMETRY' },
    ]);
    expect(read.reason).toContain(reason);
    expect(read.hint).toBeTruthy();
  }
  expect((await place.call('telemetry.list', {})).resources).toEqual([]);
});

sampleDataTest(
  'the whole folder in one command: what fits is in, the rest is skipped or refused',
  async () => {
    const { loads } = await place.call('telemetry.import', { job: 'all', paths: [metrics()] });
    const count = (status: string) => loads.filter((one) => one.status === status).length;
    expect([count('loaded'), count('skipped'), count('refused'), loads.length]).toEqual([
      6, 20, 8, 34,
    ]);
  },
);
