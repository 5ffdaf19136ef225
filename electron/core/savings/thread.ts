import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { CallName } from '../../../shared/contract/contract.ts';
import { type ErrorBody, OutlayError } from '../../../shared/contract/errors.ts';

/** The calls that the thread of the plan answers. */
export type SavingsCall = Extract<
  CallName,
  'savings.plan' | 'savings.simulate' | 'savings.series' | 'commitments.overview'
>;

export interface SavingsQuestion {
  id: number;
  call: SavingsCall;
  input: unknown;
}

export type SavingsReply =
  | { id: number; value: unknown }
  | { id: number; error: ErrorBody; defect: string | null };

export interface SavingsThread {
  ask: (call: SavingsCall, input: unknown) => Promise<unknown>;
  close: () => Promise<void>;
}

/** To the thread: stop reading and end. */
export type SavingsEnd = 'end';

/**
 * What the thread is at, shared with who ends it: a thread in which DuckDB works must not be cut
 * off, because its answer then ends the whole process. In all else the thread may be computing for
 * seconds without hearing anything, and is cut off.
 */
export const threadStates = { computing: 0, reading: 1, ended: 2 } as const;

/** The prepared model and its 100 MB go away when nobody has asked for this long. */
const idleMs = 10 * 60_000;

/**
 * A thread of its own for the plan, started with the first question: it keeps the model of the bill,
 * so that a what-if need not read anything. Questions are answered in the order they came.
 */
export function createSavingsThread(deps: {
  dataFolder: string;
  workerUrl: URL;
  log: (line: string) => void;
}): SavingsThread {
  let worker: Promise<Worker> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let asked = 0;
  let closed = false;
  const state = new Int32Array(new SharedArrayBuffer(4));
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: unknown) => void }
  >();

  function fail(error: unknown): void {
    worker = null;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  async function start(): Promise<Worker> {
    const { Worker: Thread } = await import('node:worker_threads');
    const thread = new Thread(deps.workerUrl, {
      workerData: { dataFolder: deps.dataFolder, request: { kind: 'savings', state } },
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env },
    });
    thread.unref();
    thread.on('message', (reply: SavingsReply) => {
      const one = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (waiting.size === 0) rest(thread);
      if (!('error' in reply)) return one?.resolve(reply.value);
      if (reply.defect) deps.log(`plan failed: ${reply.defect}`);
      const { code, message, hint } = reply.error;
      one?.reject(new OutlayError(code, message, hint));
    });
    thread.on('error', fail);
    thread.on('exit', (code) =>
      fail(new OutlayError('INTERNAL', `The thread of the plan ended (exit code ${code}).`)),
    );
    return thread;
  }

  function rest(thread: Worker): void {
    thread.unref();
    clearTimeout(idle);
    idle = setTimeout(() => {
      worker = null;
      thread.removeAllListeners('exit');
      void thread.terminate();
    }, idleMs).unref();
  }

  return {
    ask: async (call, input) => {
      if (closed) throw new OutlayError('CANCELLED', 'Outlay is closing.');
      clearTimeout(idle);
      const thread = await (worker ??= start());
      // A host that waits for an answer stays until it is there.
      thread.ref();
      const id = ++asked;
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        thread.postMessage({ id, call, input } satisfies SavingsQuestion);
      });
    },
    close: async () => {
      closed = true;
      clearTimeout(idle);
      const thread = await worker;
      thread?.removeAllListeners('exit');
      fail(new OutlayError('CANCELLED', 'Outlay is closing.'));
      if (!thread) return;
      const { computing, reading, ended } = threadStates;
      if (Atomics.compareExchange(state, 0, computing, ended) !== reading) {
        await thread.terminate();
        return;
      }
      thread.ref();
      const exited = once(thread, 'exit');
      thread.postMessage('end' satisfies SavingsEnd);
      await exited;
    },
  };
}
