import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../renderer/data/transport.ts';
import type { JobProgress } from '../../shared/contract/sources.ts';
import { infoAnswer, stubCore } from './stub-core.ts';
import { type Fixture, startFixture } from './window-fixture.ts';

const nodeFetch = globalThis.fetch;
const job: JobProgress = {
  job: 'j1',
  kind: 'import',
  step: 'reading',
  file: 'a.csv',
  filesDone: 0,
  files: 1,
  bytesDone: 1,
  bytes: 2,
  rows: 3,
  etaMs: null,
  elapsedMs: 4,
  loads: [],
  error: null,
};

let host: Fixture;
let page: { replaced: string[]; kept: Map<string, string> };
/** Ends what the transport holds open: its event stream reconnects for ever by itself. */
let away: AbortController;

/** The parts of a browser that the transport touches, on the address given. */
function openPage(url: string, kept = new Map<string, string>()) {
  const address = new URL(url);
  page = { replaced: [], kept };
  vi.stubGlobal('window', {});
  vi.stubGlobal('location', {
    hash: address.hash,
    pathname: address.pathname,
    search: address.search,
  });
  vi.stubGlobal('history', {
    state: null,
    replaceState: (_state: unknown, _title: string, to: string) => page.replaced.push(to),
  });
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => page.kept.get(name) ?? null,
    setItem: (name: string, value: string) => page.kept.set(name, value),
  });
  vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
    if (away.signal.aborted) return new Promise(() => {});
    const headers = { ...(init.headers as Record<string, string>) };
    if (init.method === 'POST') headers['origin'] = address.origin;
    return nodeFetch(address.origin + path, { ...init, headers, signal: away.signal });
  });
}

beforeEach(async () => {
  away = new AbortController();
  host = await startFixture(
    stubCore({ 'app.info': () => infoAnswer, 'jobs.list': () => ({ jobs: [job] }) }),
  );
  openPage(host.url);
});
afterEach(async () => {
  away.abort();
  await host.close();
  vi.unstubAllGlobals();
});

describe('over HTTP', () => {
  it('trades the token, takes it out of the address and answers as the gate does', async () => {
    const { call, host: kind } = await connect();
    expect(kind).toBe('window');
    expect(page.replaced).toEqual(['/']);
    expect(await call('app.info', {})).toEqual({ ok: true, value: infoAnswer });
    expect(await call('loads.list', {})).toEqual(await host.core.dispatch('loads.list', {}));
  });

  it('keeps its session over a refresh, but another tab has none', async () => {
    await connect();
    const { kept } = page;
    openPage(`${host.address}/#/costs`, kept);
    const { call } = await connect();
    expect((await call('app.info', {})).ok).toBe(true);
    expect(page.replaced).toEqual([]);
    openPage(`${host.address}/`);
    await expect(connect()).rejects.toMatchObject({ message: expect.stringContaining('without') });
  });

  it('says so where the address was used already', async () => {
    await connect();
    openPage(host.url);
    await expect(connect()).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: expect.stringContaining('used already'),
      hint: expect.stringContaining('Start Outlay again'),
    });
  });

  it('hears every event from the moment it is connected, until it stops listening', async () => {
    const { on } = await connect();
    const heard: unknown[] = [];
    const stop = on('data.changed', (body) => heard.push(body));
    host.core.emit('data.changed', { reason: 'import' });
    host.core.emit('job.progress', job);
    await expect.poll(() => heard).toEqual([{ reason: 'import' }]);
    stop();
    const rest: unknown[] = [];
    on('job.progress', (body) => rest.push(body));
    host.core.emit('data.changed', { reason: 'remove' });
    host.core.emit('job.progress', job);
    await expect.poll(() => rest).toEqual([job]);
    expect(heard).toHaveLength(1);
  });

  it('does not lose its stream to a listener that throws', async () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    const { on } = await connect();
    on('data.changed', () => {
      throw new TypeError('a defect of one view');
    });
    const heard: unknown[] = [];
    on('data.changed', (body) => heard.push(body));
    host.core.emit('data.changed', { reason: 'import' });
    host.core.emit('data.changed', { reason: 'remove' });
    await expect.poll(() => heard).toHaveLength(2);
    expect(reported).toHaveLength(2);
  });

  it('uploads a file under its name with folders', async () => {
    const { upload } = await connect();
    const path = await upload(new File(['BilledCost\n1\n'], 'a.csv'), 'bills/a ü.csv');
    expect(path.endsWith('bills/a ü.csv') || path.endsWith('bills\\a ü.csv')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('BilledCost\n1\n');
  });

  it('answers with what to do when the server has ended', async () => {
    const { call, upload } = await connect();
    await host.close();
    const ended = { code: 'NOT_AVAILABLE', hint: expect.stringContaining('start Outlay again') };
    expect(await call('app.info', {})).toMatchObject({ ok: false, error: ended });
    await expect(upload(new File(['x'], 'a.csv'), 'a.csv')).rejects.toMatchObject(ended);
  });

  it('answers with what to do when another server runs on the port', async () => {
    openPage(`${host.address}/`, new Map([['outlay.session', 'x'.repeat(43)]]));
    const { call } = await connect();
    expect(await call('app.info', {})).toMatchObject({
      ok: false,
      error: { code: 'NOT_AVAILABLE' },
    });
  });
});

describe('a lost event stream', () => {
  let relay: Server;
  let cut: () => void;
  let streams: number;

  beforeEach(async () => {
    // Between the page and the host, so that a connection can break while both live on.
    streams = 0;
    relay = createServer((request, response) => {
      const body: Buffer[] = [];
      request.on('data', (chunk: Buffer) => body.push(chunk));
      request.on('end', () => {
        const headers: Record<string, string> = {};
        for (const name of ['content-type', 'x-outlay-session']) {
          const value = request.headers[name];
          if (typeof value === 'string') headers[name] = value;
        }
        if (request.method === 'POST') headers['origin'] = host.address;
        void nodeFetch(host.address + (request.url ?? ''), {
          method: request.method ?? 'GET',
          headers,
          ...(request.method === 'POST' ? { body: Buffer.concat(body) } : {}),
        }).then(
          // oxlint-disable-next-line promise/always-return -- the end of the chain
          async (answer) => {
            response.writeHead(answer.status);
            // Windows of earlier tests still knock, with keys of their own hosts.
            if (request.url === '/api/events' && answer.ok) {
              streams += 1;
              cut = () => response.destroy();
            }
            for await (const chunk of answer.body ?? []) response.write(chunk);
            response.end();
          },
          () => response.destroy(),
        );
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const { port } = relay.address() as AddressInfo;
    openPage(host.url.replace(host.authority, `127.0.0.1:${port}`));
  });
  afterEach(() => {
    relay.closeAllConnections();
    relay.close();
  });

  it('is opened again, and what may have been missed is asked for', async () => {
    const { on } = await connect();
    const heard: unknown[] = [];
    on('data.changed', (body) => heard.push(body));
    on('job.progress', (body) => heard.push(body.job));
    expect(streams).toBe(1);
    expect(heard).toEqual([]);
    cut();
    await expect.poll(() => heard, { timeout: 3_000 }).toEqual([{ reason: 'other-process' }, 'j1']);
    expect(streams).toBe(2);
    host.core.emit('data.changed', { reason: 'import' });
    await expect.poll(() => heard).toContainEqual({ reason: 'import' });
  });
});

describe('in Electron', () => {
  it('passes calls and events through the preload and asks for no session', async () => {
    const calls: unknown[] = [];
    const listener = vi.fn<(body: unknown) => void>();
    vi.stubGlobal('fetch', () => {
      throw new Error('no request is needed');
    });
    vi.stubGlobal('window', {
      outlay: {
        call: async (...args: unknown[]) => {
          calls.push(args);
          return { ok: true, value: infoAnswer };
        },
        on: (name: string, tell: (body: unknown) => void) => {
          tell(name);
          return () => {};
        },
      },
    });
    const { call, on, host: kind } = await connect();
    expect(kind).toBe('electron');
    expect(await call('app.info', {})).toEqual({ ok: true, value: infoAnswer });
    on('data.changed', listener);
    expect(calls).toEqual([['app.info', {}]]);
    expect(listener).toHaveBeenCalledWith('data.changed');
  });
});
