import type { UtilityProcess } from 'electron';
import type { Result } from '../../shared/contract/errors.ts';

export type ToCore = { kind: 'call'; id: number; name: string; input: unknown } | { kind: 'close' };

export type FromCore =
  | { kind: 'log'; line: string }
  | { kind: 'answer'; id: number; result: Result<unknown> }
  | { kind: 'event'; name: string; body: unknown };

export interface CoreLink {
  call: (name: string, input: unknown) => Promise<Result<unknown>>;
  /** Ends jobs, closes the database, waits for the process to go. */
  close: () => Promise<void>;
}

const ended: Result<unknown> = {
  ok: false,
  error: {
    code: 'NOT_AVAILABLE',
    message: 'The part of Outlay that holds the data has ended. Everything stored is kept.',
    hint: 'Close Outlay and start it again; "outlay doctor" checks the data.',
  },
};

/** Calls and events over the message port of the core's process. */
export function linkCore(
  child: UtilityProcess,
  onEvent: (name: string, body: unknown) => void,
  log: (line: string) => void,
): CoreLink {
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  let lastId = 0;
  let gone = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      gone = true;
      if (code !== 0) log(`the core ended with code ${code}`);
      for (const answer of waiting.values()) answer(ended);
      waiting.clear();
      resolve();
    });
  });
  child.on('message', (message: FromCore) => {
    switch (message.kind) {
      case 'answer':
        waiting.get(message.id)?.(message.result);
        waiting.delete(message.id);
        return;
      case 'event':
        return onEvent(message.name, message.body);
      case 'log':
        return log(message.line);
    }
  });
  const post = (message: ToCore) => child.postMessage(message);
  return {
    call: (name, input) =>
      new Promise((resolve) => {
        if (gone) {
          resolve(ended);
          return;
        }
        lastId += 1;
        waiting.set(lastId, resolve);
        post({ kind: 'call', id: lastId, name, input });
      }),
    async close() {
      if (!gone) post({ kind: 'close' });
      await exited;
    },
  };
}
