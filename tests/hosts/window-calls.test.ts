import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OutlayError } from '../../shared/contract/errors.ts';
import type { HandlerInput } from '../../shared/contract/contract.ts';
import { request, sendRaw } from './raw-http.ts';
import { infoAnswer, stubCore } from './stub-core.ts';
import { type Fixture, startFixture } from './window-fixture.ts';

let host: Fixture;
let session: string;
let imported: HandlerInput<'import.run'>[];
let atImport: string[];

beforeEach(async () => {
  imported = [];
  atImport = [];
  const core = stubCore({
    'app.info': () => infoAnswer,
    'jobs.list': () => {
      throw new TypeError('a defect');
    },
    'import.run': (input) => {
      imported.push(input);
      atImport = input.paths.map((path) => readFileSync(path, 'utf8'));
      if (input.source === 'refused') throw new OutlayError('NOT_A_BILL', 'No bill in there.');
      return { loads: [], others: [] };
    },
  });
  host = await startFixture(core);
  session = await host.open();
});
afterEach(() => host.close());

const call = async (name: string, input: unknown) => {
  const response = await host.post('/api/call', { name, input }, { 'x-outlay-session': session });
  return { status: response.status, body: await response.json() };
};
const upload = (name: string, body: BodyInit, type = 'application/octet-stream') =>
  fetch(`${host.address}/api/upload?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { origin: host.address, 'x-outlay-session': session, 'content-type': type },
    body,
  });
const uploaded = async (name: string, body: BodyInit) =>
  ((await (await upload(name, body)).json()) as { path: string }).path;
const inbox = () => {
  const folder = join(host.dataFolder, 'inbox');
  return existsSync(folder) ? readdirSync(folder) : [];
};

it('answers calls, refusals and defects with 200 and what the gate says', async () => {
  for (const [name, input] of [
    ['app.info', {}],
    ['costs.query', { by: ['service', 'region', 'sku'] }],
    ['costs.dimensions', {}],
    ['no.such', {}],
    ['toString', {}],
    ['jobs.list', {}],
  ] as const) {
    const answer = await call(name, input);
    expect(answer).toEqual({
      status: 200,
      body: JSON.parse(JSON.stringify(await host.core.dispatch(name, input))),
    });
  }
  expect((await call('jobs.list', {})).body).toMatchObject({ ok: false });
});

it('streams every event to every window, in order, until the window goes', async () => {
  const read = async (count: number) => {
    const response = await fetch(`${host.address}/api/events`, {
      headers: { 'x-outlay-session': session },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';
    const rest = (async () => {
      while ((text.match(/event:/g)?.length ?? 0) < count) text += (await reader.read()).value;
      await reader.cancel();
      return text;
    })();
    return { rest };
  };
  const first = await read(2);
  const second = await read(2);
  host.core.emit('data.changed', { reason: 'import' });
  host.core.emit('data.changed', { reason: 'remove' });
  const expected =
    ':\n\nevent: data.changed\ndata: {"reason":"import"}\n\nevent: data.changed\ndata: {"reason":"remove"}\n\n';
  expect(await first.rest).toBe(expected);
  expect(await second.rest).toBe(expected);
  // Both have gone: nothing listens for them any more.
  await expect.poll(() => host.core.listening()).toBe(0);
});

it('cuts off a window that does not read its events, and the others stay', async () => {
  const socket = connect(host.port, '127.0.0.1');
  socket.write(request(host.port, 'GET /api/events', { 'x-outlay-session': session }));
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  // More than the backlog and what both ends of a socket hold by themselves.
  const reason = 'import' as const;
  const wide = { reason, padding: 'x'.repeat(1024 * 1024) };
  for (let count = 0; count < 40; count += 1) {
    host.core.emit('data.changed', wide);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.resume();
  await closed;
  expect(socket.bytesRead).toBeLessThan(40 * 1024 * 1024);
  expect((await call('app.info', {})).status).toBe(200);
});

it('writes an upload to the inbox under its own name, for its owner alone', async () => {
  const path = await uploaded('bills/2026/november.csv', 'BilledCost\n1\n');
  expect(readFileSync(path, 'utf8')).toBe('BilledCost\n1\n');
  const inside = relative(join(host.dataFolder, 'inbox'), path).split(/[/\\]/);
  expect(inside.slice(1)).toEqual(['bills', '2026', 'november.csv']);
  // Windows has other means than these bits.
  const others = process.platform === 'win32' ? 0 : 0o077;
  expect([statSync(path), statSync(dirname(path))].map(({ mode }) => mode & others)).toEqual([
    0, 0,
  ]);
  // The same name again is another file.
  expect(await uploaded('bills/2026/november.csv', 'x')).not.toBe(path);
});

it('writes a file far over the limit of a call to the disk while it arrives', async () => {
  const size = 24 * 1024 * 1024;
  const half = Buffer.alloc(size / 2, 'x');
  const head = request(host.port, 'POST /api/upload?name=big.csv', {
    'x-outlay-session': session,
    'content-type': 'application/octet-stream',
    'content-length': String(size),
  });
  const socket = connect(host.port, '127.0.0.1');
  socket.write(head);
  socket.write(half);
  const bytes = () => {
    const folder = inbox()[0];
    const file = join(host.dataFolder, 'inbox', folder ?? '', 'big.csv');
    return folder && existsSync(file) ? statSync(file).size : 0;
  };
  // All but what the sockets and one chunk of the file stream hold.
  await expect.poll(bytes).toBeGreaterThan(half.length - 1024 * 1024);
  socket.write(half);
  await new Promise((resolve) => socket.once('data', resolve));
  expect(bytes()).toBe(size);
  socket.destroy();
});

it('refuses an upload of a type that a form can send', async () => {
  expect((await upload('a.csv', 'x', 'text/plain')).status).toBe(415);
  expect(inbox()).toEqual([]);
});

it('keeps nothing of an upload that broke off', async () => {
  const socket = connect(host.port, '127.0.0.1');
  socket.write(
    request(host.port, 'POST /api/upload?name=half.csv', {
      'x-outlay-session': session,
      'content-type': 'application/octet-stream',
      'content-length': '1000000',
    }),
  );
  socket.write('x'.repeat(100_000));
  await expect.poll(inbox).toHaveLength(1);
  socket.destroy();
  await expect.poll(inbox).toEqual([]);
});

it('hands uploads to the import and removes their copies when it has answered', async () => {
  const one = await uploaded('a.csv', 'one');
  const two = await uploaded('folder/b.csv', 'two');
  const kept = await uploaded('c.csv', 'three');
  const answer = await call('import.run', { job: 'j1', paths: [one, two] });
  expect(answer.body).toEqual({ ok: true, value: { loads: [], others: [] } });
  expect(atImport).toEqual(['one', 'two']);
  expect(inbox()).toHaveLength(1);
  expect(existsSync(kept)).toBe(true);
  // A refused import is over as well.
  await call('import.run', { job: 'j2', paths: [kept], source: 'refused' });
  expect(imported).toHaveLength(2);
  expect(inbox()).toEqual([]);
});

it('removes nothing of the person who imports from a folder of his own', async () => {
  const own = join(host.rendererFolder, 'index.html');
  const sneaky = join(host.dataFolder, 'inbox', '..', '..', 'renderer', 'index.html');
  const folder = dirname(await uploaded('a.csv', 'kept'));
  const parents = [join(folder, '..'), host.dataFolder].map((path) => join(path, 'index.html'));
  for (const path of parents) writeFileSync(path, '');
  await call('import.run', { job: 'j1', paths: [own, sneaky, ...parents] });
  expect(imported).toHaveLength(1);
  expect([own, ...parents, join(folder, 'a.csv')].map((path) => existsSync(path))).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

it('closes with a stream and an idle connection open', async () => {
  const idle = connect(host.port, '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  const streaming = connect(host.port, '127.0.0.1');
  streaming.write(request(host.port, 'GET /api/events', { 'x-outlay-session': session }));
  await new Promise((resolve) => streaming.once('data', resolve));
  const before = Date.now();
  await host.close();
  expect(Date.now() - before).toBeLessThan(3_000);
  await expect(sendRaw(host.port, 'GET / HTTP/1.1\r\n\r\n')).rejects.toThrow(/ECONNREFUSED/);
});
