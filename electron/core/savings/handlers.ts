import type { CallOutput, Handlers } from '../../../shared/contract/contract.ts';
import type { ReadableDb } from '../store/open.ts';
import { inputsOf, planKey } from './inputs.ts';
import { keptPlan } from './plan-store.ts';
import type { SavingsCall, SavingsThread } from './thread.ts';

/** So long after a kept plan was shown its model is made ready for what-ifs. */
const readyAfterMs = 2000;

/**
 * A plan that is kept is answered here; all else is worked out on the thread of the plan, so that no
 * other question waits for it.
 */
export function savingsHandlers({
  db,
  thread,
}: {
  db: ReadableDb;
  thread: SavingsThread;
}): Pick<Handlers, SavingsCall> {
  const on =
    <N extends SavingsCall>(call: N) =>
    async (input: unknown) =>
      (await thread.ask(call, input)) as CallOutput<N>;
  const planned = on('savings.plan');
  return {
    'savings.plan': async (input) => {
      const kept = keptPlan(db, planKey(inputsOf(db), input));
      if (!kept) return await planned(input);
      setTimeout(() => {
        // Whoever asks a what-if is told what stands in the way.
        thread.ask('savings.simulate', input).catch(() => {});
      }, readyAfterMs).unref();
      return kept;
    },
    'savings.simulate': on('savings.simulate'),
    'savings.series': on('savings.series'),
    'commitments.overview': on('commitments.overview'),
  };
}
