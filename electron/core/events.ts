import type { EventBody, EventName, On } from '../../shared/contract/contract.ts';

export interface Emitter {
  on: On;
  emit: <N extends EventName>(name: N, body: EventBody<N>) => void;
}

/** Typed fan-out of the contract's events; a listener that throws does not stop the others. */
export function createEmitter(onDefect: (error: unknown) => void): Emitter {
  const listeners = new Map<EventName, Set<(body: never) => void>>();
  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    emit(name, body) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          listener(body as never);
        } catch (error) {
          onDefect(error);
        }
      }
    },
  };
}
