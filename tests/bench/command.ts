import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface CommandRun {
  /** Milliseconds of the whole command. */
  whole: number;
  /** Milliseconds until all of it was stored and shown; lines may still be copied after that. */
  shown: number;
  /** Highest resident memory in bytes; 0 where the system does not say. */
  memory: number;
}

/** Runs `outlay import` in a process of its own, and looks how it went. */
export async function runImport(
  root: string,
  files: readonly string[],
  data: string,
): Promise<CommandRun> {
  const started = Date.now();
  const child = spawn(
    process.execPath,
    ['build/outlay.js', 'import', ...files, '--data', data, '--json'],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (text) => (errors += String(text)));
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, highWater(child.pid ?? 0))), 50);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(errors);
  const whole = Date.now() - started;
  return { whole, shown: shownAt(data) - started, memory };
}

/** When the last load of a data folder was finished. */
function shownAt(data: string): number {
  const db = new Database(join(data, 'outlay.db'), { readonly: true });
  const text = db.prepare('SELECT max(finished_at) FROM load').pluck().get() as string;
  db.close();
  return Date.parse(text);
}

function highWater(pid: number): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
