import type {
  Call,
  CallName,
  EventBody,
  HandlerInput,
  Handlers,
  On,
} from '../../shared/contract/contract.ts';
import { OutlayError, type Result } from '../../shared/contract/errors.ts';
import { appHandlers } from './app/handlers.ts';
import { createColours } from './costs/colours.ts';
import { costsHandlers } from './costs/handlers.ts';
import { createReadAhead } from './costs/read-ahead.ts';
import { createAxes } from './costs/scope.ts';
import { createSummary } from './costs/summary.ts';
import { createValueRanks } from './costs/value-ranks.ts';
import { detailHandlers } from './detail/handlers.ts';
import { createDetailReader } from './detail/reader.ts';
import { createDispatch } from './dispatch.ts';
import { createEmitter } from './events.ts';
import { createJobRunner } from './jobs/runner.ts';
import { getOverview } from './overview/overview.ts';
import { createSavingsThread } from './savings/thread.ts';
import { sourcesHandlers } from './sources/handlers.ts';
import { createCube } from './store/cube.ts';
import { detailFolderOf } from './store/detail.ts';
import { clearLeftovers, tidyDetail } from './store/leftovers.ts';
import { openToRead } from './store/open-copy.ts';
import { inSnapshot, storeError } from './store/open.ts';
import { createClasses } from './workloads/classes.ts';

/** What the core is given. Nothing in it is read at import time. */
export interface CoreDeps {
  /** Holds outlay.db and everything else that is kept; created where missing. */
  dataFolder: string;
  /** The entry of the job worker thread (`jobs/worker.ts`, or its bundle). */
  workerUrl: URL;
  appVersion: string;
  now: () => Date;
  /** One line a message; no account ids, no secrets. */
  log: (line: string) => void;
}

/** The whole product behind one gate; every host carries these four. */
export interface Core {
  /** Typed call. */
  call: Call;
  /** The same gate for a host that receives names and inputs from outside. */
  dispatch: (name: string, input: unknown) => Promise<Result<unknown>>;
  on: On;
  /** Cancels jobs, waits for them, closes the database. */
  close: () => Promise<void>;
}

/** How often the core looks whether another process has written. */
const watchMs = 1000;

/**
 * Opens the ledger of a data folder and everything above it. Throws an OutlayError where the
 * folder or its database cannot be used.
 */
export function openCore(deps: CoreDeps): Core {
  const { dataFolder, now, log } = deps;
  const onDefect = (error: unknown) =>
    log(`defect: ${error instanceof Error ? error.stack : String(error)}`);
  const { db, refusal } = openToRead(dataFolder, now());
  if (!refusal) clearLeftovers(db, dataFolder, now());
  const detailFolder = detailFolderOf(dataFolder);
  const reader = createDetailReader(dataFolder);
  const { on, emit } = createEmitter(onDefect);
  const cube = createCube(db);
  const classes = createClasses(cube, async () => {
    const { createWorkloadLedger } = await import('./workloads/ledger.ts');
    return createWorkloadLedger({ db, cube, axes, busy: jobs.busy, written });
  });
  const axes = createAxes(cube, classes.axis);
  const summary = createSummary(db, cube, axes);
  const costs = { cube, axes, summary, colours: createColours(cube, axes) };
  const ranks = createValueRanks({ cube, axes, summary });
  const readAhead = createReadAhead({ db, ...costs, ranks });
  const jobs = createJobRunner({
    dataFolder,
    workerUrl: deps.workerUrl,
    now,
    log,
    progress: (state) => emit('job.progress', state),
    changed: () => announce('import'),
  });
  const savings = createSavingsThread({ dataFolder, workerUrl: deps.workerUrl, log });
  let seen = cube.revision();
  function announce(reason: EventBody<'data.changed'>['reason']): void {
    seen = cube.revision();
    emit('data.changed', { reason });
  }
  function written(): void {
    seen = cube.revision();
  }
  const watch = setInterval(() => {
    // A job of ours says itself what it has changed.
    if (!jobs.busy() && cube.revision() !== seen) announce('other-process');
  }, watchMs);
  watch.unref();

  const { call, dispatch } = createDispatch(
    {
      ...inSnapshot(
        db,
        appHandlers({ db, dataFolder, appVersion: deps.appVersion, readOnly: refusal, ...costs }),
      ),
      ...readAhead.watch(
        classes.before(
          inSnapshot(db, {
            ...costsHandlers({ ...costs, db, ranks }),
            'overview.get': (input: HandlerInput<'overview.get'>) =>
              getOverview({ ...costs, db, now }, input),
          }),
        ),
      ),
      ...sourcesHandlers({ db, cube, jobs, dataFolder, now, changed: announce, written }),
      ...later(['reports.make'], async () => {
        const { reportsHandlers } = await import('./reports/handlers.ts');
        return reportsHandlers({ ...costs, db, now, call: (name, input) => call(name, input) });
      }),
      ...later(['settings.get', 'settings.set'], async () => {
        const { settingsHandlers } = await import('./settings/handlers.ts');
        return settingsHandlers({
          db,
          written,
          dropDetail: () => {
            if (tidyDetail(db, dataFolder)) announce('remove');
          },
        });
      }),
      ...classes.before(detailHandlers({ db, cube, axes, detailFolder, reader })),
      ...classes.before(
        later(['costs.forecast', 'costs.anomalies'], async () => {
          const { dailyHandlers } = await import('./daily/handlers.ts');
          return dailyHandlers({ db, cube, axes, summary, now });
        }),
      ),
      ...later(['prices.import', 'prices.list'], async () => {
        const { pricesHandlers } = await import('./prices/handlers.ts');
        return pricesHandlers({ db, jobs, now, written });
      }),
      ...later(['tokens.import', 'tokens.list', 'tokens.remove'], async () => {
        const { tokensHandlers } = await import('./tokens/handlers.ts');
        return tokensHandlers({ db, jobs, dataFolder, changed: announce });
      }),
      ...later(['telemetry.import', 'telemetry.list', 'telemetry.remove'], async () => {
        const { telemetryHandlers } = await import('./telemetry/handlers.ts');
        return telemetryHandlers({
          db,
          jobs,
          billed: () => cube.values('resource'),
          changed: () => announce('import'),
        });
      }),
      ...later(
        [
          'workloads.overview',
          'workloads.detail',
          'workloads.tokens',
          'telemetry.heatmap',
          'rules.get',
          'rules.set',
        ],
        async () => {
          const { workloadsHandlers } = await import('./workloads/handlers.ts');
          const ledger = await classes.ledger();
          const changed = () => announce('rules');
          return workloadsHandlers({ db, cube, axes, summary, ledger, now, changed });
        },
      ),
      ...later(['decisions.list', 'decisions.record', 'decisions.banked'], async () => {
        const { decisionsHandlers } = await import('./decisions/handlers.ts');
        return decisionsHandlers({
          db,
          cube,
          axes,
          ledger: await classes.ledger(),
          plan: async (input) => valueOf(await call('savings.plan', input)),
          now,
          changed: () => announce('decisions'),
        });
      }),
      ...later(
        ['savings.plan', 'savings.simulate', 'savings.series', 'commitments.overview'],
        async () => {
          const { savingsHandlers } = await import('./savings/handlers.ts');
          return savingsHandlers({ db, thread: savings });
        },
      ),
      ...later(['export.focus'], async () => {
        const { exportHandlers } = await import('./export/handlers.ts');
        return exportHandlers({ jobs, dataFolder, now });
      }),
    },
    (error) => {
      const mapped = storeError(error, dataFolder);
      return refusal && (mapped as { code?: unknown }).code === 'READ_ONLY' ? refusal : mapped;
    },
    onDefect,
  );
  return {
    call,
    dispatch,
    on,
    close: async () => {
      clearInterval(watch);
      readAhead.stop();
      await Promise.all([jobs.close(), reader.close(), savings.close()]);
      db.close();
    },
  };
}

/** What a call answered; its refusal is thrown on. */
function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { code, message, hint, asks } = result.error;
  throw new OutlayError(code, message, hint, { asks });
}

/** Handlers whose code is loaded with the first call to one of them: the first figures need none. */
function later<N extends CallName>(
  names: readonly N[],
  load: () => Promise<Pick<Handlers, N>>,
): Pick<Handlers, N> {
  let loading: Promise<Pick<Handlers, N>> | null = null;
  const entries = names.map((name) => [
    name,
    async (input: never) => ((await (loading ??= load()))[name] as (of: never) => unknown)(input),
  ]);
  return Object.fromEntries(entries) as Pick<Handlers, N>;
}
