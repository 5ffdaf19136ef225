import { useEffect, useRef, useState } from 'react';
import type { CallInput, CallOutput } from '../../shared/contract/contract.ts';
import { useConnection } from './useApi.ts';

export type Live = NonNullable<CallOutput<'savings.simulate'>>;

/** Movements within this time are one question. */
const restMs = 60;

/**
 * Asks what the plan comes to under other options while they move. The answer before stays until
 * the next comes, one question is under way at a time, and null asks nothing. `basis` is the
 * fingerprint of the plan that the answer starts from: another one is another question.
 */
export function useSimulated(
  input: CallInput<'savings.simulate'> | null,
  basis: string | null,
): Live | null {
  const { call } = useConnection();
  const [live, setLive] = useState<Live | null>(null);
  const asked = useRef({ busy: false, next: null as (() => void) | null });
  const text = input === null ? null : JSON.stringify({ basis, input });

  useEffect(() => {
    if (text === null) return;
    let wanted = true;
    const state = asked.current;
    async function ask(question: string) {
      if (!wanted) return;
      if (state.busy) {
        state.next = () => void ask(question);
        return;
      }
      state.busy = true;
      const answer = await call('savings.simulate', JSON.parse(question).input);
      state.busy = false;
      if (wanted && answer.ok && answer.value) setLive(answer.value);
      const { next } = state;
      state.next = null;
      next?.();
    }
    const timer = setTimeout(() => void ask(text), restMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [call, text]);

  return text === null ? null : live;
}
