import type { CallOutput, Handlers } from '../../../shared/contract/contract.ts';
import type { SavingsPlan } from '../../../shared/contract/savings.ts';
import type { ReadableDb } from '../store/open.ts';
import { inputsOf, planKey } from './inputs.ts';
import { kept } from './plan-store.ts';
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
      const known = kept(db, planKey(inputsOf(db), input)) as SavingsPlan | null;
      if (!known) return await planned(input);
      setTimeout(() => {
        // Whoever asks a what-if is told what stands in the way.
        thread.ask('savings.simulate', input).catch(() => {});
      }, readyAfterMs).unref();
      return known;
    },
    'savings.simulate': on('savings.simulate'),
    'savings.series': on('savings.series'),
    'commitments.overview': on('commitments.overview'),
  };
}
