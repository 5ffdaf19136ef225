import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FuzzAnswer, FuzzRequest } from './fuzzImporter.ts';

const importer = fileURLToPath(new URL('./fuzzImporter.ts', import.meta.url));

/** A process that imports one file after the other, started again where a file has ended it. */
export interface FuzzProcess {
  /** What came of a file; a crash and a file that takes too long are outcomes with a problem. */
  run: (request: FuzzRequest) => Promise<FuzzAnswer>;
  close: () => void;
}

export interface FuzzLimits {
  /** Of processor time for one file. */
  milliseconds: number;
  /** Of memory. */
  bytes: number;
}

/** On a busy machine a file takes this many times its processor time; then it hangs. */
const patience = 6;

/** `pristine` is the database that every file meets, `data` the folder that a copy is used in. */
export function fuzzProcess(pristine: string, data: string, limits: FuzzLimits): FuzzProcess {
  let child: ChildProcess | null = null;
  let said = '';

  function start(): ChildProcess {
    said = '';
    const started = fork(importer, [pristine, data], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    }
    return started;
  }

  function end(): void {
    child?.removeAllListeners();
    child?.kill('SIGKILL');
    child = null;
  }

  return {
    close: end,
    run: async ({ path, options }) => {
      child ??= start();
      const running = child;
      const answer = await new Promise<FuzzAnswer>((resolve) => {
        const failed = (outcome: string, problem: string) =>
          resolve({
            outcome,
            reason: problem,
            problems: [problem],
            milliseconds: 0,
            peakBytes: 0,
          });
        const timer = setTimeout(
          () => failed('hang', `not finished after ${(patience * limits.milliseconds) / 1000} s`),
          patience * limits.milliseconds,
        );
        running.once('message', (message) => {
          clearTimeout(timer);
          resolve(message as FuzzAnswer);
        });
        running.once('exit', (code, signal) => {
          clearTimeout(timer);
          failed('crash', `the process ended with ${signal ?? code}: ${said}`);
        });
        running.send({ path, options } satisfies FuzzRequest);
      });
      running.removeAllListeners();
      if (answer.milliseconds > limits.milliseconds) {
        answer.problems.push(`took ${Math.round(answer.milliseconds)} ms`);
      }
      if (answer.peakBytes > limits.bytes) {
        answer.problems.push(`held ${Math.round(answer.peakBytes / 2 ** 20)} MB of memory`);
      }
      // One that held much would make the next file look as if it did.
      if (
        answer.peakBytes > limits.bytes ||
        answer.outcome === 'hang' ||
        answer.outcome === 'crash'
      ) {
        end();
      }
      return answer;
    },
  };
}
