import {
  figureMetrics,
  type SummaryFacts,
  type TelemetrySummary,
} from '../../../shared/telemetry/figures.ts';
import { matchResources } from '../../../shared/telemetry/match.ts';
import type { HourWindow } from '../../../shared/telemetry/series.ts';
import { summarise } from '../../../shared/telemetry/summarise.ts';
import type { ReadableDb } from '../store/open.ts';
import { listResources, readSeries, type StoredResource } from './queries.ts';

/**
 * The telemetry metrics of SAVINGS.md section 10 for billed resources (a workload's), over a window
 * of hours. What is not known is named with its reason.
 */
export function summaryOfBilled(
  db: ReadableDb,
  billed: { of: readonly string[]; all: readonly string[] },
  window: HourWindow,
  facts: SummaryFacts = {},
): TelemetrySummary {
  return summarise(
    readSeries(db, measuredOf(listResources(db), billed), window, figureMetrics),
    window,
    facts,
  );
}

/**
 * Ids of the measured resources that are one of these billed ones. All billed resources are looked
 * at: a name that another one has too is no match.
 */
export function measuredOf(
  measured: readonly StoredResource[],
  { of, all }: { of: readonly string[]; all: readonly string[] },
): number[] {
  const wanted = new Set(of);
  return matchResources(measured, all)
    .matches.filter(({ billed }) => wanted.has(billed))
    .map(({ measured: id }) => id);
}
