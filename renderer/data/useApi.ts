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

/**
 * Asks a call and asks again whenever the data changes. While a new question is answered the data
 * of the question before stays, so nothing on the page jumps; `pending` tells.
 */
export function useApi<N extends CallName>(name: N, input: CallInput<N>): Answer<CallOutput<N>> {
  const { cache } = useConnection();
  const text = JSON.stringify(input);
  // Inputs are plain JSON, so their text is their identity.
  const subscribe = useCallback(
    (listener: () => void) => cache.subscribe(name, JSON.parse(text), listener),
    [cache, name, text],
  );
  const answer = useSyncExternalStore(subscribe, () => cache.read(name, input));
  const [last, setLast] = useState<CallOutput<N> | null>(null);
  if (answer.data !== null && answer.data !== last) setLast(answer.data);
  return answer.data === null ? { ...answer, data: last } : answer;
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
