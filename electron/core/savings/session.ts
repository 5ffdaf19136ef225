import { parentPort } from 'node:worker_threads';
import type { Solver } from '../../../shared/analysis/solver.ts';
import type { CommitmentsOverview } from '../../../shared/contract/commitments.ts';
import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { errorBody, OutlayError } from '../../../shared/contract/errors.ts';
import type {
  CommitmentRecord,
  SavingsPlan,
  SavingsPolicy,
} from '../../../shared/contract/savings.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import { highsSolver } from '../analysis/solver.ts';
import { createAxes } from '../costs/scope.ts';
import { createSummary } from '../costs/summary.ts';
import { createCube } from '../store/cube.ts';
import { detailFolderOf } from '../store/detail.ts';
import { openToRead } from '../store/open-copy.ts';
import { storeError } from '../store/open.ts';
import { createWorkloadLedger } from '../workloads/ledger.ts';
import { notesOf, plannedAnswer, pricesOf } from './answer.ts';
import { type Evaluated, evaluate } from './evaluate.ts';
import { type Gathered, gather, type SavingsDeps, windowOf } from './gather.ts';
import { createHourReader } from './hour-reader.ts';
import { inputsOf, planKey } from './inputs.ts';
import { missingInputs, nothingToPlan, purposeCosts } from './missing.ts';
import type { ProviderModel } from './model.ts';
import { overviewOf } from './overview.ts';
import { keep, kept } from './plan-store.ts';
import { plan, type Prepared, reconcile } from './planner.ts';
import { recordOf, recordQuestion } from './record.ts';
import { seriesOf } from './series.ts';
import type { SavingsCall, SavingsEnd, SavingsQuestion, SavingsReply } from './thread.ts';

type Asked = Pick<HandlerInput<'savings.plan'>, 'currency' | 'provider' | 'period' | 'policy'>;

/** Plans that stay ready for what-ifs: those of a few options tried in turn. */
const mostPrepared = 6;

/**
 * The thread of the plan: answers one question after the other from what it has read. `state` says
 * what it is at; see `threadStates`.
 */
export function answerQuestions(dataFolder: string, state: Int32Array): void {
  const session = createSession(dataFolder, state);
  let queue: Promise<void> = Promise.resolve();
  parentPort?.on('message', (question: SavingsQuestion | SavingsEnd) => {
    if (question === 'end') {
      void session.close().then(() => parentPort?.close());
      return;
    }
    const before = queue;
    queue = (async () => {
      await before;
      parentPort?.postMessage(await replyTo(question));
    })();
  });

  async function replyTo({ id, call, input }: SavingsQuestion): Promise<SavingsReply> {
    try {
      return { id, value: await session.answer(call, input) };
    } catch (error) {
      const mapped = storeError(error, dataFolder);
      const isDefect = !(mapped instanceof OutlayError);
      const defect = isDefect ? String((mapped as Error).stack ?? mapped) : null;
      return { id, error: errorBody(mapped), defect };
    }
  }
}

export interface Session {
  answer: (call: SavingsCall, input: unknown) => Promise<unknown>;
  close: () => Promise<void>;
}

/** Everything that answers questions about the plan, over one data folder. */
export function createSession(dataFolder: string, state: Int32Array): Session {
  const { db } = openToRead(dataFolder, new Date());
  const cube = createCube(db);
  const axes = createAxes(cube);
  const summary = createSummary(db, cube, axes);
  const workloads = createWorkloadLedger({ db, cube, axes, busy: () => true, written: () => {} });
  const reader = createHourReader(dataFolder, state);
  const deps: SavingsDeps = {
    db,
    cube,
    axes,
    workloads,
    detailFolder: detailFolderOf(dataFolder),
    reader,
  };
  let inputs = '';
  const gathered = new Map<string, Gathered | null>();
  const prepared = new Map<string, Prepared>();
  /** The plan of each scope that was asked for last: what-ifs start from it. */
  const latest = new Map<string, Prepared>();
  let solver: Solver | null = null;

  /** What was read is read again where anything that a plan is made from has changed. */
  function refresh(): string {
    const now = inputsOf(db);
    if (now !== inputs) {
      gathered.clear();
      prepared.clear();
      latest.clear();
      inputs = now;
    }
    return now;
  }

  function currenciesOf(): string[] {
    return (summary()?.currencies ?? []).flatMap((currency) => currency ?? []);
  }

  async function gatherFor({ currency, period, policy }: Asked): Promise<Gathered | null> {
    const own = currency ?? currenciesOf()[0];
    if (own === undefined) return null;
    const key = JSON.stringify([own, period, policy.ends]);
    if (!gathered.has(key))
      gathered.set(key, await gather(deps, { currency: own, period, ends: policy.ends }));
    return gathered.get(key) ?? null;
  }

  /** Planned with these options; `off` leaves out of it, and plans nothing anew. */
  async function prepare(asked: Asked, from: Gathered): Promise<Prepared> {
    const { off: _, ...policy } = asked.policy;
    const key = JSON.stringify([from.currency, asked.period, asked.provider, policy]);
    let found = prepared.get(key);
    if (!found) {
      solver ??= await highsSolver();
      found = await plan(from, { ...policy, off: [] }, asked.provider, solver, (model) =>
        recordFor(model, asked, from),
      );
      prepared.set(key, found);
      for (const old of prepared.keys()) {
        if (prepared.size <= mostPrepared) break;
        prepared.delete(old);
      }
    }
    latest.set(scopeKey(asked, from), found);
    return found;
  }

  /** Worked out once for the options that it rests on, as it takes seconds. */
  async function recordFor(
    model: ProviderModel,
    { period, policy }: Asked,
    { currency }: Gathered,
  ): Promise<CommitmentRecord> {
    const question = ['record', currency, period, recordQuestion(model.provider, policy)];
    const key = planKey(inputs, question);
    const known = kept(db, key) as CommitmentRecord | null;
    if (known) return known;
    solver ??= await highsSolver();
    const record = recordOf(model, policy, solver);
    await keep(db, key, record, new Date());
    return record;
  }

  function scopeKey({ period, provider }: Asked, { currency }: Gathered): string {
    return JSON.stringify([currency, period, provider]);
  }

  /** Null where there is nothing to plan with, or the bill does not reconcile. */
  async function planned(
    asked: Asked,
  ): Promise<{ from: Gathered; ready: Prepared | null; evaluated: Evaluated | null } | null> {
    const from = await gatherFor(asked);
    if (!from) return null;
    const holds = reconcile(from).every((row) => row.holds);
    if (!holds) return { from, ready: null, evaluated: null };
    const ready = await prepare(asked, from);
    return { from, ready, evaluated: evaluate(ready, asked.policy) };
  }

  async function planAnswer(asked: Asked): Promise<SavingsPlan> {
    const now = refresh();
    const key = planKey(now, asked);
    const known = kept(db, key) as SavingsPlan | null;
    if (known) return known;
    const answer = await freshPlan(asked, key);
    await keep(db, key, answer, new Date());
    return answer;
  }

  async function freshPlan(asked: Asked, key: string): Promise<SavingsPlan> {
    const currencies = currenciesOf();
    const from = await gatherFor(asked);
    if (!from) {
      const days = summary() === null ? 0 : loadedDays(asked.period);
      return {
        status: 'missing',
        policy: asked.policy,
        currency: asked.currency ?? currencies[0] ?? null,
        currencies,
        providers: [],
        window: null,
        reconciliation: [],
        missing: [nothingToPlan(days)],
        inputs: key,
        prices: [],
        notes: [],
        plan: null,
      };
    }
    const reconciliation = reconcile(from);
    const holds = reconciliation.every((row) => row.holds);
    const ready = holds ? await prepare(asked, from) : null;
    const evaluated = ready && evaluate(ready, asked.policy);
    return {
      status: holds ? 'ready' : 'withheld',
      policy: asked.policy,
      currency: from.currency,
      currencies,
      providers: from.models.map(({ provider }) => provider),
      window: windowAnswer(from),
      reconciliation,
      missing: missingInputs(from, await purposeCosts(cube, await workloads.read(), from)),
      inputs: key,
      prices: pricesOf(from),
      notes: notesOf(from, ready, evaluated, asked.policy),
      plan: ready && evaluated ? plannedAnswer(ready, evaluated, cube) : null,
    };
  }

  function loadedDays(period: string | undefined): number {
    const days = windowOf(cube, period);
    if (days) return days.ledger.lastDay - days.ledger.firstDay + 1;
    const all = summary();
    return all ? all.lastDay - all.firstDay + 1 : 0;
  }

  async function simulate(asked: Asked): Promise<CallOutput<'savings.simulate'>> {
    const began = performance.now();
    refresh();
    const from = await gatherFor(asked);
    if (!from) return null;
    const { off: _, ...policy } = asked.policy;
    const own = prepared.get(JSON.stringify([from.currency, asked.period, asked.provider, policy]));
    const base =
      own ??
      latest.get(scopeKey(asked, from)) ??
      (await planned({ ...asked, policy: { ...defaults, ends: asked.policy.ends } }))?.ready;
    if (!base) return null;
    const { figures, actions } = evaluate(base, asked.policy);
    return {
      basis: own ? 'plan' : 'resimulated',
      ...figures,
      actions: actions.map(({ id, on, why, marginal, standalone, lastIn, purchases }) => ({
        id,
        on,
        why,
        marginal: formatExact(marginal),
        standalone: formatExact(standalone),
        lastIn: formatExact(lastIn),
        amount:
          purchases.length === 0
            ? null
            : Number(purchases.reduce((sum, { amount }) => sum + amount, 0).toFixed(3)),
      })),
      milliseconds: performance.now() - began,
    };
  }

  async function series(
    asked: HandlerInput<'savings.series'>,
  ): Promise<CallOutput<'savings.series'>> {
    refresh();
    const found = await planned(asked);
    if (!found) {
      return {
        currency: asked.currency ?? null,
        granularity: asked.granularity,
        history: [],
        forecast: [],
        planned: null,
        record: null,
        note: 'Nothing is loaded.',
      };
    }
    return await seriesOf(
      cube,
      found.from,
      found.ready,
      found.evaluated,
      asked.granularity,
      asked.provider,
    );
  }

  async function overview(asked: Asked): Promise<CommitmentsOverview> {
    refresh();
    const currencies = currenciesOf();
    const found = await planned(asked);
    if (!found) {
      const none = { value: null, planned: null, numerator: '0', denominator: '0' };
      return {
        currency: asked.currency ?? currencies[0] ?? null,
        currencies,
        window: null,
        coverage: none,
        utilisation: none,
        esr: none,
        owned: [],
        ended: [],
        curves: [],
        ladder: [],
        missing: [nothingToPlan(loadedDays(asked.period))],
        notes: [],
      };
    }
    const { from, ready, evaluated } = found;
    const missing = missingInputs(from, await purposeCosts(cube, await workloads.read(), from));
    return {
      ...overviewOf(from, ready, evaluated, asked.provider),
      currencies,
      missing: missing.filter(({ id }) => /^(?:end|offers|hours):/.test(id)),
    };
  }

  return {
    answer: async (call, input) => {
      switch (call) {
        case 'savings.plan':
          return await planAnswer(input as Asked);
        case 'savings.simulate':
          return await simulate(input as Asked);
        case 'savings.series':
          return await series(input as HandlerInput<'savings.series'>);
        case 'commitments.overview':
          return await overview(input as Asked);
        default:
          return call satisfies never;
      }
    },
    close: async () => {
      await reader.end();
      db.close();
    },
  };
}

const defaults: SavingsPolicy = {
  mostLoss: 0.1,
  maxTermMonths: 12,
  maxCash: null,
  levers: ['stop', 'resize', 'storage', 'api', 'spot', 'commitment'],
  commitments: ['ri', 'isp', 'csp'],
  usage: 1,
  wacc: 0,
  off: [],
  ends: {},
};

function windowAnswer({ window, grouped, sums, models }: Gathered): SavingsPlan['window'] {
  const days = window.lastDay - window.firstDay + 1;
  let [effective, rows] = [0n, 0];
  for (const g of grouped.groups.keys()) {
    for (let day = sums.days - days; day < sums.days; day++) {
      effective += sums.effective(g, day);
      rows += sums.rows(g, day);
    }
  }
  const uses = models.flatMap(({ fleets }) => fleets.map(({ use }) => use));
  const hours = uses.reduce((sum, use) => sum + use.hours, 0);
  return {
    from: dayText(window.firstDay),
    to: dayText(window.lastDay + 1),
    effective: formatExact(effective),
    rows,
    hourlyShare:
      hours > 0 ? uses.reduce((sum, use) => sum + use.hours * use.hourlyShare, 0) / hours : null,
  };
}
