import { createAxes } from '../../electron/core/costs/scope.ts';
import { decisionsHandlers } from '../../electron/core/decisions/handlers.ts';
import { createCube } from '../../electron/core/store/cube.ts';
import { openStore } from '../../electron/core/store/open.ts';
import { createWorkloadLedger } from '../../electron/core/workloads/ledger.ts';
import { type CallInput, contract } from '../../shared/contract/contract.ts';
import type { Decision } from '../../shared/contract/decisions.ts';
import type { SavingsAction } from '../../shared/contract/savings.ts';
import { decisionKey } from '../../shared/decisions/decisionKey.ts';
import { plannedAction, readyPlan } from './plannedAction.ts';

/** The decision calls on a data folder, at a moment and with a plan that a test can change. */
export function decisionCalls(dataFolder: string, at: string) {
  const db = openStore(dataFolder, new Date(at));
  const cube = createCube(db);
  const axes = createAxes(cube);
  const state = { now: new Date(at), plan: readyPlan([plannedAction()]), changes: 0 };
  const handlers = decisionsHandlers({
    db,
    cube,
    axes,
    ledger: createWorkloadLedger({ db, cube, axes, busy: () => false, written: () => {} }),
    plan: () => state.plan,
    now: () => state.now,
    changed: () => state.changes++,
  });
  return {
    db,
    state,
    record: async (
      decision: Decision,
      {
        action = 'spot:trainer',
        ...input
      }: Partial<CallInput<'decisions.record'>> & { action?: string } = {},
    ) =>
      handlers['decisions.record'](
        contract['decisions.record'].input.parse({
          key: decisionKey('USD', action),
          decision,
          ...input,
        }),
      ),
    list: async () => (await handlers['decisions.list']({})).items,
    banked: async (input: CallInput<'decisions.banked'> = {}) => {
      const answer = await handlers['decisions.banked'](
        contract['decisions.banked'].input.parse(input),
      );
      contract['decisions.banked'].output.parse(answer);
      return answer;
    },
  };
}

/** The same after actions of a plan were recorded as done, on a folder whose core is closed. */
export async function doneDecisions(
  dataFolder: string,
  at: string,
  ...actions: [on: string, Partial<SavingsAction>][]
) {
  const calls = decisionCalls(dataFolder, at);
  calls.state.plan = readyPlan(actions.map(([, fields]) => plannedAction(fields)));
  for (const [on, { id = 'spot:trainer' }] of actions) {
    await calls.record({ kind: 'done', on }, { action: id });
  }
  return calls;
}
