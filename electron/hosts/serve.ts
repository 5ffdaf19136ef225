import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OutlayError } from '../../shared/contract/errors.ts';
import { type Core, type CoreDeps, openCore } from '../core/api.ts';
import { type AppWindow, browserCandidates, hasScreen, openWindow } from './browser.ts';
import { askRunning, claimInstance, readInstance, releaseInstance } from './instance.ts';
import { sweepInbox } from './upload.ts';
import { appVersion } from './version.ts';
import { workerUrl } from './worker-url.ts';
import { startWindowHost, type WindowHostOptions } from './window.ts';

export interface ServeOptions {
  dataFolder: string;
  /** A free one where absent. */
  port?: number | undefined;
  /** Opens an app window; without it the one-time address is printed. */
  open: boolean;
  /** One line a message, for the terminal. */
  log: (line: string) => void;
  /** The built renderer; where the build puts it by default. */
  rendererFolder?: string;
  pages?: WindowHostOptions['pages'];
  /** Runs once the core is open, before the window opens. */
  prepare?: (core: Core) => Promise<void>;
}

/**
 * Runs the window host until SIGINT, SIGTERM, SIGHUP or, where it opened a window, until that is closed.
 * Hands over to the server that already runs on the data folder, if there is one.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { dataFolder, log } = options;
  const rendererFolder =
    options.rendererFolder ?? fileURLToPath(new URL('../../dist/renderer', import.meta.url));
  if (!options.pages && !existsSync(join(rendererFolder, 'index.html'))) {
    throw new OutlayError(
      'NOT_AVAILABLE',
      'The window has not been built yet.',
      'Run "npm run build", then start again.',
    );
  }
  const stale = readInstance(dataFolder);
  const running = await askRunning(dataFolder);
  if (running !== null) return handOver(options, running);

  const stopped = nextSignal();
  const core = openCore(coreDeps(dataFolder, log));
  try {
    await options.prepare?.(core);
    const isReadOnly = await readsOnly(core);
    const host = await startWindowHost({ ...options, core, rendererFolder });
    const instance = { pid: process.pid, address: host.address, control: host.control };
    let appWindow: AppWindow | null = null;
    const profile = isReadOnly
      ? mkdtempSync(join(tmpdir(), 'outlay-profile-'))
      : ownProfile(dataFolder);
    try {
      // Where nothing can be written down a second start finds no first one: both only read.
      if (!isReadOnly && !claimInstance(dataFolder, instance, stale)) {
        const other = await askRunning(dataFolder);
        if (other !== null) return await handOver(options, other);
      }
      log(`Outlay runs at ${host.address}, for this machine only. Ctrl-C ends it.`);
      if (isReadOnly) log('The data folder cannot be written: what is loaded is shown, read only.');
      appWindow = await show(options, host.url, profile);
      await Promise.race([stopped, ...(appWindow ? [appWindow.closed] : [])]);
    } finally {
      await appWindow?.stop();
      if (!isReadOnly) releaseInstance(dataFolder, instance);
      else rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
      await host.close();
    }
  } finally {
    await core.close();
    await sweepInbox(dataFolder, Date.now());
  }
}

function coreDeps(dataFolder: string, log: (line: string) => void): CoreDeps {
  return {
    dataFolder,
    workerUrl,
    appVersion: appVersion(),
    now: () => new Date(),
    log,
  };
}

/** Whether the core can only read; it then says so in the window too. */
async function readsOnly(core: Core): Promise<boolean> {
  const info = await core.call('app.info', {});
  return info.ok && info.value.readOnly !== null;
}

/** The browser's profile of a data folder: the window comes back as it was. */
function ownProfile(dataFolder: string): string {
  return join(dataFolder, 'profile');
}

async function handOver(options: ServeOptions, url: string): Promise<void> {
  options.log('Outlay already runs on this data folder; the window belongs to that process.');
  await show(options, url, ownProfile(options.dataFolder));
}

/** Opens a window, or prints the address where none was asked for or none can be opened. */
async function show(
  options: ServeOptions,
  url: string,
  profile: string,
): Promise<AppWindow | null> {
  const { log } = options;
  if (options.open) {
    const { platform, env } = process;
    const appWindow = hasScreen(platform, env)
      ? await openWindow({
          url,
          profile,
          candidates: browserCandidates(platform, env),
          log,
        })
      : null;
    if (appWindow !== null) return appWindow;
    log(
      hasScreen(platform, env)
        ? 'No Chrome, Chromium, Edge or Brave could be opened; OUTLAY_BROWSER can name one.'
        : 'There is no screen to open a window on.',
    );
  }
  log(`Open this address within a minute; it works once: ${url}`);
  return null;
}

/** The first signal ends things in order; a second one finds no listener and ends at once. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    // The last is the end of the terminal that it was started in.
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const end = () => {
      for (const signal of signals) process.off(signal, end);
      resolve();
    };
    for (const signal of signals) process.on(signal, end);
  });
}
