import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeChild } from './fake-electron.ts';
import { infoAnswer } from './stub-core.ts';

let root: string;
let data: string;
const argv = process.argv;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outlay-electron-'));
  data = join(root, 'data');
  mkdirSync(join(root, 'dist', 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(root, 'dist', 'renderer', 'index.html'), '<head></head><body>page</body>');
  writeFileSync(join(root, 'secret.js'), 'SECRET');
  mkdirSync(join(root, 'dist', 'main'));
  writeFileSync(join(root, 'dist', 'main', 'main.js'), 'SECRET');
  vi.stubEnv('OUTLAY_DATA', data);
  vi.resetModules();
});
afterEach(() => {
  process.argv = argv;
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** Boots the real main over the fake module; `prepare` runs before it. */
async function boot(prepare: (record: Fake['record']) => void = () => {}) {
  const fake = await import('./fake-electron.ts');
  fake.record.app.root = root;
  prepare(fake.record);
  await import('../../electron/main/main.ts');
  await vi.waitUntil(() => !fake.record.app.lock || fake.record.windows[0]?.shown);
  return fake.record;
}
type Fake = typeof import('./fake-electron.ts');

/** A core process that answers every call by its name and ends when it is told to. */
function answering(record: Fake['record']) {
  const start = record.startChild;
  record.startChild = (path, args) => {
    const child: FakeChild = start(path, args);
    child.on('posted', (message: { kind: string; id: number; name: string }) => {
      queueMicrotask(() => {
        if (message.kind === 'close') child.emit('exit', 0);
        else {
          const value = message.name === 'app.info' ? infoAnswer : message.name;
          child.emit('message', { kind: 'answer', id: message.id, result: { ok: true, value } });
        }
      });
    });
    return child;
  };
}

describe('the window', () => {
  it('isolates the page: sandbox, no Node, no webview', async () => {
    const { windows, app } = await boot();
    expect(windows).toHaveLength(1);
    expect(windows[0]?.options.webPreferences).toEqual({
      preload: join(root, 'dist', 'preload', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    expect(app.calls.map(([name]) => name)).toContain('enableSandbox');
    expect(windows[0]?.loaded).toEqual(['app://outlay/']);
  });

  it('stays on its page', async () => {
    const { windows } = await boot();
    const contents = windows[0]!.webContents;
    const goes = (event: string, url: string) => {
      let prevented = false;
      contents.emit(event, { url, preventDefault: () => (prevented = true) });
      return !prevented;
    };
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      expect([event, goes(event, 'app://outlay/')]).toEqual([event, true]);
      expect([event, goes(event, 'app://outlay/#/costs')]).toEqual([event, true]);
      for (const url of [
        'https://example.com/',
        'http://127.0.0.1:1234/',
        'app://other/',
        'app://outlay.example/',
        'app://outlay/other.html',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'data:text/html,x',
      ]) {
        expect([event, url, goes(event, url)]).toEqual([event, url, false]);
      }
    }
    expect(goes('will-attach-webview', 'app://outlay/')).toBe(false);
  });

  it('opens no window, and only links of the list in the browser', async () => {
    const { windows, opened } = await boot();
    const open = windows[0]!.webContents.openHandler!;
    const links = [
      'https://focus.finops.org/focus-specification/',
      'https://docs.aws.amazon.com/cur/',
      'http://focus.finops.org/',
      'https://focus.finops.org.evil.example/',
      'https://focus.finops.org@evil.example/',
      'https://user@focus.finops.org/',
      'https://focus.finops.org:8443/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'not an address',
    ];
    for (const url of links) expect(open({ url })).toEqual({ action: 'deny' });
    expect(opened).toEqual(links.slice(0, 2));
  });

  it('gets no permission but copying text, and no network', async () => {
    const record = await boot();
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'hid']) {
      record.permissionRequest!({}, permission, (allowed) => expect(allowed).toBe(false));
      expect(record.permissionCheck!({}, permission)).toBe(false);
    }
    expect(record.permissionCheck!({}, 'clipboard-sanitized-write')).toBe(true);
    expect(record.devicePermission!()).toBe(false);
    expect(record.request!.urls).toEqual(
      expect.arrayContaining(['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*']),
    );
    record.request!.handler({}, (answer) => expect(answer).toEqual({ cancel: true }));
    expect.assertions(5 * 2 + 4);
  });

  it('has no menu with links to elsewhere', async () => {
    const { menus } = await boot();
    const expected =
      process.platform === 'darwin'
        ? [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]
        : null;
    expect(menus).toEqual([expected]);
  });
});

describe('app://outlay', () => {
  it('is registered before Electron is ready, as a secure origin that can fetch', async () => {
    const { schemes } = await boot();
    expect(schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
      },
    ]);
  });

  it('serves the page with the same policy as the local server', async () => {
    const { protocols } = await boot();
    const answer = await protocols.get('app')!(new Request('app://outlay/'));
    const { answerFile } = await import('../../electron/hosts/static.ts');
    const local = await answerFile(join(root, 'dist', 'renderer'), '/');
    const plain = (text: string | null | undefined) => text?.replace(/nonce-[^']+/, 'nonce-');
    expect(plain(answer.headers.get('content-security-policy'))).toBe(
      plain(local.headers['content-security-policy']),
    );
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
    expect(await answer.text()).toContain(`<meta name="csp-nonce" content="${nonce}">`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('refuses paths out of the renderer, other hosts and other methods', async () => {
    const { protocols } = await boot();
    const ask = (url: string, method = 'GET') =>
      protocols.get('app')!(new Request(url, { method }));
    for (const url of [
      'app://outlay/../main/main.js',
      'app://outlay/%2e%2e/main/main.js',
      'app://outlay/..%2fmain/main.js',
      'app://outlay/..%5cmain%5cmain.js',
      'app://outlay/assets/..%2f..%2fmain/main.js',
      'app://outlay/..%2f..%2fsecret.js',
      `app://outlay/${encodeURIComponent(join(root, 'secret.js'))}`,
    ]) {
      const answer = await ask(url);
      expect([url, answer.status]).toEqual([url, 404]);
      expect(await answer.text()).not.toContain('SECRET');
    }
    expect((await ask('app://other/')).status).toBe(421);
    expect((await ask('app://outlay/', 'POST')).status).toBe(405);
  });

  it('takes uploads into the inbox as the local server does', async () => {
    const { protocols } = await boot();
    const ask = (body: BodyInit | null, name: string) =>
      protocols.get('app')!(
        new Request(`app://outlay/api/upload?name=${encodeURIComponent(name)}`, {
          method: 'POST',
          body,
        }),
      );
    const answer = (await (await ask('BilledCost\n1\n', '../bills/a.csv')).json()) as {
      path: string;
    };
    expect(answer.path.startsWith(join(data, 'inbox'))).toBe(true);
    expect(answer.path.endsWith(join('bills', 'a.csv'))).toBe(true);
    expect(readFileSync(answer.path, 'utf8')).toBe('BilledCost\n1\n');
    const empty = (await (await ask(null, 'empty.csv')).json()) as { path: string };
    expect(readFileSync(empty.path)).toHaveLength(0);
  });
});

describe('calls', () => {
  const call = (record: Fake['record'], frame: unknown, name = 'costs.query') =>
    (record.ipc.get('outlay:call') as unknown as (...args: unknown[]) => unknown)(
      { senderFrame: frame },
      name,
      { by: [] },
    );

  it('of the page reach the core process and come back, each to its own caller', async () => {
    const record = await boot(answering);
    const frame = record.windows[0]!.webContents.mainFrame;
    const names = ['costs.query', 'app.info', 'loads.list'];
    const answers = await Promise.all(names.map((name) => call(record, frame, name)));
    expect(answers).toEqual([
      { ok: true, value: 'costs.query' },
      { ok: true, value: infoAnswer },
      { ok: true, value: 'loads.list' },
    ]);
    expect(record.forks[0]).toMatchObject({
      path: join(root, 'dist', 'main', 'core-process.js'),
      args: [data, '0.1.0'],
    });
    expect([...record.ipc.keys()]).toEqual(['outlay:call']);
  });

  it('of any other frame are refused and do not reach the core', async () => {
    const record = await boot(answering);
    const frame = record.windows[0]!.webContents.mainFrame;
    for (const other of [null, { url: 'app://outlay/' }, { url: 'https://evil.example/' }]) {
      expect(() => call(record, other)).toThrow('refused');
    }
    frame.url = 'https://evil.example/';
    expect(() => call(record, frame)).toThrow('refused');
    frame.url = 'app://outlay.evil.example/';
    expect(() => call(record, frame)).toThrow('refused');
    expect(record.forks[0]!.child.posted).toEqual([]);
  });

  it('are answered when the core process dies under them, and after', async () => {
    const record = await boot();
    const frame = record.windows[0]!.webContents.mainFrame;
    const waiting = call(record, frame);
    record.forks[0]!.child.emit('exit', 134);
    const ended = { ok: false, error: { code: 'NOT_AVAILABLE', hint: expect.any(String) } };
    expect(await waiting).toMatchObject(ended);
    expect(await call(record, frame)).toMatchObject(ended);
  });

  it('are joined by the events of the core', async () => {
    const record = await boot();
    const body = { reason: 'import' };
    record.forks[0]!.child.emit('message', { kind: 'event', name: 'data.changed', body });
    expect(record.windows[0]!.webContents.sent).toEqual([['outlay:event', 'data.changed', body]]);
  });
});

describe('start and end', () => {
  it('a second start shows the first window and does nothing else', async () => {
    const second = await boot((record) => {
      record.app.lock = false;
    });
    expect(second.windows).toEqual([]);
    expect(second.forks).toEqual([]);
    expect(second.app.exitCode).toBe(0);
    vi.resetModules();
    const first = await boot();
    first.windows[0]!.minimized = true;
    first.app.emit('second-instance');
    expect(first.windows[0]).toMatchObject({ minimized: false, focused: 1 });
  });

  it('takes the lock of its own data folder', async () => {
    const { app } = await boot();
    expect(app.calls.slice(0, 3)).toEqual([
      ['enableSandbox'],
      ['setPath', 'userData', join(data, 'electron')],
      ['requestSingleInstanceLock'],
    ]);
  });

  it('the end waits until the core has closed', async () => {
    const record = await boot();
    record.windows[0]!.emit('closed');
    record.app.emit('window-all-closed');
    expect(record.app.exitCode).toBeNull();
    const { child } = record.forks[0]!;
    expect(child.posted).toEqual([{ kind: 'close' }]);
    // An event on the way has no window any more.
    child.emit('message', { kind: 'event', name: 'data.changed', body: {} });
    child.emit('exit', 0);
    await expect.poll(() => record.app.exitCode).toBe(0);
  });
});

describe('--smoke', () => {
  const smoke = async (result: unknown) => {
    process.argv = [...argv, '--smoke'];
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const complaint = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const fake = await import('./fake-electron.ts');
    vi.spyOn(fake.FakeContents.prototype, 'executeJavaScript').mockResolvedValue(result);
    const record = await boot(answering);
    await expect.poll(() => record.app.exitCode).not.toBeNull();
    const text = [...written.mock.calls, ...complaint.mock.calls].map(([line]) => line).join('');
    vi.restoreAllMocks();
    return { code: record.app.exitCode, text };
  };

  it('ends with 0 when SQLite answers', async () => {
    expect(await smoke({ ok: true, value: infoAnswer })).toEqual({
      code: 0,
      text: 'smoke: window, preload, core and SQLite 3.51.0 answer\n',
    });
  });

  it.each([
    { ok: false, error: { code: 'DATABASE_DAMAGED', message: 'x' } },
    { ok: true, value: { sqlite: '' } },
    { ok: true },
  ])('ends with 1 on %j', async (result) => {
    const { code, text } = await smoke(result);
    expect(code).toBe(1);
    expect(text).toContain('Outlay did not start');
  });
});
