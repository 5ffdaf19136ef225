import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { packColumn } from '../../electron/core/store/columns.ts';
import type { CallInput, CallOutput } from '../../shared/contract/contract.ts';
import { type Exact, exactOf, formatExact } from '../../shared/domain/exact.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';
import { charges } from './sampleBill.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Overview = CallOutput<'workloads.overview'>;

let place: Workspace;
beforeAll(async () => {
  place = workspace();
  await place.call('import.sample', { job: 'sample' });
});
afterAll(() => place.close());

const october = { from: '2026-10', to: '2026-11' } as const;
const overview = (input: CallInput<'workloads.overview'> = {}) =>
  place.call('workloads.overview', input);
const sum = (amounts: readonly (string | null)[]): string =>
  formatExact(amounts.reduce<Exact>((total, one) => total + exactOf(one ?? '0'), 0n));
const setRules = (rules: unknown[], apply = true) =>
  place.call('rules.set', { text: JSON.stringify({ rules }), apply });
/** Everything that must add up, in any answer. */
function expectTied(answer: Overview): void {
  expect(sum(answer.purposes.map(({ cost }) => cost))).toBe(answer.total.cost);
  for (const { cost, points } of answer.purposes) expect(sum(points)).toBe(cost);
  const ai = answer.purposes.filter((one) => one.ai).map(({ cost }) => cost);
  expect(sum(ai)).toBe(answer.ai.cost);
  expect(
    sum([...answer.workloads.map(({ cost }) => cost), answer.restCost, answer.unassigned.cost]),
  ).toBe(answer.ai.cost);
  for (const { purposes, cost } of answer.workloads) {
    expect(sum(purposes.map((part) => part.cost))).toBe(cost);
  }
  for (const { cost, shares } of answer.splits)
    expect(sum(shares.map((one) => one.cost))).toBe(cost);
  for (const list of [answer.unassigned, answer.unexplained, answer.untagged]) {
    expect(sum([...list.rows.map(({ cost }) => cost), list.restCost])).toBe(list.cost ?? '0');
  }
}

describe('the sample company', () => {
  test.each([
    [{}],
    [october],
    [{ ...october, granularity: 'month' as const }],
    [{ from: '2026-10-05', to: '2026-10-19' }],
    [{ period: '2026-10' }],
    [{ metric: 'billed' as const, limit: 5 }],
    [{ metric: 'list' as const, ...october }],
  ])('adds up to its exact total: %j', async (input) => {
    const answer = await overview(input);
    expectTied(answer);
    const { totals } = await place.call('costs.query', {
      metric: answer.metric,
      ...('period' in input
        ? { period: input.period }
        : { from: answer.range.from, to: answer.range.to }),
    });
    expect([answer.total]).toEqual(totals);
  });

  test('every AI charge has a purpose with a reason, and most of it a workload', async () => {
    const answer = await overview();
    const ids = answer.workloads.map(({ id }) => id);
    expect(ids).toContain('workload:llm-pretrain-b');
    for (const row of answer.workloads) {
      expect(row.reason, row.id).toMatch(/^.+\.$/s);
      expect(row.rule).not.toBe('');
      expect(row.purpose).not.toBe('not-ai');
    }
    for (const row of answer.unexplained.rows) expect(row.reason).toMatch(/\.$/);
    const unexplained = Number(answer.unexplained.cost) / Number(answer.ai.cost);
    expect(unexplained).toBeLessThan(0.05);
    const found = new Set(answer.purposes.map(({ purpose }) => purpose));
    for (const purpose of ['training', 'fine-tuning', 'inference', 'managed-api', 'licence']) {
      expect(found).toContain(purpose);
    }
  });

  test('GPU-hours are hours of machines times their GPUs', async () => {
    const { workloads } = await overview(october);
    const pretrain = workloads.find(({ id }) => id === 'workload:llm-pretrain-b');
    let [hours, cost] = [0n, 0n];
    for (const { charge } of charges()) {
      const machine = /"InstanceType":\s*"([^"]+)"/.exec(charge['SkuPriceDetails'] ?? '')?.[1];
      if (!/"workload":\s*"llm-pretrain-b"/.test(charge['Tags'] ?? '')) continue;
      if (!charge['ChargePeriodStart']?.startsWith('2026-10')) continue;
      // Of eight GPUs each.
      if (charge['ChargeCategory'] !== 'Usage') continue;
      if (machine !== 'p5.48xlarge' && machine !== 'a3-highgpu-8g') continue;
      if (charge['CommitmentDiscountStatus'] === 'Unused') continue;
      expect(charge['ConsumedUnit']).toBe('Hours');
      hours += exactOf(charge['ConsumedQuantity'] ?? '') * 8n;
      cost += exactOf(charge['EffectiveCost'] ?? '');
    }
    expect([pretrain?.gpu.hours, pretrain?.gpu.cost]).toEqual([hours, cost].map(formatExact));
    expect(pretrain?.gpu.unknownCharges).toBe(0);
    expect(Number(pretrain?.gpu.hours)).toBeGreaterThan(8 * 24 * 300);
    expect(Number(pretrain?.gpu.perHour)).toBeCloseTo(
      Number(pretrain?.gpu.cost) / Number(pretrain?.gpu.hours),
      6,
    );
  });

  test('use is unknown without telemetry, never 0, and known with it', async () => {
    const answer = await overview(october);
    const without = answer.workloads.filter(({ telemetry }) => telemetry.level === 'none');
    expect(without.length).toBeGreaterThan(3);
    for (const { gpu } of without) {
      expect([gpu.busyShare, gpu.busyHours, gpu.measuredHours, gpu.perBusyHour]).toEqual([
        null,
        null,
        null,
        null,
      ]);
    }
    const measured = answer.workloads.filter(({ telemetry }) => telemetry.level !== 'none');
    expect(measured.length).toBeGreaterThan(2);
    for (const { id, gpu, telemetry } of measured) {
      expect(telemetry.coverage, id).toBeGreaterThan(0);
      expect(telemetry.metrics.length, id).toBeGreaterThan(0);
      expect(gpu.busyShare, id).toBeLessThanOrEqual(gpu.activeShare ?? 0);
      if (gpu.busyShare !== null && gpu.busyShare > 0) {
        expect(Number(gpu.perBusyHour)).toBeCloseTo(Number(gpu.perHour) / gpu.busyShare, 4);
      }
    }
  });
});

describe('one workload', () => {
  test('adds up in every list of it', async () => {
    const { workloads } = await overview(october);
    for (const { id, cost, notAi, gpu } of workloads.slice(0, 12)) {
      const one = await place.call('workloads.detail', { id, ...october });
      const whole = sum([cost, notAi]);
      expect(one.workload).toMatchObject({ id, cost, notAi });
      expect(sum(one.purposes.map((part) => part.cost))).toBe(whole);
      for (const part of one.purposes) expect(sum(part.points)).toBe(part.cost);
      expect(sum(one.reasons.map((part) => part.cost))).toBe(whole);
      expect(one.resourceCount).toBe(one.resources.length);
      expect(sum(one.resources.map((part) => part.cost))).toBe(whole);
      expect(sum(one.resources.map(({ gpuHours }) => gpuHours))).toBe(gpu.hours ?? '0');
      expect(one.change).not.toBeNull();
      if (one.change) {
        const { now, before, price, quantity, mix, other, items } = one.change;
        expect(now).toBe(cost ?? '0');
        expect(sum([price, quantity, mix, other])).toBe(
          formatExact(exactOf(now) - exactOf(before)),
        );
        for (const item of items) {
          expect(sum([item.price, item.rest])).toBe(
            formatExact(exactOf(item.now) - exactOf(item.before)),
          );
        }
      }
    }
  });

  test('names its telemetry for the heat map', async () => {
    const one = await place.call('workloads.detail', { id: 'workload:llm-pretrain-b', ...october });
    expect(one.measuredResources.length).toBeGreaterThan(0);
    const map = await place.call('telemetry.heatmap', {
      billed: one.measuredResources,
      ...october,
    });
    expect(map.subjects).toBeGreaterThan(0);
    expect(one.unitTrend).toHaveLength(one.periods.length);
    expect(one.unitTrend.some((value) => value !== null)).toBe(true);
  });

  test('that is not there is refused', async () => {
    expect(await place.refusal('workloads.detail', { id: 'job:nobody' })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('tokens', () => {
  test('are in disjoint classes that add up to the cost of models', async () => {
    const answer = await place.call('workloads.tokens', october);
    expect(answer.rows.length).toBeGreaterThan(5);
    expect(sum([...answer.rows.map(({ cost }) => cost), answer.otherCost])).toBe(answer.cost);
    const counted = answer.rows.filter((row) => row.counted);
    expect(sum(answer.classes.map(({ cost }) => cost))).toBe(sum(counted.map(({ cost }) => cost)));
    const keys = answer.rows.map((row) =>
      JSON.stringify([row.provider, row.service, row.model, row.tokenClass, row.batch]),
    );
    expect(new Set(keys).size).toBe(keys.length);
    for (const row of counted) {
      expect(row.model, JSON.stringify(row)).not.toBeNull();
      expect(Number(row.tokens), JSON.stringify(row)).toBeGreaterThan(0);
      expect(Number(row.perMillion)).toBeCloseTo((Number(row.cost) / Number(row.tokens)) * 1e6, 5);
    }
    const { rows } = await place.call('workloads.tokens', {
      ...october,
      workload: 'workload:code-assist',
    });
    expect(rows.every(({ model }) => model?.includes('Claude'))).toBe(true);
  });
});

describe('rules of the user', () => {
  const vision = {
    name: 'vision serves',
    when: { 'tag:workload': 'vision-serving' },
    purpose: 'training',
    workload: 'cats',
  };

  test('move spend for all months in one step, and back, with the total as it was', async () => {
    const before = await overview();
    const preview = await setRules([vision], false);
    expect(preview).toMatchObject({ problems: [], applied: false, count: 1 });
    expect(await overview()).toEqual({ ...before, elapsedMs: expect.any(Number) });
    const done = await setRules([vision]);
    expect(done.preview).toEqual(preview.preview);
    expect(done.preview?.total).toBe(before.total.cost);
    const after = await overview();
    expectTied(after);
    expect(after.total).toEqual(before.total);
    const moved = before.workloads.find(({ id }) => id === 'workload:vision-serving');
    const cats = after.workloads.find(({ id }) => id === 'workload:cats');
    expect(after.workloads.map(({ id }) => id)).not.toContain('workload:vision-serving');
    expect(cats).toMatchObject({
      purpose: 'training',
      rule: 'user:vision serves',
      reason: 'Your rule "vision serves" says so.',
    });
    expect(sum([cats?.cost ?? null, cats?.notAi ?? null])).toBe(
      sum([moved?.cost ?? null, moved?.notAi ?? null]),
    );
    expect(sum(done.preview?.moves.map(({ cost }) => cost) ?? [])).toBe(cats?.cost);
    const before1 = before.purposes.find(({ purpose }) => purpose === 'training');
    const after1 = after.purposes.find(({ purpose }) => purpose === 'training');
    const months = after1?.points.filter((point, at) => point !== before1?.points[at]).length ?? 0;
    expect(months).toBeGreaterThan(200);

    const { previous } = await place.call('rules.get', {});
    await place.call('rules.set', { text: previous ?? '', apply: true });
    expect(await overview()).toEqual({ ...before, elapsedMs: expect.any(Number) });
  });

  test('that are wrong change nothing and say where', async () => {
    const before = await place.call('rules.get', {});
    const answer = await place.call('rules.set', { text: '{ "rules": [ {} ] }', apply: true });
    expect(answer).toMatchObject({
      applied: false,
      preview: null,
      problems: [{ line: 1, column: 14 }, {}],
    });
    expect(await place.call('rules.get', {})).toEqual(before);
  });

  test('the first that holds decides, and names can be made of fields', async () => {
    await setRules([
      { when: { service: '*SageMaker*', workload: 'workload:sft-tuning' }, workload: 'first' },
      {
        when: { service: '*SageMaker*' },
        workload: 'sagemaker {account-name}',
        purpose: 'other-ai',
      },
      { name: 'idle', when: { service: 'No such service' }, purpose: 'training' },
      {
        when: { 'tag:workload': { not: ['*-*', null] }, charge: 'Usage' },
        workload: '{tag:workload}!',
      },
    ]);
    const answer = await overview(october);
    expectTied(answer);
    expect(answer.rules).toEqual({ count: 4, idle: ['idle'] });
    const ids = answer.workloads.map(({ id }) => id);
    expect(ids).toContain('workload:first');
    expect(ids.some((id) => id.startsWith('workload:sagemaker '))).toBe(true);
    expect(ids).toContain('workload:checkpoints!');
    expect(ids).toContain('workload:support-assist');
    await setRules([]);
  });

  test.each([
    { by: 'even', to: ['llm-pretrain-b', 'rank-train', 'somebody else'] },
    { by: 'proportional', to: ['llm-pretrain-b', 'rank-train'] },
    { by: 'proportional', to: 'all' },
    { by: 'even', to: 'all' },
    { by: 'fixed', to: { 'llm-pretrain-b': 33.3, 'rank-train': 66.7 } },
  ])('split %j: shares add up to the last digit, in any days and periods', async (split) => {
    await setRules([
      { name: 'sets', when: { 'tag:workload': 'training-data' }, split },
      { name: 'support', when: { service: '*Support*' }, purpose: 'ai-platform', split },
    ]);
    const whole = await overview(october);
    expectTied(whole);
    expect(whole.splits.map(({ rule }) => rule).sort()).toEqual(['sets', 'support']);
    expect(whole.workloads.map(({ id }) => id)).not.toContain('workload:training-data');
    const byMonth = await overview({ ...october, granularity: 'month' });
    expect(byMonth.workloads.map(({ cost }) => cost)).toEqual(
      whole.workloads.map(({ cost }) => cost),
    );
    const [early, late] = [
      await overview({ from: '2026-10', to: '2026-10-13' }),
      await overview({ from: '2026-10-13', to: '2026-11' }),
    ];
    expectTied(early);
    const costs = new Map(early.workloads.map(({ id, cost }) => [id, cost]));
    for (const { id, cost } of late.workloads) costs.set(id, sum([costs.get(id) ?? null, cost]));
    for (const { id, cost } of whole.workloads) expect(costs.get(id), id).toBe(cost);
    const one = await place.call('workloads.detail', { id: 'workload:llm-pretrain-b', ...october });
    const row = whole.workloads.find(({ id }) => id === 'workload:llm-pretrain-b');
    expect(one.workload).toMatchObject({ cost: row?.cost, shared: row?.shared });
    expect(sum(one.sharedPoints)).toBe(row?.shared);
    await setRules([]);
  });

  test('a workload that only a split names can be opened', async () => {
    await setRules([
      {
        when: { service: '*Support*' },
        purpose: 'ai-platform',
        split: { by: 'even', to: ['ghost'] },
      },
    ]);
    const one = await place.call('workloads.detail', { id: 'workload:ghost', ...october });
    expect(one.workload.cost).toBe(one.workload.shared);
    expect(Number(one.workload.cost)).toBeGreaterThan(0);
    expect(one.resources).toEqual([]);
    await setRules([]);
  });
});

describe('what is stored', () => {
  test('is what the rules say, and is not worked out again by the next start', async () => {
    const before = await overview(october);
    await place.closeCore();
    const db = new Database(join(place.data, 'outlay.db'));
    try {
      const { series } = db.prepare('SELECT series FROM classification').get() as {
        series: number;
      };
      const all = db.prepare('SELECT max(first_id + count) FROM series').pluck().get();
      expect(series).toBe(all);
      const again = await overview(october);
      expect(again).toEqual({ ...before, elapsedMs: expect.any(Number) });
      await place.closeCore();
      // Without it the answer is the same, and it is kept again.
      db.exec('DELETE FROM classification');
      expect(await overview(october)).toEqual({ ...before, elapsedMs: expect.any(Number) });
      expect(db.prepare('SELECT series FROM classification').pluck().get()).toBe(series);
      // It is read where it is: what stands there shows.
      await place.closeCore();
      const column = (name: string) =>
        db.prepare('SELECT type, data FROM classification_column WHERE name = ?').get(name);
      const kept = column('purpose') as { type: string; data: Buffer };
      const put = db.prepare(
        "UPDATE classification_column SET type = ?, data = ? WHERE name = 'purpose'",
      );
      const all0 = packColumn(new Uint8Array(series));
      put.run(all0.type, all0.data);
      expect((await overview(october)).purposes.map(({ purpose }) => purpose)).toEqual([
        'training',
      ]);
      await place.closeCore();
      put.run(kept.type, kept.data);
      expect(await overview(october)).toEqual({ ...before, elapsedMs: expect.any(Number) });
    } finally {
      db.close();
    }
  });

  test('is worked out anew where a meter has another name', async () => {
    const own = workspace();
    try {
      const bill = (meter: string) =>
        own.file(
          'bill.csv',
          `ProviderName,BillingAccountId,BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ServiceName,ServiceCategory,SkuId,SkuMeter,ResourceId
AWS,1,5,5,USD,2026-10-01,2026-10-02,Usage,Amazon SageMaker,AI and Machine Learning,S1,${meter},r-1
`,
        );
      const purposes = async () =>
        (await own.call('workloads.overview', {})).purposes.map(({ purpose }) => purpose);
      await own.load(bill('USE1-Train:ml.p4d.24xlarge'));
      expect(await purposes()).toEqual(['training']);
      await own.load(bill('USE1-Host:ml.p4d.24xlarge'), { replace: true });
      expect(await purposes()).toEqual(['inference']);
    } finally {
      await own.close();
    }
  });
});

test('nothing loaded is NO_DATA, and rules can be set before', async () => {
  const own = workspace();
  try {
    expect(await own.refusal('workloads.overview', {})).toMatchObject({ code: 'NO_DATA' });
    const rules = [{ when: { service: 'x' }, purpose: 'training' }];
    const text = JSON.stringify({ rules });
    expect(await own.call('rules.set', { text, apply: true })).toEqual({
      problems: [],
      applied: true,
      count: 1,
      preview: null,
    });
    expect(await own.call('rules.get', {})).toMatchObject({ text, count: 1, previous: '' });
  } finally {
    await own.close();
  }
});

describe('the terminal', () => {
  test('lists workloads and purposes', async () => {
    await place.closeCore();
    const { code, out } = await place.cli('workloads', '--period', '2026-10', '--json');
    expect(code).toBe(0);
    const answer = JSON.parse(out) as { workloads: Record<string, unknown>[] };
    expect(answer.workloads[0]).toMatchObject({
      id: 'workload:llm-pretrain-b',
      purpose: 'training',
      currency: 'USD',
      cost: expect.stringMatching(/^\d+\.\d+$/),
      gpuHours: expect.stringMatching(/^\d+/),
      busyGpuHours: expect.any(Number),
      reason: expect.any(String),
      telemetry: { level: expect.any(String) },
    });
    const text = await place.cli('workloads', '--by', 'purpose');
    expect(text.out).toContain('Managed model API');
    expect((await place.cli('workloads', '--by', 'colour')).code).toBe(2);
  });

  test('rules are checked, imported, shown and cleared', async () => {
    const good = place.file(
      'rules.json',
      '{ "rules": [ { "name": "mine", "when": { "service": "*S3*" }, "purpose": "ai-storage" } ] }',
    );
    const bad = place.file('bad.json', '{ "rules": [\n  { "when": { "colour": "x" } } ] }');
    const check = await place.cli('rules', 'check', good);
    expect(check).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed.') });
    expect((await place.cli('rules', 'show')).out).toContain('no rules of your own');
    const refused = await place.cli('rules', 'import', bad, '--json');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.out)).toMatchObject({
      error: {
        code: 'INVALID_INPUT',
        message: expect.stringContaining('bad.json, line 2, column'),
      },
      applied: false,
    });
    expect(await place.cli('rules', 'import', good)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 rule hold'),
    });
    expect((await place.cli('rules', 'show')).out).toContain('"mine"');
    expect((await place.cli('rules', 'clear')).code).toBe(0);
    expect((await place.cli('rules', 'import', 'no.json')).code).toBe(2);
    expect((await place.cli('rules', 'import')).code).toBe(2);
    expect((await place.cli('rules', 'show', 'x')).code).toBe(2);
  });
});
