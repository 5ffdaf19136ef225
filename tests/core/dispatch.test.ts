import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createDispatch } from '../../electron/core/dispatch.ts';
import { type CallName, contract, events, type Handlers } from '../../shared/contract/contract.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import { eventNames, inputs } from '../../shared/contract/inputs.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const names = Object.keys(contract) as CallName[];

test('the gate knows every call by its own schema, and every event', async () => {
  expect(Object.keys(inputs)).toEqual(names);
  for (const name of names) expect(await inputs[name](), name).toBe(contract[name].input);
  expect(eventNames).toEqual(Object.keys(events));
});

describe('the gate', () => {
  const defects: unknown[] = [];
  const seen: unknown[] = [];
  const handlers = Object.fromEntries(
    names.map((name) => [name, (input: unknown) => (seen.push(input), { name })]),
  ) as unknown as Handlers;
  const gate = createDispatch(
    {
      ...handlers,
      'loads.list': () => {
        throw new TypeError('a defect');
      },
      'sources.get': () => {
        throw new OutlayError('NO_DATA', 'Nothing there.', 'Import.');
      },
      'jobs.list': () => Promise.reject(Object.assign(new Error('disk'), { code: 'ENOSPC' })),
    },
    (error) =>
      (error as { code?: string }).code === 'ENOSPC'
        ? new OutlayError('DISK_FULL', 'Full.')
        : error,
    (error) => defects.push(error),
  );

  test.each([
    '',
    'no.such',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'costs',
    'COSTS.QUERY',
    'costs.query ',
  ])('there is no call "%s"', async (name) => {
    expect(await gate.dispatch(name, {})).toMatchObject({
      ok: false,
      error: { code: 'NOT_AVAILABLE' },
    });
  });

  test.each<[CallName, unknown, string]>([
    ['costs.query', undefined, 'input'],
    ['costs.query', null, 'input'],
    ['costs.query', 'text', 'input'],
    ['costs.query', [], 'input'],
    ['costs.query', { by: 'service' }, 'by'],
    ['costs.query', { by: ['nothing'] }, 'by.0'],
    ['costs.query', { by: ['tag:'] }, 'by.0'],
    ['costs.query', { by: ['service', 'region', 'sku'] }, 'by'],
    ['costs.query', { metric: 'amortised' }, 'metric'],
    ['costs.query', { from: '2026-13' }, 'from'],
    ['costs.query', { to: '2026-02-30' }, 'to'],
    ['costs.query', { period: '2026-00' }, 'period'],
    ['costs.query', { filters: [{ dimension: 'service', values: [] }] }, 'filters.0.values'],
    ['costs.query', { filters: [{ dimension: 'service', values: [5] }] }, 'filters.0.values.0'],
    [
      'costs.query',
      { filters: [{ dimension: '__proto__', values: ['x'] }] },
      'filters.0.dimension',
    ],
    ['costs.query', { limit: 0 }, 'limit'],
    ['costs.query', { limit: 1.5 }, 'limit'],
    ['costs.query', { limit: NaN }, 'limit'],
    ['costs.view', { from: '2026-01', to: '2026-02', by: [] }, 'by'],
    ['import.run', { paths: ['x'] }, 'job'],
    ['import.run', { job: 'a b', paths: ['x'] }, 'job'],
    ['import.run', { job: 'a', paths: [] }, 'paths'],
    ['import.run', { job: 'a', paths: [''] }, 'paths.0'],
    ['import.run', { job: 'a', paths: ['x'], source: '' }, 'source'],
    ['import.run', { job: 'a', paths: ['x'], replace: true, add: true }, 'add'],
    ['changes.list', { period: '2026-3' }, 'period'],
    ['settings.set', { theme: 'blue' }, 'theme'],
    ['sources.remove', {}, 'source'],
    ['reports.make', { month: '2026-3', format: 'html' }, 'month'],
    ['reports.make', { month: '2026-03', format: 'docx' }, 'format'],
  ])('%s %j names the field %s and does not run', async (name, input, field) => {
    seen.length = 0;
    const answer = await gate.dispatch(name, input);
    expect(answer).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
    if (answer.ok) return;
    expect(answer.error.message.split(':')[0]).toBe(field);
    expect(seen).toEqual([]);
  });

  test('what the contract does not name does not reach the handler; defaults are filled in', async () => {
    seen.length = 0;
    await gate.dispatch(
      'costs.query',
      JSON.parse('{"by":["service"],"evil":1,"__proto__":{"metric":"list"}}'),
    );
    expect(seen).toEqual([{ by: ['service'], metric: 'billed', granularity: 'none', filters: [] }]);
  });

  test('refusals, translated failures and defects are answers; only defects are reported', async () => {
    defects.length = 0;
    expect(await gate.dispatch('sources.get', {})).toEqual({
      ok: false,
      error: { code: 'NO_DATA', message: 'Nothing there.', hint: 'Import.' },
    });
    expect(await gate.dispatch('jobs.list', {})).toMatchObject({ error: { code: 'DISK_FULL' } });
    expect(defects).toEqual([]);
    expect(await gate.dispatch('loads.list', {})).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(defects).toHaveLength(1);
  });
});

describe('JSON schemas', () => {
  test.each(names)('%s: input and output can be written as JSON schema', (name) => {
    expect(z.toJSONSchema(contract[name].output)).toMatchObject({ $schema: expect.any(String) });
    expect(z.toJSONSchema(contract[name].input, { io: 'input' })).toMatchObject({ type: 'object' });
  });
  test.each(Object.entries(events))('event %s', (_, body) => {
    expect(z.toJSONSchema(body)).toMatchObject({ type: 'object' });
  });
});

describe('every answer on the sample company is what its schema says, and nothing more', () => {
  let place: Workspace;
  let sample: unknown;
  beforeAll(async () => {
    place = workspace();
    sample = await place.call('import.sample', { job: 'sample' });
  });
  afterAll(() => place.close());

  /** Plain JSON, every field known: parsing drops what the schema does not name. */
  function conforms(name: CallName, value: unknown): void {
    const schema: z.core.$ZodType = contract[name].output;
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    expect(z.parse(schema, value)).toEqual(value);
  }

  test('import.sample', () => conforms('import.sample', sample));

  test.each<[CallName, unknown]>([
    ['app.info', {}],
    ['app.doctor', {}],
    ['overview.get', {}],
    ['overview.get', { month: '2025-11', metric: 'effective' }],
    ['overview.get', { month: '2026-03', metric: 'list' }],
    ['costs.query', {}],
    ['costs.query', { by: ['service', 'tag:team'], granularity: 'month', limit: 20 }],
    ['costs.query', { by: ['resource'], granularity: 'day', from: '2026-11', metric: 'list' }],
    ['costs.view', { from: '2026-10', to: '2026-11-22', by: ['service'] }],
    [
      'costs.view',
      { from: '2026-01', to: '2027-01', by: ['account', 'region'], granularity: 'month', limit: 3 },
    ],
    [
      'costs.view',
      {
        from: '2026-10',
        to: '2026-11',
        by: ['tag:team'],
        filters: [{ dimension: 'service', values: ['nothing'] }],
      },
    ],
    ['costs.view', { from: '2020-01', to: '2020-02', by: ['service'], compare: false }],
    ['costs.values', { search: 'a' }],
    ['costs.values', { dimension: 'account', from: '2026-11', limit: 3 }],
    ['costs.dimensions', {}],
    ['jobs.list', {}],
    ['jobs.cancel', { job: 'none' }],
    ['loads.list', {}],
    ['loads.health', { load: 1 }],
    ['sources.get', {}],
    ['changes.list', {}],
    ['sources.compact', {}],
    ['settings.get', {}],
    ['settings.set', { theme: 'dark' }],
    ['reports.make', { month: '2026-10', format: 'html' }],
  ])('%s %j', async (name, input) => {
    const answer = await place.core().dispatch(name, input);
    if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
    conforms(name, answer.value);
  });

  test.each(['purpose', 'workload'] as const)('costs by %s add up to the total', async (by) => {
    const days = { from: '2026-10', to: '2026-11' };
    const query = await place.call('costs.query', { ...days, by: [by], limit: 1000 });
    const costs = query.rows.map(({ cost }) => cost);
    expect(costs.length).toBeGreaterThan(5);
    const [total] = (await place.call('costs.query', days)).totals;
    expect(query.totals).toEqual([total]);
    expect(formatExact(costs.reduce((sum, cost) => sum + exactOf(cost ?? '0'), 0n))).toBe(
      total?.cost,
    );
    const view = await place.core().dispatch('costs.view', { ...days, by: [by] });
    if (!view.ok) throw new Error(view.error.message);
    conforms('costs.view', view.value);
    const values = await place.core().dispatch('costs.values', { dimension: by });
    if (!values.ok) throw new Error(values.error.message);
    conforms('costs.values', values.value);
  });

  test('a view, an overview and a query of the same days say the same', async () => {
    const view = await place.call('costs.view', {
      from: '2026-11',
      to: '2026-12',
      by: ['service'],
    });
    const query = await place.call('costs.query', {
      from: '2026-11',
      to: '2026-12',
      by: ['service'],
    });
    const overview = await place.call('overview.get', { month: '2026-11' });
    expect(view.total).toEqual(query.totals[0]);
    expect(overview.spent).toEqual(query.totals[0]);
    const costs = (rows: readonly { key: string | null; cost: string | null }[]) =>
      Object.fromEntries(
        rows.filter(({ cost }) => cost !== '0').map(({ key, cost }) => [key, cost]),
      );
    expect(costs(view.rows.map(({ keys, cost }) => ({ key: keys[0] ?? null, cost })))).toEqual(
      costs(query.rows.map(({ keys, cost }) => ({ key: keys['service'] ?? null, cost }))),
    );
  });

  test('remove', async () => {
    conforms('sources.remove', await place.call('sources.remove', { source: 'sample' }));
    for (const name of [
      'app.info',
      'app.doctor',
      'costs.query',
      'costs.values',
      'costs.dimensions',
      'loads.list',
      'sources.get',
    ] as const) {
      const answer = await place.core().dispatch(name, {});
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
      conforms(name, answer.value);
    }
    expect((await place.refusal('overview.get', {})).code).toBe('NO_DATA');
    expect(
      (await place.refusal('costs.view', { from: '2026-01', to: '2026-02', by: ['service'] })).code,
    ).toBe('NO_DATA');
    expect((await place.refusal('reports.make', { month: '2026-10', format: 'html' })).code).toBe(
      'NO_DATA',
    );
  });
});
