import type { CallName, contract, EventName } from './contract.ts';

/**
 * The input schema of each call, built when the call is first made: schemas take longer to build
 * than most calls take to answer. A call that is missing here, or has the schema of another one,
 * does not compile.
 */
export const inputs: { [N in CallName]: () => Promise<(typeof contract)[N]['input']> } = {
  'app.info': async () => (await import('./app.ts')).appInfo.input,
  'app.doctor': async () => (await import('./app.ts')).appDoctor.input,
  'overview.get': async () => (await import('./overview.ts')).overviewGet.input,
  'costs.query': async () => (await import('./costs-query.ts')).costsQuery.input,
  'costs.view': async () => (await import('./costs.ts')).costsView.input,
  'costs.values': async () => (await import('./costs.ts')).costsValues.input,
  'costs.dimensions': async () => (await import('./costs.ts')).costsDimensions.input,
  'costs.lines': async () => (await import('./lines.ts')).costsLines.input,
  'costs.forecast': async () => (await import('./daily.ts')).costsForecast.input,
  'costs.anomalies': async () => (await import('./daily.ts')).costsAnomalies.input,
  'import.run': async () => (await import('./sources.ts')).importRun.input,
  'import.sample': async () => (await import('./sources.ts')).importSample.input,
  'jobs.list': async () => (await import('./sources.ts')).jobList.input,
  'jobs.cancel': async () => (await import('./sources.ts')).jobCancel.input,
  'loads.list': async () => (await import('./sources.ts')).loadsList.input,
  'loads.health': async () => (await import('./health.ts')).loadsHealth.input,
  'changes.list': async () => (await import('./changes.ts')).changesList.input,
  'sources.get': async () => (await import('./sources.ts')).sourcesGet.input,
  'sources.remove': async () => (await import('./sources.ts')).sourcesRemove.input,
  'sources.compact': async () => (await import('./sources.ts')).sourcesCompact.input,
  'reports.make': async () => (await import('./reports.ts')).reportMake.input,
  'settings.get': async () => (await import('./settings.ts')).settingsGet.input,
  'settings.set': async () => (await import('./settings.ts')).settingsSet.input,
  'export.focus': async () => (await import('./export.ts')).exportFocus.input,
  'prices.import': async () => (await import('./prices.ts')).pricesImport.input,
  'prices.list': async () => (await import('./prices.ts')).pricesList.input,
  'telemetry.import': async () => (await import('./telemetry.ts')).telemetryImport.input,
  'telemetry.list': async () => (await import('./telemetry.ts')).telemetryList.input,
  'telemetry.remove': async () => (await import('./telemetry.ts')).telemetryRemove.input,
  'telemetry.heatmap': async () => (await import('./telemetry.ts')).telemetryHeatmap.input,
  'tokens.import': async () => (await import('./tokens.ts')).tokensImport.input,
  'tokens.list': async () => (await import('./tokens.ts')).tokensList.input,
  'tokens.remove': async () => (await import('./tokens.ts')).tokensRemove.input,
  'workloads.overview': async () => (await import('./workloads.ts')).workloadsOverview.input,
  'workloads.detail': async () => (await import('./workloads.ts')).workloadsDetail.input,
  'workloads.tokens': async () => (await import('./workloads.ts')).workloadsTokens.input,
  'rules.get': async () => (await import('./rules.ts')).rulesGet.input,
  'rules.set': async () => (await import('./rules.ts')).rulesSet.input,
  'savings.plan': async () => (await import('./savings.ts')).savingsPlan.input,
  'savings.simulate': async () => (await import('./savings.ts')).savingsSimulate.input,
  'savings.series': async () => (await import('./savings.ts')).savingsSeries.input,
  'commitments.overview': async () => (await import('./commitments.ts')).commitmentsOverview.input,
  'decisions.list': async () => (await import('./decisions.ts')).decisionsList.input,
  'decisions.record': async () => (await import('./decisions.ts')).decisionsRecord.input,
  'decisions.banked': async () => (await import('./decisions.ts')).decisionsBanked.input,
};

/** The events, without their schemas. */
export const eventNames = ['data.changed', 'job.progress'] as const satisfies EventName[];
