import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Handlers } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Cube } from '../store/cube.ts';
import { loadRecords } from '../store/loads.ts';
import { databaseFile, inSnapshot, type WritableDb } from '../store/open.ts';
import { takeWriteLock } from '../store/write-lock.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { listSources, removeSource } from './queries.ts';

export interface SourcesDeps {
  db: WritableDb;
  cube: Cube;
  jobs: JobRunner;
  dataFolder: string;
  changed: (reason: 'import' | 'remove') => void;
}

type SourcesCalls =
  | 'import.run'
  | 'import.sample'
  | 'jobs.list'
  | 'jobs.cancel'
  | 'loads.list'
  | 'sources.get'
  | 'sources.remove';

export function sourcesHandlers(deps: SourcesDeps): Pick<Handlers, SourcesCalls> {
  const { db, cube, jobs, dataFolder } = deps;
  return {
    'import.run': ({ job, paths, source, replace }) =>
      jobs.run(job, { kind: 'import', paths, source, replace }),
    'import.sample': ({ job }) => jobs.run(job, { kind: 'sample' }),
    'jobs.list': () => ({ jobs: jobs.list() }),
    'jobs.cancel': ({ job }) => ({ cancelled: jobs.cancel(job) }),
    ...inSnapshot(db, {
      'loads.list': () => loadRecords(db),
      'sources.get': () => ({
        sources: listSources(db, accountNames(cube)),
        loads: loadRecords(db),
        disk: { databaseBytes: databaseBytes(dataFolder) },
        jobs: jobs.list(),
      }),
    }),
    'sources.remove': ({ source, period }) => {
      // A job of our own holds the lock: waiting here would stop the core, and help nobody.
      const lock = jobs.busy() ? takeWriteLock(dataFolder, 0) : takeWriteLock(dataFolder);
      try {
        const answer = removeSource(db, source, period ?? null);
        if (answer.removed.length === 0) throw nothingToRemove(db, source, period);
        deps.changed('remove');
        return { source, ...answer };
      } finally {
        lock.release();
      }
    },
  };
}

function nothingToRemove(db: WritableDb, source: string, period: string | undefined): OutlayError {
  const labels = db.prepare(
    'SELECT DISTINCT label FROM source JOIN version ON source_id = source.id ORDER BY label',
  );
  const known = labels.pluck().all() as string[];
  return new OutlayError(
    'NOT_FOUND',
    `Nothing is loaded from source "${source}"${period ? ` for ${period}` : ''}.`,
    known.length > 0 ? `Loaded sources: ${known.join(', ')}.` : 'Nothing is loaded.',
  );
}

function accountNames(cube: Cube): Map<string, string> {
  const values = cube.values('billing-account');
  return new Map([...cube.names('billing-account')].map(([id, name]) => [values[id] ?? '', name]));
}

/** With what the write-ahead log holds. */
export function databaseBytes(dataFolder: string): number {
  return [databaseFile, `${databaseFile}-wal`].reduce((sum, name) => {
    const info = statSync(join(dataFolder, name), { throwIfNoEntry: false });
    return sum + (info?.size ?? 0);
  }, 0);
}
