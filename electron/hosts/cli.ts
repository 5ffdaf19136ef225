import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorBody } from '../../shared/contract/errors.ts';
import type { Core } from '../core/api.ts';
import { type Arguments, helpText, readArguments, usage } from './cli-arguments.ts';
import { dataFolder } from './data-folder.ts';
import { terminalText } from './terminal-text.ts';
import { appVersion } from './version.ts';
import { workerUrl } from './worker-url.ts';

export interface CliIo {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  out: (text: string) => void;
  err: (text: string) => void;
  /** Makes sure that the window is built before it is served. */
  buildWindow: (log: (line: string) => void) => Promise<void>;
}

/** Exit codes that the command line promises. */
const failed = 1;
const badInput = 2;
/** Errors that mean something went wrong here, not that the input was bad. */
const ownFailures = new Set([
  'INTERNAL',
  'LOCKED',
  'CANCELLED',
  'NOT_TIED_OUT',
  'DATABASE_NEWER',
  'DATABASE_DAMAGED',
  'DATABASE_UNREADABLE',
  'DISK_FULL',
  'READ_ONLY',
]);

/** Commands that may write to the data folder. */
const writing = new Set([
  'import',
  'sample',
  'remove',
  'prices',
  'telemetry',
  'tokens',
  'rules',
  'decide',
]);

/** The command line: one command, one answer on stdout, the exit code returned. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const json = argv.includes('--json');
  try {
    const input = readArguments(argv);
    if (input.help) {
      io.out(json ? JSON.stringify({ help: helpText() }) : helpText());
      return 0;
    }
    if (input.command === 'analyze') return await analyzeCommand(input, io);
    const folder = dataFolder(io.platform, {
      ...io.env,
      ...(typeof input.values['data'] === 'string' ? { OUTLAY_DATA: input.values['data'] } : {}),
    });
    return input.command === 'serve'
      ? await serveCommand(input, folder, io)
      : await coreCommand(input, folder, io);
  } catch (error) {
    const body = errorBody(error);
    if (json) io.out(JSON.stringify({ error: body }));
    else io.err(terminalText(body.hint ? `${body.message}\n${body.hint}` : body.message));
    return ownFailures.has(body.code) ? failed : badInput;
  }
}

async function coreCommand(input: Arguments, folder: string, io: CliIo): Promise<number> {
  const { runCommand } = await import('./cli-commands.ts');
  const core = (await coreThatRuns(input, folder)) ?? (await ownCore(folder, io));
  const cancel = async () => {
    const answer = await core.call('jobs.list', {});
    if (answer.ok) for (const { job } of answer.value.jobs) await core.call('jobs.cancel', { job });
  };
  // The first Ctrl-C cancels in order, a second one ends at once.
  const onInterrupt = () => void cancel();
  process.once('SIGINT', onInterrupt);
  try {
    if (!input.json) showProgress(core);
    const answer = await runCommand(core, input);
    io.out(input.json ? JSON.stringify(answer.value) : terminalText(answer.text));
    return answer.exitCode;
  } finally {
    process.off('SIGINT', onInterrupt);
    await core.close();
  }
}

/** What writes is handed to the window that is open on the data folder, where one is. */
async function coreThatRuns(input: Arguments, folder: string): Promise<Core | null> {
  if (!writing.has(input.command) || !existsSync(join(folder, 'instance.json'))) return null;
  const { runningCore } = await import('./running-core.ts');
  return await runningCore(folder, appVersion());
}

async function ownCore(folder: string, io: CliIo): Promise<Core> {
  const { openCore } = await import('../core/api.ts');
  return openCore({
    dataFolder: folder,
    workerUrl,
    appVersion: appVersion(),
    now: () => new Date(),
    log: io.err,
  });
}

/** One line that is written over, on a terminal only. */
function showProgress(core: Core): void {
  if (!process.stderr.isTTY) return;
  core.on('job.progress', (state) => {
    const share = state.bytes > 0 ? ` ${Math.floor((100 * state.bytesDone) / state.bytes)}%` : '';
    const left = state.etaMs === null ? '' : `, ${Math.ceil(state.etaMs / 1000)} s left`;
    const over = state.step === 'done' || state.step === 'failed';
    process.stderr.write(
      over
        ? '\r\u001b[K'
        : `\r\u001b[K${state.step}${share} ${terminalText(state.file ?? '')}${left}`,
    );
  });
}

/** Needs no data folder and opens no core: everything is in the bundle. */
async function analyzeCommand(input: Arguments, io: CliIo): Promise<number> {
  const [{ analyzeFolder }, { answerText }] = await Promise.all([
    import('../core/analysis/analyze.ts'),
    import('./answer-text.ts'),
  ]);
  const answer = await analyzeFolder(resolve(input.words[0] ?? '.'));
  io.out(input.json ? JSON.stringify(answer) : terminalText(answerText(answer)));
  return 0;
}

async function serveCommand(input: Arguments, folder: string, io: CliIo): Promise<number> {
  const { port } = input.values;
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number < 65_536)) {
    throw usage(`--port ${String(port)} is not a port.`);
  }
  const log = input.json ? io.err : io.out;
  await io.buildWindow(log);
  const { serve } = await import('./serve.ts');
  await serve({ dataFolder: folder, port: number, open: input.values['no-open'] !== true, log });
  return 0;
}
