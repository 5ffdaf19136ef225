import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh } from './fresh.ts';

/** Electron's installer downloads some 100 MB; a network that refuses it mostly hangs. */
const installMs = 20_000;

/** An Electron that ends sooner with an error never showed its window. */
const startMs = 5_000;

const sources = ['electron', 'shared', 'electron.vite.config.ts', 'package-lock.json'];

export interface InstallFailure {
  /** UTC, ISO 8601. */
  at: string;
  reason: string;
}

/** Electron's executable, or null where the npm package came without it. */
export function electronProgram(root: string): string | null {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8');
    const program = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name);
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/** Why the last try to get the executable failed; null where none was made. */
export function installFailure(root: string): InstallFailure | null {
  try {
    return JSON.parse(readFileSync(failureFile(root), 'utf8')) as InstallFailure;
  } catch {
    return null;
  }
}

/**
 * Lets Electron's own installer try once, for at most 20 s, and remembers a failure.
 * @param installer the script to run; Electron's own by default
 */
export async function installElectron(
  root: string,
  installer = join(root, 'node_modules', 'electron', 'install.js'),
  limitMs = installMs,
): Promise<InstallFailure | null> {
  const reason = await runInstaller(installer, limitMs);
  if (reason === null) {
    rmSync(failureFile(root), { force: true });
    return null;
  }
  const failure = { at: new Date().toISOString(), reason };
  mkdirSync(join(root, '.outlay'), { recursive: true });
  writeFileSync(failureFile(root), JSON.stringify(failure));
  return failure;
}

function runInstaller(installer: string, limitMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    let late = false;
    const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'] });
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 10_000);
    });
    child.on('error', (error) => {
      said = error.message;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (late) resolve(`no answer within ${limitMs / 1000} s`);
      else resolve(code === 0 ? null : (firstError(said) ?? `the installer ended with ${code}`));
    });
  });
}

/** The line of a stack trace that says what happened, without its class and without addresses. */
function firstError(text: string): string | null {
  const line = text.split('\n').find((part) => part.includes('Error'));
  if (line === undefined) return null;
  const plain = line.replaceAll(/https?:\/\/\S+/g, 'the download').trim();
  return plain.replace(/^\w*Error: /, '').slice(0, 200);
}

/**
 * Builds the Electron layer where needed and runs it until its window is closed.
 * Answers why it did not start, or null when it ran.
 */
export async function runElectron(
  root: string,
  program: string,
  log: (line: string) => void,
): Promise<string | null> {
  if (!isElectronBuilt(root)) {
    log('Building the desktop app.');
    await buildElectron(root);
  }
  const { ELECTRON_RUN_AS_NODE: _unset, ...env } = process.env;
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const started = Date.now();
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(program, [...sandbox, root], { stdio: 'inherit', env });
    child.on('error', () => resolve(-1));
    child.on('exit', (exit) => resolve(exit));
  });
  return code !== 0 && Date.now() - started < startMs ? `it ended with code ${code}` : null;
}

/** Whether what `buildElectron` makes is there and newer than its sources. */
export function isElectronBuilt(root: string): boolean {
  return isFresh(root, 'dist/main/main.js', sources);
}

/** Main process, core process, worker and preload into dist/. */
export async function buildElectron(root: string): Promise<void> {
  const { build } = await import('electron-vite');
  await build({ root, configFile: join(root, 'electron.vite.config.ts'), logLevel: 'error' });
}

function failureFile(root: string): string {
  return join(root, '.outlay', 'electron-install.json');
}
