import { createContext, use, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { CallInput, CallName, CallOutput } from '../../shared/contract/contract.ts';
import type { Answer, Cache } from './cache.ts';
import type { Transport } from './transport.ts';

export interface Api extends Transport {
  cache: Cache;
}

export const ApiContext = createContext<Api | null>(null);

/** The connection of this window, for what is not a question: imports, reports, removals. */
export function useConnection(): Api {
  const api = use(ApiContext);
  if (!api) throw new Error('rendered outside the connection');
  return api;
}

/** Data and the question it answers; the same object for as long as the data is. */
export interface Answered<N extends CallName> {
  data: CallOutput<N>;
  input: CallInput<N>;
}

/**
 * Asks a call and asks again whenever the data changes. While a new question is answered the data
 * of the question before stays, so nothing on the page jumps; `pending` tells, and `answered` says
 * which question it was.
 */
export function useApi<N extends CallName>(
  name: N,
  input: CallInput<N>,
): Answer<CallOutput<N>> & { answered: Answered<N> | null } {
  const { cache } = useConnection();
  const text = JSON.stringify(input);
  // Inputs are plain JSON, so their text is their identity.
  const subscribe = useCallback(
    (listener: () => void) => cache.subscribe(name, JSON.parse(text), listener),
    [cache, name, text],
  );
  const answer = useSyncExternalStore(subscribe, () => cache.read(name, input));
  const [last, setLast] = useState<Answered<N> | null>(null);
  if (answer.data === null || answer.data === last?.data) {
    return { ...answer, data: last?.data ?? null, answered: last };
  }
  const answered = { data: answer.data, input };
  setLast(answered);
  return { ...answer, answered };
}

/** True once something has been asked for longer than 150 ms. */
export function useSlow(): boolean {
  const { cache } = useConnection();
  const busy = useSyncExternalStore(cache.onPending, () => cache.pending() > 0);
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(busy), busy ? 150 : 0);
    return () => clearTimeout(timer);
  }, [busy]);
  return busy && slow;
}
