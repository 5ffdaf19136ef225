import type { Handlers } from '../../../shared/contract/contract.ts';
import type { OutlayError } from '../../../shared/contract/errors.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import type { Summarise } from '../costs/summary.ts';
import { detailBytes } from '../store/detail.ts';
import { databaseBytes } from '../sources/handlers.ts';
import { type DoctorDeps, examine } from './doctor.ts';

export interface AppDeps extends DoctorDeps {
  summary: Summarise;
  /** What every change is refused with, where none can be made. */
  readOnly: OutlayError | null;
}

export function appHandlers(deps: AppDeps): Pick<Handlers, 'app.info' | 'app.doctor'> {
  const { db, cube, dataFolder, readOnly } = deps;
  return {
    'app.info': () => {
      const summary = deps.summary();
      const segments = cube.segments();
      return {
        version: deps.appVersion,
        node: process.versions.node,
        sqlite: db.prepare('SELECT sqlite_version()').pluck().get() as string,
        dataFolder,
        readOnly: readOnly && (readOnly.code === 'DISK_FULL' ? 'DISK_FULL' : 'READ_ONLY'),
        databaseBytes: databaseBytes(dataFolder),
        detailBytes: detailBytes(db),
        data: summary && {
          firstDay: dayText(summary.firstDay),
          lastDay: dayText(summary.lastDay),
          currencies: summary.currencies,
          providers: [...new Set(segments.map((segment) => segment.provider || null))],
          sources: [...new Set(segments.map((segment) => segment.source))],
          periods: summary.tieOut.versions,
          tiedOut: summary.tieOut.tiedOut.size,
          metrics: summary.metrics,
        },
      };
    },
    'app.doctor': () => {
      const checks = examine(deps);
      return { healthy: checks.every((check) => check.status !== 'failed'), checks };
    },
  };
}
