import { describe, expect, test } from 'vitest';
import { heatMap as heatMapOf } from '../../shared/telemetry/heatmap.ts';
import type { Labels } from '../../shared/telemetry/identity.ts';
import { matchResources } from '../../shared/telemetry/match.ts';
import { bySubject, type HourlySeries, type HourWindow } from '../../shared/telemetry/series.ts';
import type { MetricId } from '../../shared/telemetry/metrics.ts';
import { summarise } from '../../shared/telemetry/summarise.ts';
import { firstHour, hourlySeries } from '../builders/telemetry.ts';

const fortnight = { from: firstHour, to: firstHour + 24 * 14 };
const gpu = { device: 'GPU-1' };
const GiB = 2 ** 30;
const figuresOf = (series: readonly HourlySeries[], facts = {}) => {
  const { figures, missing } = summarise(series, fortnight, facts);
  return {
    ...Object.fromEntries(Object.entries(figures).map(([id, { value }]) => [id, value])),
    missing: Object.fromEntries(missing.map(({ figure, reason }) => [figure, reason])),
  } as Record<string, unknown> & { missing: Record<string, string> };
};

describe('activity', () => {
  test('GPU-Util is not taken for work done when a better counter is there', () => {
    const util = hourlySeries({ ...gpu, metric: 'gpu_util' }, [100]);
    const sm = hourlySeries({ ...gpu, metric: 'sm_active' }, [23]);
    const engine = hourlySeries({ ...gpu, metric: 'gr_engine_active' }, [61]);
    const tensor = hourlySeries({ ...gpu, metric: 'tensor_active' }, [11]);
    const dram = hourlySeries({ ...gpu, metric: 'dram_active' }, [34]);
    expect(figuresOf([util])['gpu_util_p95']).toBe(100);
    expect(figuresOf([util, tensor, dram])['gpu_util_p95']).toBe(34);
    expect(figuresOf([util, tensor, dram, engine])['gpu_util_p95']).toBe(61);
    expect(figuresOf([util, tensor, dram, engine, sm])['gpu_util_p95']).toBe(23);
    expect(summarise([util], fortnight).figures.gpu_util_p95?.note).toContain('upper bound');
    expect(summarise([util, sm], fortnight).figures.gpu_util_p95?.sources).toEqual([
      'test:sm_active',
    ]);
  });

  test('an hour without the better counter takes the next one', () => {
    const sm = hourlySeries({ ...gpu, metric: 'sm_active' }, [20], 1);
    const util = hourlySeries({ ...gpu, metric: 'gpu_util' }, [90]);
    expect(summarise([util, sm], fortnight).figures.gpu_util_p95).toMatchObject({
      value: 90,
      hours: 24 * 14,
    });
  });

  test('a GPU-busy, CPU-idle trainer is active all the time', () => {
    const figures = figuresOf([
      hourlySeries({ ...gpu, metric: 'sm_active' }, [95]),
      hourlySeries({ ...gpu, metric: 'gpu_mem_used' }, [70 * GiB]),
      hourlySeries({ metric: 'cpu_util' }, [1]),
    ]);
    expect(figures).toMatchObject({ gpu_active_share: 1, cpu_max_pct: 1, gpu_mem_peak_gib: 70 });
  });

  test('any counter that saw activity keeps a GPU from being idle', () => {
    const figures = figuresOf([
      hourlySeries({ ...gpu, metric: 'tensor_active' }, [0]),
      hourlySeries({ ...gpu, metric: 'gpu_util' }, [0, 0, 0, 80]),
      hourlySeries({ ...gpu, metric: 'gpu_mem_used' }, [GiB]),
    ]);
    expect(figures).toMatchObject({ gpu_util_p95: 0, gpu_active_share: 0.25 });
  });

  test('100 % with 0 MiB in use is a contradiction: unknown, not busy and not idle', () => {
    const { figures, missing } = summarise(
      [
        hourlySeries({ ...gpu, metric: 'gpu_util' }, [100]),
        hourlySeries({ ...gpu, metric: 'gpu_mem_used' }, [0]),
      ],
      fortnight,
    );
    expect(figures.gpu_util_p95).toBeUndefined();
    expect(figures.gpu_active_share).toBeUndefined();
    expect(missing.find(({ figure }) => figure === 'gpu_active_share')?.reason).toMatch(
      /GPU-Util is above 0 with no GPU memory in use/,
    );
  });

  test('0 % with 0 MiB is idle, and known', () => {
    const figures = figuresOf([
      hourlySeries({ ...gpu, metric: 'gpu_util' }, [0]),
      hourlySeries({ ...gpu, metric: 'gpu_mem_used' }, [0]),
    ]);
    expect(figures).toMatchObject({ gpu_util_p95: 0, gpu_active_share: 0, busy_gpus_max: 0 });
  });

  test('MIG hides GPU-Util: unknown with the way out, memory known', () => {
    const figures = figuresOf([
      hourlySeries({ ...gpu, metric: 'gpu_mem_used' }, [GiB]),
      hourlySeries({ ...gpu, metric: 'gpu_mem_total' }, [40 * GiB]),
    ]);
    expect(figures['gpu_util_p95']).toBeUndefined();
    expect(figures.missing['gpu_util_p95']).toContain('DCGM_FI_PROF_GR_ENGINE_ACTIVE');
    expect(figures).toMatchObject({ gpu_mem_peak_gib: 1, gpu_mem_peak_pct: 2.5 });
  });

  test('one busy GPU of eight: its level, not the mean of all', () => {
    const all = Array.from({ length: 8 }, (_, i) =>
      hourlySeries({ device: `GPU-${i}`, metric: 'sm_active' }, [i === 3 ? 88 : 0]),
    );
    expect(figuresOf(all)).toMatchObject({
      gpu_util_p95: 88,
      busy_gpus_max: 1,
      gpu_active_share: 1,
    });
  });
});

describe('figures', () => {
  test('nothing measured: every figure is missing with a reason, none is 0', () => {
    const { figures, missing } = summarise([], fortnight);
    expect(figures).toEqual({});
    expect(missing).toHaveLength(12);
    expect(missing.every(({ reason }) => reason.length > 5)).toBe(true);
  });

  test('memory from used, free and reserved where the total is not there', () => {
    const figures = figuresOf([
      hourlySeries({ ...gpu, metric: 'gpu_mem_used' }, [10 * GiB, 30 * GiB]),
      hourlySeries({ ...gpu, metric: 'gpu_mem_free' }, [29 * GiB, 9 * GiB]),
      hourlySeries({ ...gpu, metric: 'gpu_mem_reserved' }, [GiB, GiB]),
    ]);
    expect(figures['gpu_mem_peak_pct']).toBe(75);
  });

  test('memory whose size nobody says has no share', () => {
    const used = hourlySeries({ ...gpu, metric: 'gpu_mem_used' }, [10 * GiB]);
    expect(figuresOf([used]).missing['gpu_mem_peak_pct']).toContain('not known');
    expect(figuresOf([used], { gpuMemoryBytes: 40 * GiB })['gpu_mem_peak_pct']).toBe(25);
  });

  test('SageMaker adds shares up over processors: divided by their number, or unknown', () => {
    const series = [
      hourlySeries({ metric: 'gpu_util_sum', stat: 'average' }, [320]),
      hourlySeries({ metric: 'cpu_util_sum', stat: 'average' }, [480]),
    ];
    const unknown = figuresOf(series);
    expect(unknown['cpu_p99_5']).toBeUndefined();
    expect(unknown.missing['gpu_util_p95']).toContain('added up over GPUs');
    expect(figuresOf(series, { gpus: 4, vcpus: 48 })).toMatchObject({
      gpu_util_p95: 80,
      cpu_p99_5: 10,
    });
  });

  test('network a day in and out, once however many kinds of source there are', () => {
    const sum = { metric: 'network_bytes' as const, stat: 'sum' as const };
    const series = [
      hourlySeries({ ...sum, source: 'cloudwatch:NetworkIn' }, [1e6]),
      hourlySeries({ ...sum, source: 'cloudwatch:NetworkOut' }, [0.5e6]),
      hourlySeries(
        { metric: 'network_bytes', source: 'node:node_network_receive_bytes_total' },
        [1e6],
        24,
      ),
    ];
    expect(figuresOf(series)['network_mb_day']).toBeCloseTo(36, 9);
    const averages = [hourlySeries({ metric: 'network_bytes', stat: 'average' }, [1e6])];
    expect(figuresOf(averages).missing['network_mb_day']).toContain('Sum');
  });

  test('no invocations in the samples there are is unknown, until they cover the 14 days', () => {
    const none = { metric: 'invocations' as const, stat: 'sum' as const };
    const some = figuresOf([hourlySeries(none, [0], 24)]);
    expect(some['invocations_14d']).toBeUndefined();
    expect(some.missing['invocations_14d']).toContain('24 of 336');
    expect(figuresOf([hourlySeries(none, [0])])['invocations_14d']).toBe(0);
    expect(figuresOf([hourlySeries(none, [3], 24)])['invocations_14d']).toBe(72);
  });

  test('memory of a machine from what is available', () => {
    const figures = figuresOf([
      hourlySeries({ metric: 'mem_available' }, [64 * GiB, 16 * GiB]),
      hourlySeries({ metric: 'mem_total' }, [64 * GiB, 64 * GiB]),
    ]);
    expect(figures['mem_p99_5']).toBeCloseTo(75, 0);
  });

  test('span and hours', () => {
    const figures = figuresOf([
      hourlySeries({ ...gpu, metric: 'sm_active' }, [50], 36),
      hourlySeries({ metric: 'cpu_util' }, [50], 48),
    ]);
    expect(figures).toMatchObject({ lookback_days: 2, metric_hours: 36 });
  });

  test('a maximum is a maximum; of averages it says so', () => {
    const average = hourlySeries({ metric: 'cpu_util', stat: 'average' }, [4]);
    const maximum = hourlySeries({ metric: 'cpu_util', stat: 'maximum' }, [91]);
    expect(figuresOf([average, maximum])).toMatchObject({ cpu_max_pct: 91, cpu_p99_5: 4 });
    expect(summarise([average], fortnight).figures.cpu_max_pct?.note).toContain('may be higher');
  });
});

describe('heat map', () => {
  const heatMap = (
    series: readonly HourlySeries[],
    window: HourWindow,
    metric: MetricId | 'activity',
  ) => heatMapOf(bySubject(series), window, metric);
  const day = Math.ceil(firstHour / 24);
  test('unknown hours are null, known ones have value and quality', () => {
    const map = heatMap(
      [hourlySeries({ ...gpu, metric: 'sm_active' }, [10, 30], 24)],
      { from: day * 24, to: (day + 2) * 24 },
      'activity',
    );
    expect(map.days).toEqual(['2027-01-16', '2027-01-17']);
    const known = map.cells.flat().filter((cell) => cell !== null);
    expect(known).toHaveLength(firstHour + 24 - day * 24);
    expect(known[0]).toEqual({
      value: 20,
      p95: 30,
      max: 30,
      activeShare: 1,
      samples: 2,
      subjects: 1,
    });
    expect(map.cells[1]?.every((cell) => cell === null)).toBe(true);
    expect(map.metrics).toEqual(['sm_active']);
  });

  test('several GPUs: the mean of those that are known; bytes add up', () => {
    const window = { from: firstHour, to: firstHour + 1 };
    const two = heatMap(
      [
        hourlySeries({ device: 'GPU-1', metric: 'sm_active' }, [80]),
        hourlySeries({ device: 'GPU-2', metric: 'sm_active' }, [20]),
      ],
      window,
      'activity',
    );
    const cell = two.cells.flat().find((one) => one !== null);
    expect([cell?.value, cell?.subjects, cell?.max]).toEqual([50, 2, 80]);
    const bytes = heatMap(
      ['in', 'out'].map((way) =>
        hourlySeries({ metric: 'network_bytes', stat: 'sum', source: `x:${way}` }, [5, 5]),
      ),
      window,
      'network_bytes',
    );
    expect(bytes.cells.flat().find((one) => one !== null)?.value).toBe(20);
  });
});

describe('matching', () => {
  const arn = 'arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0';
  const billed = [
    arn,
    'i-0fedcba9876543210',
    'arn:aws:sagemaker:us-east-1:111122223333:endpoint/chat-prod',
    'arn:aws:sagemaker:us-east-1:111122223333:training-job/train-7',
    '//compute.googleapis.com/projects/p/zones/us-central1-a/instances/gpu-worker-1',
    'projects/p/instances/gpu-worker-2',
    'projects/q/instances/gpu-worker-2',
    'arn:aws:eks:us-east-1:111122223333:pod/prod/vision/train-0/uid-1',
  ];
  const match = (labels: Labels) => {
    const { matches, unmatched } = matchResources([{ id: 1, labels }], billed);
    expect(matches.length + unmatched.length).toBe(1);
    return matches[0] ? [matches[0].billed, matches[0].rule] : unmatched[0]?.reason;
  };

  test.each<[Labels, string, string]>([
    [{ instanceId: 'i-0123456789abcdef0' }, arn, 'instance id'],
    [{ instanceId: 'i-0fedcba9876543210', node: 'x' }, 'i-0fedcba9876543210', 'instance id'],
    [{ endpoint: 'Chat-Prod' }, billed[2] ?? '', 'endpoint'],
    [{ job: 'train-7', host: 'train-7/algo-1' }, billed[3] ?? '', 'job'],
    [{ node: 'gpu-worker-1' }, billed[4] ?? '', 'node name'],
    [{ host: 'gpu-worker-1.c.p.internal' }, billed[4] ?? '', 'host name'],
    [{ namespace: 'vision', pod: 'train-0' }, billed[7] ?? '', 'pod'],
  ])('%j', (labels, id, rule) => {
    expect(match(labels)).toEqual([id, rule]);
  });

  test('two of one name are not guessed', () => {
    expect(match({ host: 'gpu-worker-2' })).toBe(
      '2 billed resources share the host name gpu-worker-2',
    );
  });

  test('an instance id in two spellings is one instance', () => {
    const id = 'i-0123456789abcdef0';
    const { matches } = matchResources([{ id: 1, labels: { instanceId: id } }], [arn, id]);
    expect(matches[0]?.billed).toBe(id);
  });

  test('a job is no endpoint of the same name, an address no name', () => {
    expect(match({ endpoint: 'train-7' })).toContain('nothing in the bill is called train-7');
    expect(match({ host: '10.0.0.1' })).toContain('10.0.0.1');
    expect(match({ file: 'a.csv', gpu: '0' })).toContain('names no instance');
  });
});
