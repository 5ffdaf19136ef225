import type { CallInput, Handlers } from '../../../shared/contract/contract.ts';
import type { DecisionItem } from '../../../shared/contract/decisions.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { SavingsPlan } from '../../../shared/contract/savings.ts';
import { itemOf, refusalOf, repeats } from '../../../shared/decisions/history.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import type { WritableDb } from '../store/open.ts';
import type { WorkloadLedger } from '../workloads/ledger.ts';
import { bankedDecisions } from './banked.ts';
import { plannedAction } from './planned.ts';
import { addDecision, allDecided, decidedAbout } from './queries.ts';

type DecisionCalls = 'decisions.list' | 'decisions.record' | 'decisions.banked';

export interface DecisionsDeps {
  db: WritableDb;
  cube: Cube;
  axes: Axes;
  ledger: WorkloadLedger;
  /** The plan of these options. */
  plan: (input: CallInput<'savings.plan'>) => SavingsPlan | Promise<SavingsPlan>;
  now: () => Date;
  /** Something was decided. */
  changed: () => void;
}

/** Answers take turns with others; so often one begins anew because what is loaded has changed. */
const tries = 5;

export function decisionsHandlers(deps: DecisionsDeps): Pick<Handlers, DecisionCalls> {
  const { db, cube, ledger, now } = deps;
  const today = () => now().toISOString().slice(0, 10);
  return {
    'decisions.list': () => ({
      today: today(),
      items: allDecided(db).map(({ names, history }) => itemOf(names, history, today())),
    }),
    'decisions.record': async ({ key, decision, plan: question }): Promise<DecisionItem> => {
      const refusal = refusalOf(decision, decidedAbout(db, key)?.history ?? [], today());
      if (refusal !== null) throw new OutlayError('INVALID_INPUT', refusal);
      const answer = await deps.plan(question);
      const planned = plannedAction(answer, key);
      // Read again: another window may have decided while the plan was made.
      const decided = decidedAbout(db, key);
      const names = planned?.names ?? decided?.names;
      if (!names) throw notPlanned(key, answer);
      const history = decided?.history ?? [];
      const promise = planned?.promise ?? null;
      if (!repeats(history, decision, promise)) {
        const entry = { at: now().toISOString(), decision, promise };
        addDecision(db, names, entry, planned?.scope ?? null);
        deps.changed();
      }
      return itemOf(names, decidedAbout(db, key)?.history ?? [], today());
    },
    'decisions.banked': async (input) => {
      for (let left = tries; ; left--) {
        const revision = cube.revision();
        const found = await bankedDecisions(deps, await ledger.read(), input);
        if (cube.revision() === revision || left === 0) return found;
      }
    },
  };
}

function notPlanned(key: string, { status }: SavingsPlan): OutlayError {
  return new OutlayError(
    'NOT_FOUND',
    status === 'ready'
      ? `The plan has no action "${key}", and nothing was ever decided about one. Nothing was recorded.`
      : `There is no plan now, so nothing promises anything of "${key}". Nothing was recorded.`,
    'The page Savings and `outlay savings` list the actions of the plan.',
  );
}
