import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measuredResource, prometheusLabels } from '../../shared/telemetry/identity.ts';
import { type ClockOptions, readTime } from '../../shared/telemetry/times.ts';
import { isDcgmBlank, outOfPlace, readCell } from '../../shared/telemetry/values.ts';
import { campaign } from '../builders/campaign.ts';

describe('cells', () => {
  test.each([
    ['98 %', 98, '%'],
    ['98%', 98, '%'],
    ['98,5 %', 98.5, '%'],
    ['40960 MiB', 40960, 'MiB'],
    ['627.40 W', 627.4, 'W'],
    ['  0 ', 0, null],
    ['1.5e3', 1500, null],
  ])('%s', (text, value, unit) => {
    expect(readCell(text)).toEqual({ kind: 'value', value, unit });
  });

  test.each([
    ['[N/A]', 'not available'],
    ['N/A', 'not available'],
    ['[Not Supported]', 'not supported'],
    ['[Requested functionality has been deprecated]', 'not supported'],
    ['[Insufficient Permissions]', 'not supported'],
    ['ERR!', 'error'],
    ['[Unknown Error]', 'error'],
    ['[GPU is lost]', 'error'],
    ['nan', 'not a number'],
    ['', 'empty'],
  ])('%s is unknown, not 0', (text, reason) => {
    expect(readCell(text)).toEqual({ kind: 'blank', reason });
  });

  test.each(['busy', '12 34', '1,024', '0x1f', '5 % %', '--3'])('%s is refused', (text) => {
    expect(readCell(text)).toEqual({ kind: 'bad' });
  });

  test("DCGM's blank values, as whole numbers and as doubles", () => {
    for (const n of [0n, 1n, 2n, 3n]) {
      expect(isDcgmBlank(Number(9_223_372_036_854_775_792n + n))).toBe(true);
      expect(isDcgmBlank(2_147_483_632 + Number(n))).toBe(true);
      expect(isDcgmBlank(140_737_488_355_328 + Number(n))).toBe(true);
    }
    expect(isDcgmBlank(Number('9.223372036854776e+18'))).toBe(true);
    for (const real of [0, 100, 143_771, 2_147_483_631, 140_737_488_355_327]) {
      expect(isDcgmBlank(real)).toBe(false);
    }
  });

  test('what a metric cannot be is unknown', () => {
    expect(outOfPlace('gpu_util', 250)).toBe('out of range');
    expect(outOfPlace('gpu_mem_used', -1)).toBe('out of range');
    expect(outOfPlace('sm_active', NaN)).toBe('not a number');
    expect(outOfPlace('cpu_util_sum', 400)).toBeNull();
  });
});

describe('times', () => {
  const utc: ClockOptions = { timeZone: 'UTC', dateOrder: undefined };
  const iso = (text: string, options = utc, after?: number) => {
    const read = readTime(text, options, after);
    return read.kind === 'time' ? new Date(read.ms).toISOString() : read.kind;
  };

  test.each([
    ['2026/07/03 22:11:09.763', '2026-07-03T22:11:09.763Z'],
    ['2026-07-03T22:11:09+02:00', '2026-07-03T20:11:09.000Z'],
    ['2026-07-03 22:11', '2026-07-03T22:11:00.000Z'],
    ['03.07.2026 22:11:09,5', '2026-07-03T22:11:09.500Z'],
    ['7/3/2026 10:11:09 PM', '2026-07-03T22:11:09.000Z'],
    ['7/3/2026 12:11:09 AM', '2026-07-03T00:11:09.000Z'],
    ['25/07/2026 22:11:09', '2026-07-25T22:11:09.000Z'],
    ['07/25/2026 22:11:09', '2026-07-25T22:11:09.000Z'],
    ['1783116669', '2026-07-03T22:11:09.000Z'],
    ['1783116669763', '2026-07-03T22:11:09.763Z'],
    ['1662858720.0', '2022-09-11T01:12:00.000Z'],
  ])('%s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  test('day or month first is asked, not guessed', () => {
    expect(iso('03/07/2026 22:11:09')).toBe('undecided');
    expect(iso('03/07/2026 22:11:09', { ...utc, dateOrder: 'dmy' })).toContain('2026-07-03');
    expect(iso('03/07/2026 22:11:09', { ...utc, dateOrder: 'mdy' })).toContain('2026-03-07');
  });

  test.each(['', 'yesterday', '2026/02/30 00:00:00', '2026/13/01 00:00:00', '2026/01/01 25:00:00'])(
    '"%s" is no time',
    (text) => {
      expect(iso(text)).toBe('bad');
    },
  );

  test('local time, and the hour that the clock shows twice', () => {
    const berlin = { ...utc, timeZone: 'Europe/Berlin' };
    expect(iso('2026/07/03 22:00:00', berlin)).toBe('2026-07-03T20:00:00.000Z');
    expect(iso('2026/01/03 22:00:00', berlin)).toBe('2026-01-03T21:00:00.000Z');
    const first = iso('2026/10/25 02:30:00', berlin, Date.parse('2026-10-25T00:00:00Z'));
    expect(first).toBe('2026-10-25T00:30:00.000Z');
    const second = iso('2026/10/25 02:10:00', berlin, Date.parse('2026-10-25T00:59:00Z'));
    expect(second).toBe('2026-10-25T01:10:00.000Z');
    expect(iso('2026/07/03 22:00:00', { ...utc, timeZone: '+05:30' })).toBe(
      '2026-07-03T16:30:00.000Z',
    );
  });

  test('a log of a whole day in local time is the day in UTC, whatever the zone', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
    );
    const start = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 30) });
    fc.assert(
      fc.property(zones, start, (timeZone, from) => {
        const format = new Intl.DateTimeFormat('sv-SE', {
          timeZone,
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
          hour: '2-digit',
          minute: '2-digit',
          second: '2-digit',
        });
        let last = from - 1;
        for (let ms = Math.ceil(from / 600_000) * 600_000; ms < from + 86_400_000; ms += 600_000) {
          const read = readTime(format.format(ms), { ...utc, timeZone }, last);
          expect(read).toEqual({ kind: 'time', ms });
          last = ms;
        }
      }),
      campaign('local times of a day', 60),
    );
  });
});

describe('identity', () => {
  const gpu = (labels: Record<string, string>) =>
    measuredResource(prometheusLabels(labels), 'f.prom');

  test('a UUID is the GPU, wherever it is read', () => {
    const a = gpu({ UUID: 'GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52', gpu: '0', Hostname: 'a' });
    const b = gpu({ uuid: '604AC76C-d9cf-fef3-62e9-d92044ab6e52', instance: 'b:9400' });
    expect(a.device).toBe(b.device);
    expect(a.key).toBe(b.key);
  });

  test('GPU 0 of two hosts is two GPUs', () => {
    expect(gpu({ gpu: '0', Hostname: 'a' }).key).not.toBe(gpu({ gpu: '0', Hostname: 'b' }).key);
  });

  test('a masked UUID and no host: known by the file only', () => {
    const masked = gpu({ uuid: '00000000-0000-0000-0000-000000000000', index: '0' });
    expect(masked.labels).toMatchObject({ file: 'f.prom' });
    expect(masked.labels.uuid).toBeUndefined();
  });

  test('MIG instances of one GPU are apart, and their kind says so', () => {
    const base = { UUID: 'GPU-604ac76c', Hostname: 'a' };
    const one = gpu({ ...base, GPU_I_ID: '1', GPU_I_PROFILE: '1g.5gb' });
    const two = gpu({ ...base, GPU_I_ID: '2' });
    expect([one.kind, one.device === two.device]).toEqual(['mig', false]);
  });

  test("the exporter's own pod is not what ran on the GPU", () => {
    const scraped = { UUID: 'GPU-604ac76c', pod: 'dcgm-exporter-x', namespace: 'monitoring' };
    const seen = gpu({ ...scraped, exported_pod: 'train-0', exported_namespace: 'vision' });
    expect(seen.labels).toMatchObject({ pod: 'train-0', namespace: 'vision' });
    // An idle GPU has nobody on it: the exporter's own labels still are not it.
    const idle = gpu({ ...scraped, exported_pod: '', exported_namespace: '' });
    expect(idle.labels.pod).toBeUndefined();
  });
});
