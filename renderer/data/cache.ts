import type { Call, CallInput, CallName, CallOutput } from '../../shared/contract/contract.ts';
import type { ErrorBody } from '../../shared/contract/errors.ts';

/** What is known of one call: the last good answer, the last refusal, and whether one is asked. */
export interface Answer<T> {
  data: T | null;
  error: ErrorBody | null;
  pending: boolean;
}

interface Entry {
  name: CallName;
  input: unknown;
  answer: Answer<unknown>;
  /** Answers that arrive for an older question of this entry are dropped. */
  asked: number;
  listeners: Set<() => void>;
  stale: boolean;
}

export interface Cache {
  read: <N extends CallName>(name: N, input: CallInput<N>) => Answer<CallOutput<N>>;
  subscribe: (name: CallName, input: unknown, listener: () => void) => () => void;
  /** Asks again what is on screen and forgets the rest, of the calls that `changed` names. */
  refresh: (changed?: (name: CallName) => boolean) => void;
  /** Calls under way, for the loading line. */
  pending: () => number;
  onPending: (listener: () => void) => () => void;
}

const nothingYet: Answer<never> = { data: null, error: null, pending: true };

/** Entries without a reader are kept up to this number, so that going back is instant. */
const kept = 64;

/** The one cache of calls, keyed by name and input. */
export function createCache(call: Call): Cache {
  const entries = new Map<string, Entry>();
  const pendingListeners = new Set<() => void>();
  let pendingCount = 0;

  function changePending(by: number) {
    pendingCount += by;
    for (const listener of pendingListeners) listener();
  }

  function publish(entry: Entry, answer: Answer<unknown>) {
    entry.answer = answer;
    for (const listener of entry.listeners) listener();
  }

  async function ask(entry: Entry) {
    const question = ++entry.asked;
    entry.stale = false;
    publish(entry, { ...entry.answer, pending: true });
    changePending(1);
    let answer: Answer<unknown>;
    try {
      const result = await call(entry.name, entry.input as CallInput<CallName>);
      // A further question took its place; whoever comes back to this one asks it again.
      if (!result.ok && result.error.code === 'CANCELLED') entry.stale = true;
      answer = result.ok
        ? { data: result.value, error: null, pending: false }
        : { ...entry.answer, error: result.error, pending: false };
    } catch (error) {
      answer = {
        ...entry.answer,
        error: {
          code: 'INTERNAL',
          message: error instanceof Error ? error.message : String(error),
          hint: 'Nothing was changed. If it stays, close the window and start Outlay again.',
        },
        pending: false,
      };
    }
    changePending(-1);
    if (question === entry.asked) publish(entry, answer);
  }

  function forget() {
    for (const [key, entry] of entries) {
      if (entries.size <= kept) return;
      if (entry.listeners.size === 0) entries.delete(key);
    }
  }

  return {
    read<N extends CallName>(name: N, input: CallInput<N>) {
      const entry = entries.get(keyOf(name, input));
      return (entry?.answer ?? nothingYet) as Answer<CallOutput<N>>;
    },
    subscribe(name, input, listener) {
      const key = keyOf(name, input);
      let entry = entries.get(key);
      if (!entry) {
        entry = { name, input, answer: nothingYet, asked: 0, listeners: new Set(), stale: true };
        entries.set(key, entry);
        forget();
      }
      const found = entry;
      found.listeners.add(listener);
      if (found.stale) void ask(found);
      return () => found.listeners.delete(listener);
    },
    refresh(changed = () => true) {
      for (const [key, entry] of entries) {
        if (!changed(entry.name)) continue;
        if (entry.listeners.size > 0) void ask(entry);
        else entries.delete(key);
      }
    },
    pending: () => pendingCount,
    onPending(listener) {
      pendingListeners.add(listener);
      return () => pendingListeners.delete(listener);
    },
  };
}

function keyOf(name: CallName, input: unknown): string {
  return `${name} ${JSON.stringify(input)}`;
}
