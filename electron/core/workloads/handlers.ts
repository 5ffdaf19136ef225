import type { Handlers } from '../../../shared/contract/contract.ts';
import type { Axes } from '../costs/scope.ts';
import type { Summarise } from '../costs/summary.ts';
import type { Cube } from '../store/cube.ts';
import type { WritableDb } from '../store/open.ts';
import { createBusyReader } from './busy.ts';
import { detail } from './detail.ts';
import { inSteps, type WorkloadLedger } from './ledger.ts';
import { overview } from './overview.ts';
import { heatmap } from './heatmap.ts';
import { getRules, setRules } from './rules.ts';
import { tokens } from './tokens.ts';

type WorkloadCalls =
  | 'workloads.overview'
  | 'workloads.detail'
  | 'workloads.tokens'
  | 'telemetry.heatmap'
  | 'rules.get'
  | 'rules.set';

/** Answers take turns with others; so often one begins anew because what is loaded has changed. */
const tries = 5;

export function workloadsHandlers({
  db,
  cube,
  axes,
  summary,
  ledger,
  now,
  changed,
}: {
  db: WritableDb;
  cube: Cube;
  axes: Axes;
  summary: Summarise;
  ledger: WorkloadLedger;
  now: () => Date;
  /** Charges belong elsewhere than before. */
  changed: () => void;
}): Pick<Handlers, WorkloadCalls> {
  const deps = { db, cube, axes, summary, ledger, busy: createBusyReader(db, cube) };

  /** An answer from one state of the ledger. */
  async function consistent<T>(answer: () => Promise<T>): Promise<T> {
    for (let left = tries; ; left--) {
      if (cube.segments().length > 0) await ledger.read();
      const revision = cube.revision();
      try {
        const found = await answer();
        if (cube.revision() === revision || left === 0) return found;
      } catch (error) {
        if (cube.revision() === revision || left === 0) throw error;
      }
    }
  }

  return {
    'workloads.overview': (input) => consistent(() => overview(deps, input)),
    'workloads.detail': (input) => consistent(() => detail(deps, input)),
    'workloads.tokens': (input) => consistent(() => tokens(deps, input)),
    'telemetry.heatmap': (input) => inSteps(heatmap(db, () => cube.values('resource'), input)),
    'rules.get': () => getRules(db),
    'rules.set': (input) => setRules({ ...deps, now, changed }, input),
  };
}
