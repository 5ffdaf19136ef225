import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TelemetryLoad, TelemetryResource } from '../../shared/contract/telemetry.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;

async function load(
  content: string | Uint8Array,
  options: object = {},
  name = 'metrics.txt',
): Promise<TelemetryLoad> {
  const path = place.file(name, content);
  const { loads } = await place.call('telemetry.import', {
    job: `formats-${++jobs}`,
    paths: [path],
    ...options,
  });
  const [only] = loads;
  if (!only || loads.length > 1) throw new Error(`${loads.length} loads`);
  return only;
}

const listed = async (): Promise<TelemetryResource[]> =>
  (await place.call('telemetry.list', {})).resources;
const seriesOf = async () =>
  (await listed()).flatMap(({ name, series }) =>
    series.map(({ metric, samples, min, max }) => [name, metric, samples, min, max]),
  );
/** Findings by code, counts added up. */
const codes = ({ findings }: TelemetryLoad) => {
  const sums: Record<string, number> = {};
  for (const { code, count } of findings) sums[code] = (sums[code] ?? 0) + count;
  return sums;
};

const uuid = (n: number) => `GPU-${n}04ac76c-d9cf-fef3-62e9-d92044ab6e52`;
const row = (time: string, n: number, cells: string) => `${time}, ${uuid(n)}, ${n}, ${cells}`;
const header =
  'timestamp, uuid, index, utilization.gpu [%], memory.used [MiB], memory.total [MiB], mig.mode.current';

describe('nvidia-smi logs', () => {
  const log = [
    header,
    row('2026/07/03 22:00:00.000', 1, '98 %, 40960 MiB, 81920 MiB, Disabled'),
    row('2026/07/03 22:00:00.010', 2, '[N/A], 1024 MiB, 81920 MiB, Enabled'),
    row('2026/07/03 22:01:00.000', 1, 'ERR!, 40961 MiB, 81920 MiB, Disabled'),
    row('2026/07/03 22:01:00.010', 2, '[N/A], [Not Supported], 81920 MiB, Enabled'),
  ].join('\r\n');
  const expected = [
    [`gpu ${uuid(1)}`, 'gpu_mem_total', 2, 81920 * 2 ** 20, 81920 * 2 ** 20],
    [`gpu ${uuid(1)}`, 'gpu_mem_used', 2, 40960 * 2 ** 20, 40961 * 2 ** 20],
    [`gpu ${uuid(1)}`, 'gpu_util', 1, 98, 98],
    [`gpu ${uuid(2)}`, 'gpu_mem_total', 2, 81920 * 2 ** 20, 81920 * 2 ** 20],
    [`gpu ${uuid(2)}`, 'gpu_mem_used', 1, 1024 * 2 ** 20, 1024 * 2 ** 20],
    [`gpu ${uuid(2)}`, 'gpu_util', 0, null, null],
  ];

  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  test.each<[string, string | Uint8Array]>([
    ['UTF-8', log],
    ['UTF-8 with a mark', `\uFEFF${log}`],
    ['UTF-16, as PowerShell writes it', utf16(`\uFEFF${log}`)],
    ['UTF-16 without a mark', utf16(log)],
    ['UTF-16, big end first', utf16(`\uFEFF${log}`).swap16()],
    ['gzip', gzipSync(log)],
    ['semicolons', log.replaceAll(', ', ';')],
  ])('%s: the same figures', async (_, content) => {
    const read = await load(content);
    expect(read).toMatchObject({
      status: 'loaded',
      format: 'nvidia-smi log',
      samplesRead: 12,
      samplesKept: 8,
    });
    expect(await seriesOf()).toEqual(expected);
    const hidden = (await listed()).find(({ name }) => name.endsWith(uuid(2)));
    const util = hidden?.series.find(({ metric }) => metric === 'gpu_util');
    expect(util).toMatchObject({ activeShare: null, max: null, unknown: { 'hidden by MIG': 2 } });
  });

  test('local times with a zone, and the finding where it was not said', async () => {
    expect(codes(await load(log))).toMatchObject({ TIME_ZONE: 1 });
    const read = await load(log, { timeZone: 'Europe/Berlin' }, 'berlin.csv');
    expect(read.firstAt).toBe('2026-07-03T20:00:00.000Z');
    expect(codes(read)['TIME_ZONE']).toBeUndefined();
  });

  test('a log that began again, with an error in it and a cut last row', async () => {
    const again = [
      log,
      'Unable to determine the device handle for GPU0: Unknown Error',
      header,
      row('2026/07/03 22:02:00.000', 1, '50 %, 0 MiB, 81920 MiB, Disabled'),
      '2026/07/03 22:03:00.000, GPU-1',
    ].join('\n');
    const read = await load(again);
    expect(codes(read)).toMatchObject({ ERROR_LINE: 1, CUT_ROW: 1 });
    expect(read.samplesRead).toBe(15);
  });

  test('hosts with the same index and no UUID are apart by --host', async () => {
    const bare = 'timestamp, index, utilization.gpu [%]\n2026/07/03 22:00:00, 0, 10 %\n';
    await load(bare, { host: 'a' }, 'a.csv');
    await load(bare.replace('10 %', '20 %'), { host: 'b' }, 'b.csv');
    expect(await seriesOf()).toEqual([
      ['gpu a/0', 'gpu_util', 1, 10, 10],
      ['gpu b/0', 'gpu_util', 1, 20, 20],
    ]);
  });

  test('logs of one name in two folders are of two machines', async () => {
    const bare = 'timestamp, index, utilization.gpu [%]\n2026/07/03 22:00:00, 0, 10 %\n';
    await load(bare, {}, 'a/gpu.csv');
    await load(bare.replace('10 %', '20 %'), {}, 'b/gpu.csv');
    expect((await seriesOf()).map(([, , samples, , max]) => [samples, max])).toEqual([
      [1, 10],
      [1, 20],
    ]);
  });

  test.each([
    [log.replace('98 %', 'busy'), 'VALUE_BAD', /row 2, column utilization\.gpu: "busy"/],
    [log.replace('98 %', '98 furlongs'), 'VALUE_BAD', /row 2, column utilization\.gpu/],
    [log.replace('2026/07/03 22:01', '2026/07/33 22:01'), 'DATE_BAD', /row 4, column timestamp/],
    [
      log.replaceAll('2026/07/03', '03/07/2026'),
      'DATE_BAD',
      /row 2, column timestamp.*day or the month first/,
    ],
    [log.replace(', Disabled\r\n', '\r\n'), 'ROW_BAD', /row 2: it has 6 cells, the header 7/],
    [
      log.replace('timestamp, ', '').replaceAll(/^2026[^,]*, /gm, ''),
      'COLUMN_MISSING',
      /timestamp/,
    ],
    [log.slice(log.indexOf('\n') + 1), 'NOT_TELEMETRY', /without its header/],
    ['', 'FILE_EMPTY', /empty/],
  ])('refused, naming row and column: %#', async (content, code, reason) => {
    const read = await load(content);
    expect(read).toMatchObject({ status: 'refused', code, samplesKept: 0 });
    expect(read.reason).toMatch(reason);
    expect(await listed()).toEqual([]);
  });
});

describe('Prometheus text', () => {
  const labels = `gpu="0", UUID="${uuid(1)}",Hostname="node-1",exported_pod="train-0",exported_namespace="vision",pod="exporter"`;

  test('ratios become percentages, mebibytes bytes; NaN and blanks are unknown', async () => {
    const text = [
      '# HELP DCGM_FI_PROF_SM_ACTIVE x',
      '# TYPE DCGM_FI_PROF_SM_ACTIVE gauge',
      `DCGM_FI_PROF_SM_ACTIVE{${labels}} 0.23 1783116669000`,
      `DCGM_FI_DEV_FB_USED{${labels}} 40960 1783116669000`,
      `DCGM_FI_DEV_GPU_UTIL{${labels}} NaN 1783116669000`,
      `DCGM_FI_PROF_DRAM_ACTIVE{${labels}} 140737488355328 1783116669000`,
      `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${labels}} 9223372036854775794 1783116669000`,
      `DCGM_FI_PROF_GR_ENGINE_ACTIVE{${labels}} 17 1783116669000`,
      `DCGM_FI_DEV_XID_ERRORS{${labels},err_msg="brace } and \\" quote"} 0`,
    ].join('\n');
    const read = await load(text);
    expect(read).toMatchObject({
      samplesRead: 7,
      samplesKept: 2,
      firstAt: '2026-07-03T22:11:09.000Z',
    });
    expect(codes(read)).toEqual({ UNKNOWN: 4, NOT_USED: 1 });
    const name = `gpu ${uuid(1)} | vision/train-0`;
    expect((await seriesOf()).filter(([, , samples]) => samples === 1)).toEqual([
      [name, 'gpu_mem_used', 1, 40960 * 2 ** 20, 40960 * 2 ** 20],
      [name, 'sm_active', 1, 23, 23],
    ]);
    expect(
      read.findings.filter(({ code }) => code === 'UNKNOWN').map(({ message }) => message),
    ).toEqual([
      '2 values are unknown: no value (DCGM).',
      'One value is unknown: not a number.',
      'One value is unknown: out of range.',
    ]);
  });

  test('rising counters: steps, a reset, a reading out of order, one network card each', async () => {
    const at = (minute: number) => 1_783_116_600_000 + minute * 60_000;
    const net = (device: string, value: number, minute: number, way = 'receive') =>
      `node_network_${way}_bytes_total{instance="10.0.0.7:9100",device="${device}"} ${value} ${at(minute)}`;
    const text = [
      net('eth0', 1000, 0),
      net('eth1', 50, 0),
      net('lo', 9e9, 0),
      net('eth0', 1500, 1),
      net('eth1', 60, 1),
      net('eth0', 1400, 0.5),
      net('eth0', 200, 2),
      net('eth0', 300, 3),
    ].join('\n');
    const read = await load(text);
    expect(codes(read)).toMatchObject({
      COUNTER_START: 2,
      OUT_OF_ORDER: 1,
      COUNTER_RESET: 1,
      NOT_USED: 1,
    });
    expect(read.samplesKept).toBe(4);
    const { cells } = await place.call('telemetry.heatmap', { metric: 'network_bytes' });
    const total = cells.flat().reduce((sum, cell) => sum + (cell?.value ?? 0), 0);
    // 500, 200 after the reset, 100, and 10 of the other card.
    expect(total).toBe(810);
  });

  test.each([
    [`DCGM_FI_DEV_GPU_UTIL{${labels}} 5`, 'DATE_BAD', /no time/],
    [
      `DCGM_FI_DEV_GPU_UTIL{${labels}} 5 1783116669000\nDCGM_FI_DEV_GPU_UTIL{${labels} 5`,
      'ROW_BAD',
      /row 2: its labels do not end/,
    ],
    [
      `DCGM_FI_DEV_GPU_UTIL{${labels}} 5 1783116669000\nDCGM_FI_DEV_GPU_UTIL{${labels}} five`,
      'ROW_BAD',
      /row 2: the value "five"/,
    ],
    [`DCGM_FI_DEV_GPU_UTIL{${labels}} 5 12`, 'DATE_BAD', /row 1: the time "12"/],
    ['DCGM_FI_DEV_GPU_UTIL{gpu=0} 5 1783116669000', 'ROW_BAD', /row 1: its labels cannot be read/],
  ])('refused, naming the row: %#', async (content, code, reason) => {
    const read = await load(content);
    expect(read).toMatchObject({ status: 'refused', code });
    expect(read.reason).toMatch(reason);
  });

  test('two scrapes in one file without times are refused even where a time is told', async () => {
    const line = `DCGM_FI_DEV_GPU_UTIL{${labels}} 5`;
    const read = await load(`${line}\n${line}`, { at: '2026-07-03T22:10:45Z' });
    expect(read).toMatchObject({ status: 'refused', code: 'ROW_BAD' });
    expect(read.reason).toContain('row 2');
  });
});

describe('Prometheus queries', () => {
  const series = (name: string | null, values: unknown[], more: object = {}) => ({
    metric: { ...(name ? { __name__: name } : {}), UUID: uuid(1), ...more },
    values,
  });
  const matrix = (...result: object[]) =>
    JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });

  test('a matrix, out of order and with a sample twice', async () => {
    const values = [
      [1783116660, '80'],
      [1783116600, '70'],
      [1783116660, '80'],
      [1783116720, 'NaN'],
      [1783116720.5, '90'],
    ];
    const read = await load(matrix(series('DCGM_FI_DEV_GPU_UTIL', values)));
    expect(read).toMatchObject({ format: 'Prometheus query', samplesRead: 5, samplesKept: 3 });
    expect(codes(read)).toMatchObject({ DUPLICATE: 1, UNKNOWN: 1 });
    expect(await seriesOf()).toEqual([[`gpu ${uuid(1)}`, 'gpu_util', 3, 70, 90]]);
  });

  test('a vector; keys in any order; pages behind each other; a list of pages', async () => {
    const page = (value: string, at: number) => ({
      data: {
        result: [
          { value: [at, value], metric: { UUID: uuid(1), __name__: 'DCGM_FI_DEV_GPU_UTIL' } },
        ],
        resultType: 'vector',
      },
      status: 'success',
    });
    await load(
      `${JSON.stringify(page('10', 1783116600))}\n${JSON.stringify(page('20', 1783116660), null, 2)}`,
    );
    expect(await seriesOf()).toEqual([[`gpu ${uuid(1)}`, 'gpu_util', 2, 10, 20]]);
    await load(JSON.stringify([page('30', 1783116720), page('40', 1783116780)]), {}, 'list.json');
    expect(await seriesOf()).toEqual([[`gpu ${uuid(1)}`, 'gpu_util', 4, 10, 40]]);
  });

  test('a series without a name is asked for, and told', async () => {
    const text = matrix({ metric: { instance: 'node-1:9100' }, values: [[1783116600, '12.5']] });
    expect(await load(text)).toMatchObject({ status: 'refused', code: 'COLUMN_MISSING' });
    expect(await load(text, { metric: 'nonsense' })).toMatchObject({
      status: 'refused',
      code: 'INVALID_INPUT',
    });
    await load(text, { metric: 'cpu_util' });
    expect(await seriesOf()).toEqual([['host node-1', 'cpu_util', 1, 12.5, 12.5]]);
  });

  test('text in labels that looks like JSON is text', async () => {
    const odd = '}]{"values":[[1,"2"]]} \\" \u00e9';
    await load(matrix(series('DCGM_FI_DEV_GPU_UTIL', [[1783116600, '1']], { exported_pod: odd })));
    expect((await listed())[0]?.labels['pod']).toBe(odd);
  });

  test.each([
    [matrix(series('DCGM_FI_DEV_GPU_UTIL', [[1783116600, 'x']])), 'ROW_BAD', /series 1, value 1/],
    [
      matrix(series('DCGM_FI_DEV_GPU_UTIL', [[1783116600, '1']])).slice(0, -3),
      'FILE_DAMAGED',
      /ends early/,
    ],
    [
      JSON.stringify({ status: 'error', error: 'query timed out' }),
      'NOT_TELEMETRY',
      /query timed out/,
    ],
    ['{"a": }', 'FILE_DAMAGED', /no valid JSON/],
    ['{"a": 1}', 'NOT_TELEMETRY', /JSON without metrics/],
  ])('refused: %#', async (content, code, reason) => {
    const read = await load(content);
    expect(read).toMatchObject({ status: 'refused', code });
    expect(read.reason).toMatch(reason);
  });
});

describe('CloudWatch', () => {
  const result = (id: string, label: string, values: number[]) => ({
    Id: id,
    Label: label,
    Timestamps: values.map((_, i) => `2026-07-21T14:${String(10 + i * 5)}:00+00:00`),
    Values: values,
    StatusCode: 'Complete',
  });

  test('queries beside their results name resource, metric and statistic, in any order', async () => {
    const query = (
      id: string,
      Stat: string,
      Namespace: string,
      MetricName: string,
      Dimensions: object[],
    ) => ({
      Id: id,
      MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 300, Stat },
    });
    const text = JSON.stringify({
      MetricDataResults: [
        result('a', 'x', [3, 91]),
        result('b', 'y', [320]),
        result('c', 'z', [7]),
      ],
      MetricDataQueries: [
        query('a', 'Maximum', 'AWS/EC2', 'CPUUtilization', [
          { Name: 'InstanceId', Value: 'i-0123456789abcdef0' },
        ]),
        query('b', 'Average', '/aws/sagemaker/Endpoints', 'CPUUtilization', [
          { Name: 'EndpointName', Value: 'chat' },
        ]),
        query('c', 'Sum', 'AWS/SageMaker', 'Invocations', [
          { Name: 'EndpointName', Value: 'chat' },
        ]),
      ],
    });
    await load(text);
    const shown = (await listed()).flatMap(({ kind, series }) =>
      series.map(({ metric, stat, max }) => [kind, metric, stat, max]),
    );
    expect(shown.sort((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['endpoint', 'cpu_util_sum', 'average', 320],
      ['endpoint', 'invocations', 'sum', 7],
      ['host', 'cpu_util', 'maximum', 91],
    ]);
  });

  test('a label that says it all, and partial answers', async () => {
    const label = 'InstanceId=i-0123456789abcdef0 NetworkIn Sum';
    const text = JSON.stringify({
      MetricDataResults: [{ ...result('a', label, [5]), StatusCode: 'PartialData' }],
      NextToken: 'x',
    });
    const read = await load(text);
    expect(codes(read)).toEqual({ PARTIAL: 1, MORE_PAGES: 1 });
    expect((await listed())[0]).toMatchObject({
      host: 'i-0123456789abcdef0',
      series: [{ metric: 'network_bytes', stat: 'sum' }],
    });
  });

  test('times and values that do not pair are refused', async () => {
    const bad = { ...result('a', 'CPUUtilization', [1]), Values: [1, 2] };
    const read = await load(JSON.stringify({ MetricDataResults: [bad] }));
    expect(read).toMatchObject({ status: 'refused', code: 'ROW_BAD' });
    expect(read.reason).toContain('result 1 (CPUUtilization): 1 times and 2 values');
  });
});

describe('Cloud Monitoring', () => {
  const point = (minute: number, value: object) => ({
    interval: {
      startTime: '2026-07-21T13:00:00Z',
      endTime: `2026-07-21T14:${String(minute).padStart(2, '0')}:00Z`,
    },
    value,
  });
  const resource = {
    type: 'gce_instance',
    labels: { instance_id: '4520031799277581759', zone: 'us-central1-a', project_id: 'p' },
  };

  test('points newest first, whole numbers as text, shares of one, running totals', async () => {
    const timeSeries = [
      {
        metric: {
          type: 'agent.googleapis.com/gpu/utilization',
          labels: { uuid: uuid(1), gpu_number: '0' },
        },
        resource,
        metricKind: 'GAUGE',
        valueType: 'DOUBLE',
        points: [point(2, { doubleValue: 90 }), point(1, { doubleValue: 80 })],
      },
      {
        metric: {
          type: 'agent.googleapis.com/gpu/memory/bytes_used',
          labels: { uuid: uuid(1), memory_state: 'used' },
        },
        resource,
        metricKind: 'GAUGE',
        valueType: 'INT64',
        points: [point(1, { int64Value: '42949672960' })],
      },
      {
        metric: {
          type: 'compute.googleapis.com/instance/cpu/utilization',
          labels: { instance_name: 'w-1' },
        },
        resource,
        metricKind: 'GAUGE',
        valueType: 'DOUBLE',
        points: [point(1, { doubleValue: 0.031 })],
      },
      {
        metric: { type: 'compute.googleapis.com/instance/network/received_bytes_count' },
        resource,
        metricKind: 'CUMULATIVE',
        valueType: 'INT64',
        points: [point(3, { int64Value: '160' }), point(2, { int64Value: '100' })],
      },
    ];
    const read = await load(JSON.stringify({ timeSeries, nextPageToken: '' }));
    expect(read).toMatchObject({ format: 'Cloud Monitoring', samplesRead: 6, samplesKept: 5 });
    const shown = (await listed()).flatMap(({ kind, host, series }) =>
      series.map(({ metric, samples, max }) => [kind, host, metric, samples, max]),
    );
    expect(shown).toEqual([
      ['gpu', '4520031799277581759', 'gpu_mem_used', 1, 42_949_672_960],
      ['gpu', '4520031799277581759', 'gpu_util', 2, 90],
      ['host', '4520031799277581759', 'cpu_util', 1, 3.1],
      ['host', '4520031799277581759', 'network_bytes', 1, 60],
    ]);
  });

  test('a list of series without an answer around it', async () => {
    const one = {
      metric: {
        type: 'kubernetes.io/container/accelerator/duty_cycle',
        labels: { accelerator_id: 'x' },
      },
      resource: { labels: { pod_name: 'a', namespace_name: 'b' } },
      points: [point(1, { int64Value: '55' })],
    };
    await load(JSON.stringify([one, { ...one, points: [point(2, { doubleValue: 'NaN' })] }]));
    expect((await listed())[0]?.series).toMatchObject([
      { metric: 'gpu_util', max: 55, unknown: { 'not a number': 1 } },
    ]);
  });
});
