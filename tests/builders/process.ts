import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CliAnswer } from './workspace.ts';

const outlay = fileURLToPath(new URL('../../build/outlay.js', import.meta.url));

/** The `outlay` command as a process of its own. */
export function spawnOutlay(
  argv: readonly string[],
  env: Record<string, string> = {},
  user: Pick<SpawnOptions, 'uid' | 'gid'> = {},
): ChildProcess {
  return spawn(process.execPath, [outlay, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...user,
  });
}

export function finished(
  child: ChildProcess,
): Promise<CliAnswer & { signal: NodeJS.Signals | null }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? -1, signal, out, err }));
  });
}

export function outlayProcess(argv: readonly string[], env: Record<string, string> = {}) {
  return finished(spawnOutlay(argv, env));
}
