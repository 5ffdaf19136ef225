import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStore } from '../../electron/core/store/open.ts';
import { boundParts } from '../../electron/core/telemetry/remove.ts';
import { campaign } from '../builders/campaign.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;
const start = Date.UTC(2026, 9, 1);
const gauge = (minute: number, value: number, gpu = 0) =>
  `DCGM_FI_PROF_SM_ACTIVE{gpu="${gpu}",UUID="GPU-0000000${gpu + 1}",Hostname="node-1"} ${value} ${start + minute * 60_000}`;
const counter = (minute: number, value: number) =>
  `node_network_receive_bytes_total{instance="node-1:9100",device="eth0"} ${value} ${start + minute * 60_000}`;

async function load(to: Workspace, name: string, lines: readonly string[]): Promise<number> {
  const path = to.file(name, `${lines.join('\n')}\n`);
  const { loads } = await to.call('telemetry.import', { job: `load-${++jobs}`, paths: [path] });
  expect(loads[0]).toMatchObject({ status: 'loaded', removable: true });
  return loads[0]?.id ?? 0;
}

async function remove(from: Workspace, id?: number) {
  return await from.call('telemetry.remove', {
    job: `remove-${++jobs}`,
    ...(id === undefined ? {} : { load: id }),
  });
}

/** What the store says, by names: numbers of rows tell nothing. */
async function shown(from: Workspace) {
  const { resources } = await from.call('telemetry.list', {});
  const each = [];
  for (const { id } of resources) {
    const answer = await from.call('telemetry.list', { resource: id });
    each.push(
      answer.resources.map(({ name, labels, series }) => ({
        name,
        labels: Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
        series,
      })),
    );
  }
  const { cells } = await from.call('telemetry.heatmap', {});
  return { each, cells };
}

test('a load that stood alone goes with everything it brought, another stays as it was', async () => {
  const first = await load(place, 'a.prom', [gauge(0, 0.5), gauge(1, 0.25)]);
  const before = await shown(place);
  const second = await load(place, 'b.prom', [gauge(60 * 24 * 3, 1), gauge(5, 1, 1)]);
  expect(await remove(place, second)).toEqual({ load: second, series: 2, days: 2 });
  expect(await shown(place)).toEqual(before);
  expect(await remove(place, first)).toMatchObject({ series: 1, days: 1 });
  expect((await place.call('telemetry.list', {})).resourceCount).toBe(0);
  const { loads } = await place.call('telemetry.list', {});
  expect(loads.map(({ status }) => status)).toEqual(['removed', 'removed']);
  // It is known no more: the same bytes come in again.
  await load(place, 'c.prom', [gauge(0, 0.5), gauge(1, 0.25)]);
  expect(await shown(place)).toEqual(before);
});

test('a sample that an earlier load had comes back from the later one, with its own value', async () => {
  const first = await load(place, 'a.prom', [gauge(0, 0.5), gauge(1, 0.5)]);
  await load(place, 'b.prom', [gauge(1, 0.75), gauge(2, 1)]);
  const of = async () => (await place.call('telemetry.list', {})).resources[0]?.series[0];
  expect(await of()).toMatchObject({ samples: 3, min: 50, max: 100 });
  await remove(place, first);
  expect(await of()).toMatchObject({ samples: 2, min: 75, max: 100 });
});

test('whatever is removed, what is left is what the others make without it', async () => {
  const cases = fc.record({
    values: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
    cuts: fc.array(
      fc.record({
        from: fc.nat(199),
        length: fc.integer({ min: 1, max: 120 }),
        gone: fc.boolean(),
      }),
      { minLength: 2, maxLength: 5 },
    ),
    backwards: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ values, cuts, backwards }) => {
      const [all, some] = [workspace(), workspace()];
      try {
        // Two days, by quarters of an hour; another value wherever another file has the moment.
        const line = (i: number, file: number) =>
          gauge(i * 15, ((values[i % values.length] ?? 0) + file * 4) / 1000);
        const gone: number[] = [];
        for (const [file, { from, length, gone: out }] of cuts.entries()) {
          const lines = Array.from({ length }, (_, i) => line(from + i, file));
          const id = await load(all, `${file}.prom`, lines);
          if (out) gone.push(id);
          else await load(some, `${file}.prom`, lines);
        }
        for (const id of backwards ? gone.toReversed() : gone) await remove(all, id);
        expect(rounded(await shown(all))).toEqual(rounded(await shown(some)));
      } finally {
        await all.close();
        await some.close();
      }
    }),
    campaign('telemetry taken out', 5),
  );
});

/** A mean is a sum over its samples, which may be added in another order. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'number' ? Number(member.toPrecision(12)) : member,
    ),
  ) as unknown;
}

test('the step from one file to the next goes with either of them, and rests on what is left', async () => {
  const first = await load(place, '1.prom', [counter(0, 1000), counter(1, 1100)]);
  const second = await load(place, '2.prom', [counter(2, 1600), counter(3, 1700)]);
  await load(place, '3.prom', [counter(4, 1750)]);
  const of = async () => (await place.call('telemetry.list', {})).resources[0]?.series[0];
  // 100, then 500 across the files and 100, then 50 across.
  expect(await of()).toMatchObject({ samples: 4, min: 50, max: 500 });
  await remove(place, second);
  // 100, then 650 from minute 1 to minute 4.
  expect(await of()).toMatchObject({ samples: 2, min: 100, max: 650 });
  await remove(place, first);
  expect(await of()).toMatchObject({ samples: 0 });
  // The last file's reading still stands: the next one steps on from it.
  await load(place, '4.prom', [counter(5, 1760)]);
  expect(await of()).toMatchObject({ samples: 1, max: 10 });
});

test('values that are unknown are counted without those of a load that is gone', async () => {
  const blank = (minute: number) => gauge(minute, NaN);
  const first = await load(place, '1.prom', [gauge(0, 0.5), blank(1), blank(2)]);
  await load(place, '2.prom', [gauge(3, 0.5), blank(4)]);
  const unknown = async () =>
    (await place.call('telemetry.list', {})).resources[0]?.series[0]?.unknown;
  expect(await unknown()).toEqual({ 'not a number': 3 });
  await remove(place, first);
  expect(await unknown()).toEqual({ 'not a number': 1 });
});

test('what is kept for it stays within bounds: the oldest loads then stand together', async () => {
  const first = await load(place, '1.prom', [gauge(0, 0.5), counter(0, 10), counter(1, 20)]);
  await load(place, '2.prom', [gauge(1, 0.5), gauge(0, 1), counter(2, 30)]);
  const third = await load(place, '3.prom', [gauge(2, 0.5), gauge(1, 0.25)]);
  const before = await shown(place);
  await place.closeCore();
  const db = openStore(place.data, new Date());
  boundParts(db, 0);
  expect(db.prepare('SELECT count(*) FROM telemetry_part').pluck().get()).toBe(0);
  db.close();
  expect(await shown(place)).toEqual(before);
  await expect(remove(place, third)).rejects.toThrow(/INVALID_INPUT/);
  await expect(remove(place, first)).rejects.toThrow(/no longer be told apart/);
  const fourth = await load(place, '4.prom', [gauge(3, 1), gauge(2, 0.75)]);
  await remove(place, fourth);
  expect(await shown(place)).toEqual(before);
  expect(await remove(place)).toMatchObject({ load: null, series: 2 });
  expect((await place.call('telemetry.list', {})).resourceCount).toBe(0);
});

test('what cannot be removed says so', async () => {
  await expect(remove(place, 7)).rejects.toThrow('There is no load 7 of telemetry.');
  const first = await load(place, '1.prom', [gauge(0, 0.5)]);
  await remove(place, first);
  await expect(remove(place, first)).rejects.toThrow(/it is removed/);
});
