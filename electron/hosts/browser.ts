import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { posix, win32 } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** A browser that goes sooner than this did not show the window, or handed it to another one. */
const settleMs = 2_500;

const names = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
  'brave',
];

const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];

const windowsPrograms = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['BraveSoftware', 'Brave-Browser', 'Application', 'brave.exe'],
];

/** Where a Chromium browser may be, the preferred one first. `OUTLAY_BROWSER` names another. */
export function browserCandidates(platform: NodeJS.Platform, env: Env): string[] {
  const chosen = env['OUTLAY_BROWSER'];
  const found = chosen ? [chosen] : [];
  if (platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
      (name) => env[name] ?? [],
    );
    for (const program of windowsPrograms) {
      for (const root of roots) found.push(win32.join(root, ...program));
    }
    return found;
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', ...(env['HOME'] ? [`${env['HOME']}/Applications`] : [])];
    for (const app of macApps) {
      for (const root of roots) found.push(`${root}/${app}.app/Contents/MacOS/${app}`);
    }
    return found;
  }
  // A relative entry of PATH would start what lies in the current folder.
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => posix.isAbsolute(folder));
  for (const name of names) {
    for (const folder of folders) found.push(posix.join(folder, name));
  }
  // Last: a snap may not read hidden folders, and the profile lies in one by default.
  for (const name of ['chromium', 'brave']) found.push(`/snap/bin/${name}`);
  return [...new Set(found)];
}

/** Whether there is a screen to open a window on. */
export function hasScreen(platform: NodeJS.Platform, env: Env): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

export function browserArguments(url: string, profile: string, root: boolean): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--disable-extensions',
    '--disable-component-update',
    '--disable-background-networking',
    '--password-store=basic',
    '--class=Outlay',
    // Chromium refuses to sandbox for root; --test-type hides its warning bar about that.
    ...(root ? ['--no-sandbox', '--test-type'] : []),
  ];
}

/** The window: a process of ours, or one that an older process of the same profile took over. */
export interface AppWindow {
  /** Settles when the window's browser has gone; never for one that was taken over. */
  closed: Promise<void>;
  /** Asks the browser to go and waits until it has written its profile. */
  stop: () => Promise<void>;
}

/** Opens the address as an app window in the first browser that starts; null where none does. */
export async function openWindow(options: {
  url: string;
  profile: string;
  candidates: readonly string[];
  log: (line: string) => void;
}): Promise<AppWindow | null> {
  const root = process.getuid?.() === 0;
  for (const program of programs(options.candidates)) {
    const child = spawn(program, browserArguments(options.url, options.profile, root), {
      stdio: 'ignore',
      // A group of its own: Ctrl-C in the terminal is for us, and we tell the browser.
      detached: process.platform !== 'win32',
    });
    const closed = new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(-1));
      child.once('exit', (code) => resolve(code));
    });
    const early = await Promise.race([closed, pause(settleMs)]);
    if (early === 'still there') {
      return {
        closed: closed.then(() => undefined),
        async stop() {
          child.kill('SIGTERM');
          if ((await Promise.race([closed, pause(5_000)])) !== 'still there') return;
          child.kill('SIGKILL');
          await closed;
        },
      };
    }
    if (early === 0) return { closed: new Promise(() => {}), stop: async () => {} };
    options.log(`${program} did not start; looking for another browser.`);
  }
  return null;
}

/** Those that can be run, each once: /bin is often a link to /usr/bin. */
function programs(candidates: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const path of candidates) {
    try {
      accessSync(path, constants.X_OK);
      const target = realpathSync(path);
      if (!found.has(target)) found.set(target, path);
    } catch {
      // Not here.
    }
  }
  return [...found.values()];
}

async function pause(ms: number): Promise<'still there'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('still there'), ms).unref();
  });
}
