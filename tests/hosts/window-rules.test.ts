import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWindowHost } from '../../electron/hosts/window.ts';
import { request, sendRaw } from './raw-http.ts';
import { infoAnswer, stubCore } from './stub-core.ts';
import { type Fixture, startFixture } from './window-fixture.ts';

let host: Fixture;
let session: string;
beforeAll(async () => {
  host = await startFixture(stubCore({ 'app.info': () => infoAnswer }));
  session = await host.open();
});
afterAll(() => host.close());

const info = JSON.stringify({ name: 'app.info', input: {} });
const call = (headers: Record<string, string | null> = {}, body = info) =>
  sendRaw(
    host.port,
    request(host.port, 'POST /api/call', { 'x-outlay-session': session, ...headers }, body),
  );

it('answers the request that the refusals below differ from', async () => {
  const answer = await call();
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({ ok: true, value: infoAnswer });
});

describe('where it listens', () => {
  it('is the loopback address only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((address) => address.family === 'IPv4' && !address.internal)
      .map((address) => address.address);
    // 127.0.0.2 is this machine too, and a server on 0.0.0.0 would answer there.
    const others = process.platform === 'linux' ? ['127.0.0.2', ...outside] : outside;
    for (const address of others) {
      const reached = await new Promise((resolve) => {
        const socket = connect({ port: host.port, host: address, timeout: 1_000 });
        socket.on('connect', () => resolve(true));
        socket.on('timeout', () => resolve(false));
        socket.on('error', () => resolve(false));
        socket.on('close', () => socket.destroy());
      });
      expect([address, reached]).toEqual([address, false]);
    }
  });

  it('is a free port, and a taken one is refused with a way out', async () => {
    expect(host.port).toBeGreaterThan(0);
    const second = startWindowHost({ ...host, core: host.core, port: host.port, log: () => {} });
    await expect(second).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(String(host.port)),
      hint: expect.stringContaining('--port'),
    });
  });
});

describe('Host', () => {
  it.each([
    ['another name', 'outlay.example'],
    ['localhost', 'localhost'],
    ['no port', '127.0.0.1'],
    ['another port', '127.0.0.1:1'],
    ['a trailing dot', '127.0.0.1.'],
    ['nothing', ''],
  ])('%s is answered with 421', async (_what, name) => {
    const value = name === 'localhost' ? `localhost:${host.port}` : name;
    for (const line of ['GET /', 'POST /api/call']) {
      const answer = await sendRaw(host.port, request(host.port, line, { host: value }));
      expect([line, answer.status]).toEqual([line, 421]);
      expect(answer.body).not.toContain('<html');
    }
  });

  it('missing is answered with 421', async () => {
    const answer = await sendRaw(host.port, request(host.port, 'GET /', { host: null }));
    expect(answer.status).toBe(421);
  });

  it('twice is answered with 421, whichever comes first', async () => {
    for (const pair of [
      `${host.authority}\r\nhost: evil.example`,
      `evil.example\r\nhost: ${host.authority}`,
    ]) {
      const answer = await sendRaw(host.port, request(host.port, 'GET /', { host: pair }));
      expect([400, 421]).toContain(answer.status);
    }
  });

  it('is not mistaken for what a target of two slashes names', async () => {
    for (const line of ['GET //', 'GET //evil.example/', 'GET /\\evil.example/']) {
      expect((await sendRaw(host.port, request(host.port, line))).status).toBe(404);
    }
  });

  it('is not overridden by a target with its own authority', async () => {
    const line = `GET http://evil.example/`;
    expect((await sendRaw(host.port, request(host.port, line))).status).toBe(421);
  });
});

describe('Origin on POST', () => {
  it.each([
    ['missing', null],
    ['null', 'null'],
    ['another site', 'https://evil.example'],
    ['localhost', 'http://localhost'],
    ['https', 'https://127.0.0.1'],
  ])('%s is refused', async (_what, origin) => {
    const value = origin === null || origin === 'null' ? origin : `${origin}:${host.port}`;
    expect((await call({ origin: value })).status).toBe(403);
  });

  it('of another port is refused', async () => {
    expect((await call({ origin: `http://127.0.0.1:${host.port + 1}` })).status).toBe(403);
  });

  it('of another site is refused on GET too, and without one GET is answered', async () => {
    const foreign = request(host.port, 'GET /', { origin: 'https://evil.example' });
    expect((await sendRaw(host.port, foreign)).status).toBe(403);
    expect((await sendRaw(host.port, request(host.port, 'GET /'))).status).toBe(200);
  });
});

describe('Sec-Fetch-Site', () => {
  it.each(['cross-site', 'same-site', 'anything', 'same-origin, cross-site'])(
    '%s is refused',
    async (site) => {
      expect((await call({ 'sec-fetch-site': site })).status).toBe(403);
      const get = request(host.port, 'GET /', { 'sec-fetch-site': site });
      expect((await sendRaw(host.port, get)).status).toBe(403);
    },
  );

  it.each(['same-origin', 'none', null])('%s is answered', async (site) => {
    expect((await call({ 'sec-fetch-site': site })).status).toBe(200);
  });
});

describe('methods', () => {
  it.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE'])('%s is refused', async (method) => {
    const line = `${method} /api/call`;
    const answer = await sendRaw(
      host.port,
      request(host.port, line, { origin: 'https://evil.example' }),
    );
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, POST');
    // No preflight ever succeeds.
    expect(answer.text.toLowerCase()).not.toContain('access-control');
  });

  it('CONNECT opens nothing', async () => {
    const line = `CONNECT ${host.authority}`;
    expect((await sendRaw(host.port, request(host.port, line))).status).toBe(0);
  });

  it('each address takes its own', async () => {
    const get = request(host.port, 'GET /api/call', { 'x-outlay-session': session });
    expect(await sendRaw(host.port, get)).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
    const events = request(host.port, 'POST /api/events', { 'x-outlay-session': session });
    expect((await sendRaw(host.port, events)).headers['allow']).toBe('GET');
    expect((await sendRaw(host.port, request(host.port, 'POST /'))).status).toBe(405);
    const unknown = request(host.port, 'POST /api/eval', { 'x-outlay-session': session });
    expect((await sendRaw(host.port, unknown)).status).toBe(404);
  });
});

describe('the body of a call', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'as %s is refused',
    async (type) => {
      expect((await call({ 'content-type': type || null })).status).toBe(415);
    },
  );

  it('may name its character set', async () => {
    expect((await call({ 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
  });

  it.each(['', '{', '[]', 'null', '"app.info"'])('%j is refused', async (body) => {
    const answer = await call({}, body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error.code).toBe('INVALID_INPUT');
  });

  it('over 1 MB by its own word is answered with 413 before it is sent', async () => {
    const answer = await call({ 'content-length': String(1024 * 1024 + 1) }, '');
    expect(answer.status).toBe(413);
    expect(answer.headers['connection']).toBe('close');
    expect(JSON.parse(answer.body).error.code).toBe('TOO_LARGE');
  });

  it('over 1 MB in pieces is answered with 413 as well, and the answer arrives', async () => {
    const head = request(host.port, 'POST /api/call', {
      'x-outlay-session': session,
      'content-length': null,
      'transfer-encoding': 'chunked',
    });
    const piece = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
    const answer = await sendRaw(host.port, [head, ...Array.from({ length: 64 }, () => piece)]);
    expect(answer.status).toBe(413);
    expect(answer.headers['connection']).toBe('close');
  });

  it('is read on for a moment after a refusal, so that its sender is not cut off', async () => {
    const socket = connect(host.port, '127.0.0.1');
    const problems: Error[] = [];
    socket.on('error', (error) => problems.push(error));
    const headers = { 'x-outlay-session': session, 'content-length': String(3 * 1024 * 1024) };
    socket.write(request(host.port, 'POST /api/call', headers));
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(answer.toString()).toContain('413');
    for (let sent = 0; sent < 3; sent += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.write(Buffer.alloc(1024 * 1024));
    }
    await new Promise((resolve) => socket.once('end', resolve));
    expect(problems).toEqual([]);
    socket.destroy();
  });

  it('of exactly 1 MB is read', async () => {
    const padding = ' '.repeat(1024 * 1024 - Buffer.byteLength(info));
    expect((await call({}, info + padding)).status).toBe(200);
  });
});

describe('the session', () => {
  it.each(['/api/call', '/api/upload?name=a', '/api/events'])(
    'is asked for by %s',
    async (path) => {
      const line = path === '/api/events' ? `GET ${path}` : `POST ${path}`;
      for (const key of [null, '', 'x'.repeat(43), session.toLowerCase()]) {
        const answer = await sendRaw(
          host.port,
          request(host.port, line, { 'x-outlay-session': key }),
        );
        expect([key, answer.status]).toEqual([key, 401]);
      }
    },
  );

  it('does not come from a cookie or the address, and sets no cookie', async () => {
    const cookie = request(host.port, 'POST /api/call', { cookie: `session=${session}` }, info);
    const answer = await sendRaw(host.port, cookie);
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    const address = request(host.port, `GET /api/events?session=${session}`);
    expect((await sendRaw(host.port, address)).status).toBe(401);
  });

  it('is given once for a launch token', async () => {
    const fresh = await startFixture();
    try {
      const launch = fresh.url.split('#launch=')[1];
      expect(fresh.url.startsWith(`${fresh.address}/#launch=`)).toBe(true);
      expect((await fresh.post('/api/session', { launch })).status).toBe(200);
      expect((await fresh.post('/api/session', { launch })).status).toBe(401);
      expect((await fresh.post('/api/session', {})).status).toBe(401);
    } finally {
      await fresh.close();
    }
  });
});

describe('headers', () => {
  it('are on every answer, refusals too', async () => {
    const answers = await Promise.all([
      sendRaw(host.port, request(host.port, 'GET /')),
      sendRaw(host.port, request(host.port, 'GET /assets/index-a1.js')),
      sendRaw(host.port, request(host.port, 'GET /nowhere.js')),
      sendRaw(host.port, request(host.port, 'GET /', { host: 'evil.example' })),
      call(),
      call({ origin: null }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 404, 421, 200, 403]);
    for (const answer of answers) {
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      });
      expect(answer.text.toLowerCase()).not.toContain('access-control-');
      expect(answer.text.toLowerCase()).not.toContain('set-cookie');
    }
  });
});
