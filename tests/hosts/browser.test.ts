import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  browserArguments,
  browserCandidates,
  hasScreen,
  openWindow,
} from '../../electron/hosts/browser.ts';
import { dataFolder } from '../../electron/hosts/data-folder.ts';

describe('browserCandidates', () => {
  it('puts OUTLAY_BROWSER first everywhere', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(browserCandidates(platform, { OUTLAY_BROWSER: '/opt/my' })[0]).toBe('/opt/my');
    }
  });

  it('looks along PATH for Chrome, Chromium, Edge and Brave, and in snap last', () => {
    expect(browserCandidates('linux', { PATH: '/usr/local/bin:.:relative:/usr/bin' })).toEqual([
      '/usr/local/bin/google-chrome-stable',
      '/usr/bin/google-chrome-stable',
      '/usr/local/bin/google-chrome',
      '/usr/bin/google-chrome',
      '/usr/local/bin/chromium',
      '/usr/bin/chromium',
      '/usr/local/bin/chromium-browser',
      '/usr/bin/chromium-browser',
      '/usr/local/bin/microsoft-edge-stable',
      '/usr/bin/microsoft-edge-stable',
      '/usr/local/bin/microsoft-edge',
      '/usr/bin/microsoft-edge',
      '/usr/local/bin/brave-browser',
      '/usr/bin/brave-browser',
      '/usr/local/bin/brave',
      '/usr/bin/brave',
      '/snap/bin/chromium',
      '/snap/bin/brave',
    ]);
  });

  it('knows the places of macOS and Windows', () => {
    const mac = browserCandidates('darwin', { HOME: '/Users/ada' });
    expect(mac.slice(0, 2)).toEqual([
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ]);
    expect(mac).toHaveLength(8);
    const windows = browserCandidates('win32', {
      PROGRAMFILES: 'C:\\Program Files',
      LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    });
    expect(windows.slice(0, 2)).toEqual([
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Users\\ada\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
    ]);
    expect(windows).toContain('C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe');
    expect(windows).toHaveLength(8);
  });

  it('needs nothing of the environment', () => {
    expect(browserCandidates('win32', {})).toEqual([]);
    expect(browserCandidates('linux', {})).toEqual(['/snap/bin/chromium', '/snap/bin/brave']);
  });
});

it('drops the sandbox for root only', () => {
  const plain = browserArguments('http://127.0.0.1:1/#launch=x', '/data/profile', false);
  expect(plain).toEqual([
    '--app=http://127.0.0.1:1/#launch=x',
    '--user-data-dir=/data/profile',
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--disable-extensions',
    '--disable-component-update',
    '--disable-background-networking',
    '--password-store=basic',
    '--class=Outlay',
  ]);
  const root = browserArguments('http://127.0.0.1:1/#launch=x', '/data/profile', true);
  expect(root.slice(plain.length)).toEqual(['--no-sandbox', '--test-type']);
});

it('knows where there is a screen', () => {
  expect(hasScreen('linux', {})).toBe(false);
  expect(hasScreen('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasScreen('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasScreen('darwin', {}) && hasScreen('win32', {})).toBe(true);
});

describe.skipIf(process.platform === 'win32')('openWindow', () => {
  let folder: string;
  let logged: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outlay-browser-'));
    logged = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that stands for a browser: writes its arguments, then does what the test says. */
  const program = (name: string, script: string) => {
    const path = join(folder, name);
    writeFileSync(
      path,
      `#!/bin/sh\necho $$ > '${path}.pid'\nprintf '%s\\n' "$@" > '${path}.args'\n${script}\n`,
    );
    chmodSync(path, 0o755);
    return path;
  };
  const open = (candidates: string[]) =>
    openWindow({
      url: 'http://127.0.0.1:1/#launch=x',
      profile: join(folder, 'profile'),
      candidates,
      log: (line) => logged.push(line),
    });

  it('takes the first that starts, and waits for its end when it is stopped', async () => {
    const missing = join(folder, 'missing');
    const broken = program('broken', 'exit 3');
    const good = program(
      'good',
      `trap "echo saved > '${folder}/saved'; exit 0" TERM\nwhile :; do sleep 0.1; done`,
    );
    const never = program('never', 'sleep 60');
    const window = await open([missing, broken, good, never]);
    expect(logged).toEqual([`${broken} did not start; looking for another browser.`]);
    expect(readFileSync(`${good}.args`, 'utf8').split('\n')[0]).toBe(
      '--app=http://127.0.0.1:1/#launch=x',
    );
    expect(existsSync(`${never}.args`)).toBe(false);
    await window?.stop();
    expect(existsSync(join(folder, 'saved'))).toBe(true);
    await window?.closed;
  });

  it('ends a browser that does not end by itself', async () => {
    const stubborn = program('stubborn', 'trap "" TERM\nwhile :; do sleep 0.1; done');
    const window = await open([stubborn]);
    await window?.stop();
    const pid = Number(readFileSync(`${stubborn}.pid`, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, 12_000);

  it('does not take a hand-over to an older browser process for the end of the window', async () => {
    const window = await open([program('quick', 'exit 0')]);
    const first = await Promise.race([
      window?.closed.then(() => 'closed'),
      new Promise((resolve) => setTimeout(() => resolve('open'), 100)),
    ]);
    expect(first).toBe('open');
    await window?.stop();
  });

  it('answers null where nothing can be started', async () => {
    expect(await open([join(folder, 'missing'), folder])).toBeNull();
    expect(await open([])).toBeNull();
  });
});

describe('dataFolder', () => {
  it.each([
    ['linux', { HOME: '/home/ada' }, '/home/ada/.local/share/outlay'],
    ['linux', { HOME: '/home/ada', XDG_DATA_HOME: '/xdg' }, '/xdg/outlay'],
    ['linux', { HOME: '/home/ada', XDG_DATA_HOME: 'xdg' }, '/home/ada/.local/share/outlay'],
    ['linux', { HOME: '/home/ada', OUTLAY_DATA: '/srv/outlay' }, '/srv/outlay'],
    ['darwin', { HOME: '/Users/ada' }, '/Users/ada/Library/Application Support/Outlay'],
    [
      'darwin',
      { HOME: '/Users/ada', XDG_DATA_HOME: '/xdg', OUTLAY_DATA: '' },
      '/Users/ada/Library/Application Support/Outlay',
    ],
    [
      'win32',
      { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' },
      'C:\\Users\\ada\\AppData\\Local\\Outlay',
    ],
    ['win32', { USERPROFILE: 'C:\\Users\\ada' }, 'C:\\Users\\ada\\AppData\\Local\\Outlay'],
    ['win32', { OUTLAY_DATA: 'D:\\outlay' }, 'D:\\outlay'],
  ] as const)('%s %j', (platform, env, expected) => {
    expect(dataFolder(platform, env)).toBe(expected);
  });

  it('makes a relative OUTLAY_DATA absolute', () => {
    expect(dataFolder('linux', { OUTLAY_DATA: 'data' })).toBe(join(process.cwd(), 'data'));
  });
});
