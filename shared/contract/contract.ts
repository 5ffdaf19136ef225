import type * as z from 'zod/mini';
import { appDoctor, appInfo } from './app.ts';
import { changesList } from './changes.ts';
import { commitmentsOverview } from './commitments.ts';
import { costsQuery } from './costs-query.ts';
import { costsDimensions, costsValues, costsView } from './costs.ts';
import { costsAnomalies, costsForecast } from './daily.ts';
import { decisionsBanked, decisionsList, decisionsRecord } from './decisions.ts';
import { exportFocus } from './export.ts';
import { loadsHealth } from './health.ts';
import { costsLines } from './lines.ts';
import { overviewGet } from './overview.ts';
import { pricesImport, pricesList } from './prices.ts';
import { reportMake } from './reports.ts';
import { rulesGet, rulesSet } from './rules.ts';
import { savingsPlan, savingsSeries, savingsSimulate } from './savings.ts';
import { settingsGet, settingsSet } from './settings.ts';
import {
  importRun,
  importSample,
  jobCancel,
  jobList,
  jobProgress,
  loadsList,
  sourcesCompact,
  sourcesGet,
  sourcesRemove,
} from './sources.ts';
import { telemetryHeatmap, telemetryImport, telemetryList, telemetryRemove } from './telemetry.ts';
import { tokensImport, tokensList, tokensRemove } from './tokens.ts';
import { workloadsDetail, workloadsOverview, workloadsTokens } from './workloads.ts';
import { dataChanged } from './events.ts';
import type { Result } from './errors.ts';

/** Every call of every host: the window, the local server and the terminal. */
export const contract = {
  'app.info': appInfo,
  'app.doctor': appDoctor,
  'overview.get': overviewGet,
  'costs.query': costsQuery,
  'costs.view': costsView,
  'costs.values': costsValues,
  'costs.dimensions': costsDimensions,
  'costs.lines': costsLines,
  'costs.forecast': costsForecast,
  'costs.anomalies': costsAnomalies,
  'import.run': importRun,
  'import.sample': importSample,
  'jobs.list': jobList,
  'jobs.cancel': jobCancel,
  'loads.list': loadsList,
  'loads.health': loadsHealth,
  'changes.list': changesList,
  'sources.get': sourcesGet,
  'sources.remove': sourcesRemove,
  'sources.compact': sourcesCompact,
  'reports.make': reportMake,
  'settings.get': settingsGet,
  'settings.set': settingsSet,
  'export.focus': exportFocus,
  'prices.import': pricesImport,
  'prices.list': pricesList,
  'telemetry.import': telemetryImport,
  'telemetry.list': telemetryList,
  'telemetry.remove': telemetryRemove,
  'telemetry.heatmap': telemetryHeatmap,
  'tokens.import': tokensImport,
  'tokens.list': tokensList,
  'tokens.remove': tokensRemove,
  'workloads.overview': workloadsOverview,
  'workloads.detail': workloadsDetail,
  'workloads.tokens': workloadsTokens,
  'rules.get': rulesGet,
  'rules.set': rulesSet,
  'savings.plan': savingsPlan,
  'savings.simulate': savingsSimulate,
  'savings.series': savingsSeries,
  'commitments.overview': commitmentsOverview,
  'decisions.list': decisionsList,
  'decisions.record': decisionsRecord,
  'decisions.banked': decisionsBanked,
} as const;

export const events = { 'data.changed': dataChanged, 'job.progress': jobProgress } as const;

export type CallName = keyof typeof contract;
/** What a caller passes: defaults may be left out. */
export type CallInput<N extends CallName> = z.input<(typeof contract)[N]['input']>;
/** What a handler receives: defaults filled in. */
export type HandlerInput<N extends CallName> = z.output<(typeof contract)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof contract)[N]['output']>;

export type EventName = keyof typeof events;
export type EventBody<N extends EventName> = z.output<(typeof events)[N]>;

/** How every host reaches the core; a refusal is an answer, never a throw. */
export type Call = <N extends CallName>(
  name: N,
  input: CallInput<N>,
) => Promise<Result<CallOutput<N>>>;

/** Subscribe to an event; the answer unsubscribes. */
export type On = <N extends EventName>(
  name: N,
  listener: (body: EventBody<N>) => void,
) => () => void;

/** One function a call; a missing or wrong one does not compile. */
export type Handlers = {
  [N in CallName]: (input: HandlerInput<N>) => CallOutput<N> | Promise<CallOutput<N>>;
};
