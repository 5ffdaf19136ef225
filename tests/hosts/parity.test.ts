import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startWindowHost, type WindowHost } from '../../electron/hosts/window.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let place: Workspace;
let host: WindowHost;
let session: string;
let pages: string;

beforeAll(async () => {
  place = workspace();
  await place.load(
    place.file(
      'bill.csv',
      focusCsv([
        focusRow({ BilledCost: '12345.678901234567', Tags: '{"team":"ü \\" ]"}' }),
        focusRow({ BilledCost: '-0.000000000000000000000000001', ServiceName: '', ListCost: '' }),
        focusRow({
          BilledCost: '3',
          BillingCurrency: 'EUR',
          BillingPeriodStart: '2026-02-01',
          ChargePeriodStart: '2026-02-02',
        }),
      ]),
    ),
  );
  pages = mkdtempSync(join(tmpdir(), 'outlay-pages-'));
  writeFileSync(
    join(pages, 'index.html'),
    '<!doctype html><html><head><title>Outlay</title></head><body></body></html>',
  );
  host = await startWindowHost({
    core: place.core(),
    dataFolder: place.data,
    rendererFolder: pages,
    log: () => {},
  });
  const answer = await post('/api/session', { launch: host.url.split('#launch=')[1] });
  session = ((await answer.json()) as { session: string }).session;
});
afterAll(async () => {
  await host.close();
  await place.close();
  rmSync(pages, { recursive: true, force: true });
});

function post(path: string, body: unknown): Promise<Response> {
  return fetch(host.address + path, {
    method: 'POST',
    headers: {
      origin: host.address,
      'content-type': 'application/json',
      'x-outlay-session': session ?? '',
    },
    body: JSON.stringify(body),
  });
}

/** What differs from call to call by nature. */
function steady(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, item: unknown) =>
    key === 'elapsedMs' || key === 'databaseBytes' ? 0 : item,
  );
}

const core = async (name: string, input: unknown) =>
  steady(await place.core().dispatch(name, input));
const overHttp = async (name: string, input: unknown) =>
  steady(await (await post('/api/call', { name, input })).json());
const overCli = async (argv: string[]) => {
  const answer = await place.cli(...argv, '--json');
  const document = JSON.parse(answer.out) as { error?: unknown };
  return steady(
    document.error === undefined
      ? { ok: true, value: document }
      : { ok: false, error: document.error },
  );
};

test.each<[string, unknown]>([
  ['app.info', {}],
  ['app.doctor', {}],
  ['overview.get', {}],
  ['overview.get', { month: '2026-02', currency: 'EUR' }],
  ['costs.view', { from: '2026-02', to: '2026-04', by: ['service', 'tag:team'] }],
  ['costs.values', { search: 'e' }],
  ['costs.dimensions', {}],
  [
    'costs.lines',
    { sort: 'time', filters: [{ dimension: 'tag:team', values: [null], not: true }] },
  ],
  ['jobs.list', {}],
  ['loads.list', {}],
  ['sources.get', {}],
  ['changes.list', {}],
  ['settings.get', {}],
  ['reports.make', { month: '2026-03', format: 'html' }],
  ['no.such', {}],
  ['__proto__', {}],
  ['costs.query', { by: ['nothing'] }],
  ['overview.get', { month: '1999-01' }],
])('the window host answers %s %j as the core does', async (name, input) => {
  expect(await overHttp(name, input)).toEqual(await core(name, input));
});

test.each<[string[], string, unknown]>([
  [['costs'], 'costs.query', {}],
  [
    ['costs', '--by', 'service,tag:team', '--granularity', 'day'],
    'costs.query',
    { by: ['service', 'tag:team'], granularity: 'day' },
  ],
  [
    ['costs', '--metric', 'list', '--by', 'currency'],
    'costs.query',
    { metric: 'list', by: ['currency'] },
  ],
  [
    ['costs', '--filter', 'service=', '--period', '2026-03'],
    'costs.query',
    { filters: [{ dimension: 'service', values: [null] }], period: '2026-03' },
  ],
  [['costs', '--from', '2026-03', '--limit', '1'], 'costs.query', { from: '2026-03', limit: 1 }],
  [['costs', '--by', 'nothing'], 'costs.query', { by: ['nothing'] }],
  [['lines'], 'costs.lines', {}],
  [
    [
      'lines',
      '--filter',
      'currency=EUR',
      '--from',
      '2026-02',
      '--sort',
      'time',
      '--limit',
      '1',
      '--offset',
      '1',
    ],
    'costs.lines',
    {
      filters: [{ dimension: 'currency', values: ['EUR'] }],
      from: '2026-02',
      sort: 'time',
      limit: 1,
      offset: 1,
    },
  ],
  [['lines', '--limit', '501'], 'costs.lines', { limit: 501 }],
  [
    ['lines', '--filter', 'purpose=x'],
    'costs.lines',
    { filters: [{ dimension: 'purpose', values: ['x'] }] },
  ],
  [['costs', '--by', 'purpose'], 'costs.query', { by: ['purpose'] }],
  [['loads'], 'loads.list', {}],
  [['loads', '--health', '1'], 'loads.health', { load: 1 }],
  [['changes', '--period', '2026-03'], 'changes.list', { period: '2026-03' }],
  [['remove', '--source', 'nobody'], 'sources.remove', { source: 'nobody' }],
])('outlay %j, the core and the window host say the same', async (argv, name, input) => {
  const expected = await core(name, input);
  expect(await overCli(argv)).toEqual(expected);
  expect(await overHttp(name, input)).toEqual(expected);
});

test('an import through each host leaves the same ledger', async () => {
  const text = focusCsv([
    focusRow({ BilledCost: '7' }),
    focusRow({ BilledCost: '0.25', ProviderName: 'Microsoft' }),
  ]);
  const totals: unknown[] = [];
  for (const way of ['core', 'cli', 'http'] as const) {
    const own = workspace();
    try {
      const path = own.file('bill.csv', text);
      if (way === 'core') await own.load(path);
      if (way === 'cli') expect((await own.cli('import', path)).code).toBe(0);
      if (way === 'http') {
        const window = await startWindowHost({
          core: own.core(),
          dataFolder: own.data,
          rendererFolder: pages,
          log: () => {},
        });
        const send = (where: string, body: unknown, key = '') =>
          fetch(window.address + where, {
            method: 'POST',
            headers: {
              origin: window.address,
              'content-type': 'application/json',
              'x-outlay-session': key,
            },
            body: JSON.stringify(body),
          });
        const opened = (await (
          await send('/api/session', { launch: window.url.split('#launch=')[1] })
        ).json()) as { session: string };
        const input = { job: 'over-http', paths: [path] };
        const answer = await send('/api/call', { name: 'import.run', input }, opened.session);
        expect(await answer.json()).toMatchObject({
          ok: true,
          value: { loads: [{ status: 'loaded' }] },
        });
        await window.close();
      }
      totals.push(await own.call('costs.query', { by: ['provider', 'service'] }));
    } finally {
      await own.close();
    }
  }
  expect(totals[1]).toEqual(totals[0]);
  expect(totals[2]).toEqual(totals[0]);
});
