import Database from 'better-sqlite3';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Core, openCore } from '../../electron/core/api.ts';
import { type CliIo, runCli } from '../../electron/hosts/cli.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/contract/contract.ts';
import type { ErrorBody } from '../../shared/contract/errors.ts';
import type { LoadRecord } from '../../shared/contract/sources.ts';

export interface CliAnswer {
  code: number;
  out: string;
  err: string;
}

/** A folder of the test's own with bill files and a data folder; `close` removes it. */
export interface Workspace {
  folder: string;
  data: string;
  /** Writes a file and answers its path. */
  file: (name: string, content: string | Uint8Array) => string;
  /** The core of the data folder, opened on first use. */
  core: () => Core;
  /** The value of a call; a refusal is an exception of the test. */
  call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;
  /** The refusal of a call; an answer is an exception of the test. */
  refusal: <N extends CallName>(name: N, input: CallInput<N>) => Promise<ErrorBody>;
  load: (
    paths: string | readonly string[],
    options?: Partial<Omit<CallInput<'import.run'>, 'job' | 'paths'>>,
  ) => Promise<LoadRecord[]>;
  /** The command line in this process, on this data folder. */
  cli: (...argv: string[]) => Promise<CliAnswer>;
  /** Everything in the database except the history of loads, as text. */
  dump: () => string;
  closeCore: () => Promise<void>;
  close: () => Promise<void>;
}

let jobs = 0;

export function workspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-test-'));
  const data = join(folder, 'data');
  let opened: Core | null = null;

  const core = () => (opened ??= openTestCore(data));
  const closeCore = async () => {
    await opened?.close();
    opened = null;
  };
  const call: Workspace['call'] = async (name, input) => {
    const answer = await core().call(name, input);
    if (answer.ok) return answer.value;
    throw new Error(`${name}: ${answer.error.code}: ${answer.error.message}`);
  };
  return {
    folder,
    data,
    file: (name, content) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    core,
    call,
    refusal: async (name, input) => {
      const answer = await core().call(name, input);
      if (!answer.ok) return answer.error;
      throw new Error(`${name} was not refused: ${JSON.stringify(answer.value).slice(0, 200)}`);
    },
    load: async (paths, options = {}) =>
      (await call('import.run', { job: `test-${++jobs}`, paths: [paths].flat(), ...options }))
        .loads,
    cli: (...argv) => runInProcess(['--data', data, ...argv]),
    dump: () => dumpLedger(data),
    closeCore,
    close: async () => {
      await closeCore();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A core with the real job thread on a data folder. */
export function openTestCore(dataFolder: string): Core {
  return openCore({
    dataFolder,
    workerUrl: new URL('../../electron/core/jobs/worker.ts', import.meta.url),
    appVersion: '0.0.0-test',
    now: () => new Date(),
    log: (line) => console.error(line),
  });
}

export async function runInProcess(
  argv: readonly string[],
  env: CliIo['env'] = {},
): Promise<CliAnswer> {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    platform: process.platform,
    env,
    out: (text) => (out += `${text}\n`),
    err: (text) => (err += `${text}\n`),
    buildWindow: () => Promise.reject(new Error('no test here opens a window')),
  });
  return { code, out, err };
}

/** Tables that record what was tried, or are worked out from the others. */
const history = new Set(['load', 'load_total', 'classification', 'classification_column']);

function dumpLedger(dataFolder: string): string {
  const db = new Database(join(dataFolder, 'outlay.db'), { readonly: true });
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all() as string[];
    return tables
      .filter((table) => !history.has(table))
      .map((table) => {
        const rows = db.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][];
        const lines = rows.map((row) =>
          JSON.stringify(row, (_, value: unknown) =>
            Buffer.isBuffer(value) ? value.toString('base64') : value,
          ),
        );
        return [table, ...lines.sort()].join('\n');
      })
      .join('\n\n');
  } finally {
    db.close();
  }
}
