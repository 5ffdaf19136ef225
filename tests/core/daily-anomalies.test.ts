import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CallInput } from '../../shared/contract/contract.ts';
import { addDays } from '../../shared/domain/calendar.ts';
import { billed, type DayUse } from '../builders/billedDays.ts';
import { random } from '../builders/random.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('built bills', () => {
  let place: Workspace;
  afterEach(() => place.close());

  /** From January to the day before `to`; ten hours at 90 a day but where `usesOn` says otherwise. */
  async function bill(to: string, usesOn: (day: string) => DayUse[]): Promise<void> {
    place = workspace();
    await billed(place, '2026-01-01', to, usesOn);
  }
  const anomalies = (input: CallInput<'costs.anomalies'> = {}) =>
    place.call('costs.anomalies', input);

  test('a steady bill has none, whatever its week looks like', async () => {
    await bill('2026-04-01', (day) => [{ hours: new Date(day).getUTCDay() * 3, price: 90 }]);
    expect(await anomalies()).toMatchObject({ total: [], parts: [], partAnomalies: 0 });
  });

  test('a spike: its service and workload, its exact money, by quantity', async () => {
    await bill('2026-04-01', (day) => [
      { hours: day === '2026-03-10' ? 100.123 : 10, price: 90 },
      { resource: 'db', machine: 'r5.large', hours: 24, price: 5, workload: 'shop' },
    ]);
    const { total, parts, settledTo } = await anomalies();
    expect(settledTo).toBe('2026-03-31');
    expect(parts).toHaveLength(1);
    const [spike] = parts;
    expect(spike).toMatchObject({
      names: [null, 'trainer'],
      cost: '9011.07',
      from: '2026-03-10',
      to: '2026-03-10',
      expected: 900,
      low: 810,
      high: 990,
      deviations: null,
      provisional: false,
    });
    expect(spike?.keys[0]).toBe('Amazon EC2');
    expect(spike?.impact).toBeCloseTo(8111.07, 6);
    expect(spike?.quantity).toBeCloseTo(8111.07, 6);
    expect(spike?.price).toBeCloseTo(0, 6);
    expect(total).toMatchObject([
      { keys: [], cost: '9155.07', from: '2026-03-10', to: '2026-03-10', expected: 1044 },
    ]);
    expect(total[0]?.moved).toMatchObject([{ keys: spike?.keys, cost: '9011.07' }]);
    expect(total[0]?.moved[0]?.quantity).toBeCloseTo(8111.07, 6);
  });

  test('a month of dearer hours is price, not quantity', async () => {
    await bill('2026-04-01', (day) => [{ hours: 10, price: day < '2026-03-01' ? 90 : 120.5 }]);
    const { parts } = await anomalies({ period: '2026-03' });
    expect(parts).toMatchObject([{ from: '2026-03-01', to: '2026-03-28', cost: '33740' }]);
    expect(parts[0]?.impact).toBeCloseTo(8540, 6);
    expect(parts[0]?.price).toBeCloseTo(8540, 6);
    expect(parts[0]?.quantity).toBeCloseTo(0, 6);
    expect((await anomalies({ period: '2026-02' })).parts).toEqual([]);
  });

  test('both at once: dearer units and more of them add up to the change', async () => {
    await bill('2026-04-01', (day) => [
      day === '2026-03-10' ? { hours: 30, price: 100 } : { hours: 10, price: 90 },
    ]);
    const { parts } = await anomalies();
    expect(parts).toHaveLength(1);
    // Thirty hours that are 10 dearer, and twenty hours more at 90.
    expect(parts[0]?.impact).toBeCloseTo(2100, 6);
    expect((parts[0]?.price ?? 0) + (parts[0]?.quantity ?? 0)).toBeCloseTo(2100, 6);
    expect(parts[0]?.price).toBeCloseTo(300, 6);
  });

  test('several spikes in several workloads: all of them, most money first', async () => {
    const r = random(7, 1);
    const spikes = Array.from({ length: 6 }, (_, at) => ({
      workload: `job-${at}`,
      day: addDays('2026-03-02', at * 4 + r.below(4)),
      hours: 20 + r.below(500),
    }));
    await bill('2026-04-01', (day) =>
      spikes.map(({ workload, day: spike, hours }) => ({
        resource: workload,
        workload,
        hours: day === spike ? hours : 10,
        price: 9.37,
      })),
    );
    const { parts } = await anomalies();
    const byMoney = spikes
      .filter(({ hours }) => (hours - 10) * 9.37 > 50)
      .sort((a, b) => b.hours - a.hours || (a.day < b.day ? -1 : 1));
    expect(byMoney.length).toBeGreaterThan(3);
    expect(parts.map(({ names, from, to, cost }) => [names[1], from, to, Number(cost)])).toEqual(
      byMoney.map(({ workload, day, hours }) => [
        workload,
        day,
        day,
        Number((hours * 9.37).toFixed(4)),
      ]),
    );
    const limited = await anomalies({ limit: 2 });
    expect(limited.parts).toEqual(parts.slice(0, 2));
    expect(limited.partAnomalies).toBe(parts.length);
  });

  test('the last three days loaded are provisional', async () => {
    await bill('2026-03-21', (day) => [{ hours: day === '2026-03-18' ? 50 : 10, price: 90 }]);
    const answer = await anomalies();
    expect(answer.settledTo).toBe('2026-03-17');
    expect(answer.parts).toMatchObject([{ from: '2026-03-18', provisional: true }]);
    expect(answer.total).toMatchObject([{ from: '2026-03-18', provisional: true }]);
  });

  test('a day that is not loaded is no day without cost', async () => {
    place = workspace();
    await billed(place, '2026-01-01', '2026-03-10', () => [{ hours: 10, price: 90 }]);
    await place.closeCore();
    await billed(place, '2026-04-01', '2026-05-01', () => [{ hours: 10, price: 90 }]);
    // 10 to 31 March are missing.
    expect(await anomalies({ period: '2026-04' })).toMatchObject({ total: [], parts: [] });
    expect(await anomalies({ period: '2026-03' })).toMatchObject({ total: [], parts: [] });
  });

  test('fees of the month are not judged by day; other slices by other dimensions', async () => {
    await bill('2026-04-01', (day) => [
      { hours: day === '2026-03-10' ? 100 : 10, price: 90 },
      ...(day.endsWith('-01')
        ? [{ resource: '', hours: 1, price: 50_000, cells: { ChargeCategory: 'Purchase' } }]
        : []),
    ]);
    const { parts } = await anomalies({ by: ['account'] });
    expect(parts).toMatchObject([{ keys: ['0042'], cost: '9024', from: '2026-03-10' }]);
    const none = { dimension: 'tag:workload' as const, values: ['web'] };
    expect(await anomalies({ filters: [none] })).toMatchObject({ parts: [], total: [] });
    expect(await place.refusal('costs.anomalies', { period: '2026-07' })).toMatchObject({
      code: 'NO_DATA',
    });
  });
});

describe('the sample company', () => {
  let place: Workspace;
  beforeAll(async () => {
    place = workspace();
    await place.call('import.sample', { job: 'sample' });
  });
  afterAll(() => place.close());

  test('every cost is the exact cost of its charges, and effects add up', async () => {
    const { parts, total, partAnomalies, range } = await place.call('costs.anomalies', {
      limit: 15,
    });
    expect(parts).toHaveLength(15);
    expect(partAnomalies).toBeGreaterThan(15);
    const sizes = parts.map(({ impact }) => Math.abs(impact));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    for (const { keys, from, to, cost, impact, price, quantity, expected } of [
      ...parts,
      ...total,
    ]) {
      expect(from >= range.from && to < range.to).toBe(true);
      const [service, workload] = keys;
      const { totals } = await place.call('costs.query', {
        from,
        to: addDays(to, 1),
        filters: [
          { dimension: 'charge', values: ['Usage'] },
          ...(service === undefined
            ? []
            : [
                { dimension: 'service' as const, values: [service] },
                { dimension: 'workload' as const, values: [workload ?? null] },
              ]),
        ],
      });
      expect(totals[0]?.cost ?? '0').toBe(cost);
      expect(Number(cost) - expected).toBeCloseTo(impact, 4);
      if (price !== null && quantity !== null) expect(price + quantity).toBeCloseTo(impact, 4);
    }
  });

  test.each(['costs.forecast', 'costs.anomalies'] as const)(
    '%s holds nobody up for longer than a frame',
    async (name) => {
      const worst: number[] = [];
      for (let round = 0; round < 5; round++) {
        let longest = 0;
        let open = true;
        let since = process.threadCpuUsage();
        const step = () => {
          const { user, system } = process.threadCpuUsage(since);
          longest = Math.max(longest, (user + system) / 1000);
          since = process.threadCpuUsage();
          if (open) setImmediate(step);
        };
        setImmediate(step);
        await place.call(name, {});
        open = false;
        worst.push(longest);
      }
      // Of several rounds: the first ones load and compile what they need.
      expect(Math.min(...worst)).toBeLessThan(16);
    },
  );
});
