import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../electron/core/store/open.ts';
import { telemetryFiles } from '../../electron/core/sample/telemetry.ts';
import { summaryOfBilled } from '../../electron/core/telemetry/summary.ts';
import type { SummaryFacts } from '../../shared/telemetry/figures.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';
import { charges } from './sampleBill.ts';

/** What the sample company measured, loaded with its bill in one go and removed in one go. */
let place: Workspace;
/** Resource id and day -> hours billed. */
const billedHours = new Map<string, number>();
/** Resource name -> its ids in the bill. */
const ids = new Map<string, string>();

beforeAll(async () => {
  for (const { charge } of charges()) {
    const { ResourceId: id = '', ResourceName: name = '', ConsumedUnit: unit } = charge;
    if (id === '' || unit !== 'Hours') continue;
    ids.set(name, id);
    const key = `${id} ${charge['ChargePeriodStart']?.slice(0, 10)}`;
    billedHours.set(key, (billedHours.get(key) ?? 0) + Number(charge['ConsumedQuantity']));
  }
  place = workspace();
  await place.call('import.sample', { job: 'sample' });
}, 120_000);
afterAll(() => place.close());

const all = () => [...ids.values()];
const hour = (time: string) => Date.parse(time) / 3_600_000;
/** The last fortnight of the bill. */
const window = { from: hour('2026-11-08T00:00:00Z'), to: hour('2026-11-22T00:00:00Z') };

function figures(names: readonly string[], facts: SummaryFacts = {}, span = window) {
  const db = openStore(place.data, new Date());
  try {
    const of = names.map((name) => ids.get(name) ?? `no ${name}`);
    const summary = summaryOfBilled(db, { of, all: all() }, span, facts);
    return {
      value: (id: keyof typeof summary.figures) => summary.figures[id]?.value,
      missing: new Map(summary.missing.map(({ figure, reason }) => [figure, reason])),
    };
  } finally {
    db.close();
  }
}

describe('the telemetry of the sample company', () => {
  test('is the same every time', () => {
    const hashes = () =>
      telemetryFiles().map(({ text }) => {
        const hash = createHash('sha256');
        for (const piece of text()) hash.update(piece);
        return hash.digest('hex');
      });
    expect(hashes()).toEqual(hashes());
  });

  test('comes in three formats; every value is kept or unknown for a reason, all of it is a billed resource', async () => {
    const { loads, resourceCount, matched } = await place.call('telemetry.list', { limit: 1 });
    expect(
      loads
        .toReversed()
        .map(({ file, format, status, findings }) => [
          file,
          format,
          status,
          findings.map(({ code }) => code),
        ]),
    ).toEqual([
      ['prometheus-gpu-clusters.json', 'Prometheus query', 'loaded', ['COUNTER_START']],
      ['cloudwatch-metric-data.json', 'CloudWatch metrics', 'loaded', []],
      ['nvidia-smi-rank-nd-01.csv', 'nvidia-smi log', 'loaded', []],
      ['nvidia-smi-rank-eval-03.csv', 'nvidia-smi log', 'loaded', ['UNKNOWN']],
    ]);
    for (const { samplesRead, samplesKept, findings } of loads) {
      const left = findings.reduce((sum, { count }) => sum + count, 0);
      expect(samplesKept + left).toBe(samplesRead);
    }
    expect(matched).toBe(resourceCount);
    expect(loads.map(({ lastAt }) => lastAt?.slice(0, 10))).toEqual(loads.map(() => '2026-11-21'));
  });

  test('says nothing of an hour in which the machine is not billed', () => {
    const db = openStore(place.data, new Date());
    try {
      const rows = db
        .prepare(
          `SELECT labels, day, max(hours) AS hours FROM telemetry_day
           JOIN telemetry_series AS series ON series_id = series.id
           JOIN telemetry_resource AS resource ON resource_id = resource.id
           WHERE metric NOT IN ('gpu_mem_total') GROUP BY resource.id, day`,
        )
        .all() as { labels: string; day: number; hours: number }[];
      let compared = 0;
      for (const { labels, day, hours } of rows) {
        const said = JSON.parse(labels) as Record<string, string>;
        const own = said['instanceId'] ?? said['host'] ?? said['endpoint'] ?? '';
        const id = all().find((billed) => billed.endsWith(`/${own}`));
        if (!id) continue;
        const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
        const billed = billedHours.get(`${id} ${date}`) ?? 0;
        expect(hours, `${own} ${date}`).toBeLessThanOrEqual(Math.ceil(billed));
        expect(hours, `${own} ${date}`).toBeGreaterThanOrEqual(Math.floor(billed) - 1);
        compared += 1;
      }
      expect(compared).toBeGreaterThan(5_000);
    } finally {
      db.close();
    }
  });
});

describe('tells of each workload what a plan must see', () => {
  test('a trainer that is used well', () => {
    const { value } = figures(['pretrain-b1-01']);
    expect(value('gpu_util_p95')).toBeGreaterThan(80);
    expect(value('gpu_mem_peak_pct')).toBeGreaterThan(85);
    expect(value('busy_gpus_max')).toBe(8);
  });

  test('a tuning job whose GPUs work while its processors rest is busy', () => {
    const { value } = figures(['sft-nightly'], { gpus: 8, vcpus: 96 });
    expect(value('gpu_util_p95')).toBeGreaterThan(90);
    expect(value('gpu_active_share')).toBe(1);
    expect(value('cpu_max_pct')).toBeLessThan(5);
  });

  test('an endpoint that was never asked, beside ones that were', () => {
    expect(figures(['guardrails-04']).value('invocations_14d')).toBe(0);
    expect(figures(['guardrails-01']).value('invocations_14d')).toBeGreaterThan(100_000);
  });

  test('chat machines with a quarter of their memory in use, quiet at night and at the weekend', async () => {
    const { value } = figures(['chat-eu-01']);
    expect(value('gpu_mem_peak_pct')).toBeLessThan(25);
    expect(value('gpu_util_p95')).toBeLessThan(35);
    const { days, cells } = await place.call('telemetry.heatmap', {
      billed: [ids.get('chat-eu-01') ?? ''],
      from: '2026-11-09',
      to: '2026-11-23',
    });
    const at = (day: string, of: number) => cells[days.indexOf(day)]?.[of]?.value ?? Number.NaN;
    // A Wednesday and a Sunday.
    expect(at('2026-11-18', 12)).toBeGreaterThan(3 * at('2026-11-18', 3));
    expect(at('2026-11-15', 12)).toBeLessThan(0.75 * at('2026-11-18', 12));
  });

  test('notebooks that use one GPU of four in working hours', () => {
    const { value } = figures(['notebook-01']);
    expect(value('busy_gpus_max')).toBe(1);
    expect(value('gpu_active_share')).toBeLessThan(0.8);
  });

  test('a staging service that meets every condition of an idle GPU', () => {
    for (const name of ['rerank-01', 'rerank-02']) {
      const { value } = figures([name], { gpuMemoryBytes: 40 * 2 ** 30 });
      expect(value('lookback_days')).toBe(14);
      expect(value('gpu_active_share')).toBe(0);
      expect(value('gpu_mem_peak_pct')).toBeLessThan(5);
      expect(value('cpu_max_pct')).toBeLessThan(5);
      expect(value('network_mb_day')).toBeLessThan(5);
    }
  });

  test('a cluster left on after its run, too lately for a judgement over 14 days', () => {
    const { value } = figures(['pretrain-b2-01']);
    expect(value('lookback_days')).toBeLessThanOrEqual(5);
    const after = { from: hour('2026-11-18T05:00:00Z'), to: window.to };
    expect(figures(['pretrain-b2-01'], {}, after).value('gpu_active_share')).toBe(0);
  });

  test('GPUs that wait for their data', () => {
    const { value } = figures(['pretrain-a3-01']);
    expect(value('gpu_util_p95')).toBeLessThan(60);
    expect(value('cpu_p99_5')).toBeGreaterThan(95);
  });

  test('a MIG host whose use is unknown, not 0', () => {
    const { value, missing } = figures(['rank-eval-03']);
    expect(value('gpu_util_p95')).toBeUndefined();
    expect(value('gpu_active_share')).toBeUndefined();
    expect(missing.get('gpu_util_p95')).toContain('MIG');
    expect(value('gpu_mem_peak_gib')).toBeGreaterThan(20);
  });

  test('machines of which only the processors are measured, and machines of which nothing is', () => {
    const embed = figures(['embed-01']);
    expect(embed.value('cpu_max_pct')).toBeGreaterThan(25);
    expect(embed.missing.get('gpu_util_p95')).toBe('no GPU was measured');
    const vision = figures(['vision-01']);
    expect(ids.has('vision-01')).toBe(true);
    expect(vision.value('metric_hours')).toBeUndefined();
  });
});

test('goes with the bill in one go, comes again, and leaves what others measured', async () => {
  const again = await place.call('import.sample', { job: 'again' });
  expect(again.loads.every(({ status }) => status === 'unchanged')).toBe(true);
  const own = place.file(
    'own.prom',
    `DCGM_FI_PROF_SM_ACTIVE{gpu="0",Hostname="ours"} 0.5 ${Date.parse('2026-11-10T00:00:00Z')}\n`,
  );
  await place.call('telemetry.import', { job: 'own', paths: [own] });
  const sheet = place.file('own.csv', 'provider,sku,unit,price,currency\naws,x1,Hour,2,USD\n');
  await place.call('prices.import', { job: 'sheet', paths: [sheet] });
  const prices = await place.call('prices.list', {});
  expect(prices.sheets.map(({ file }) => file).toSorted()).toEqual([
    'negotiated-prices.csv',
    'own.csv',
  ]);

  await place.call('sources.remove', { source: 'sample' });
  const left = await place.call('telemetry.list', {});
  expect(left.resources.map(({ host }) => host)).toEqual(['ours']);
  expect(left.loads.map(({ file }) => file)).toEqual(['own.prom']);
  const { sheets } = await place.call('prices.list', {});
  expect(sheets.map(({ file }) => file)).toEqual(['own.csv']);
  expect((await place.refusal('sources.remove', { source: 'sample' })).code).toBe('NOT_FOUND');
  expect((await place.call('app.doctor', {})).healthy).toBe(true);

  await place.call('import.sample', { job: 'back' });
  expect((await place.call('telemetry.list', { limit: 1 })).resourceCount).toBeGreaterThan(200);
}, 120_000);
