import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlerInput, Handlers } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Cube } from '../store/cube.ts';
import { cleanDetail, detailBytes, detailFolderOf } from '../store/detail.ts';
import { loadRecords } from '../store/loads.ts';
import { databaseFile, inSnapshot, type WritableDb } from '../store/open.ts';
import { compact, freeBytes } from '../store/retention.ts';
import { takeWriteLock, type WriteLock } from '../store/write-lock.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { listChanges } from './changes.ts';
import { loadHealth } from './health.ts';
import { listLoads } from './loads.ts';
import { listSources, removeSource } from './queries.ts';
import { removeBeside } from './remove-beside.ts';

export interface SourcesDeps {
  db: WritableDb;
  cube: Cube;
  jobs: JobRunner;
  dataFolder: string;
  now: () => Date;
  changed: (reason: 'import' | 'remove') => void;
  /** The file was written; what it shows is as it was. */
  written: () => void;
}

type SourcesCalls =
  | 'import.run'
  | 'import.sample'
  | 'jobs.list'
  | 'jobs.cancel'
  | 'loads.list'
  | 'loads.health'
  | 'changes.list'
  | 'sources.get'
  | 'sources.remove'
  | 'sources.compact';

export function sourcesHandlers(deps: SourcesDeps): Pick<Handlers, SourcesCalls> {
  const { db, cube, jobs, dataFolder, now } = deps;
  return {
    'import.run': ({ job, paths, source, replace, add, currency, dateOrder }) =>
      jobs.run(job, {
        kind: 'import',
        paths,
        source,
        replace,
        add,
        reading: { currency: currency?.toUpperCase(), dateOrder },
      }),
    'import.sample': ({ job }) => jobs.run(job, { kind: 'sample' }),
    'jobs.list': () => ({ jobs: jobs.list() }),
    'jobs.cancel': ({ job }) => ({ cancelled: jobs.cancel(job) }),
    ...inSnapshot(db, {
      'loads.list': () => listLoads(db, now().toISOString()),
      'loads.health': ({ load }: HandlerInput<'loads.health'>) => loadHealth(db, load),
      'changes.list': (input: HandlerInput<'changes.list'>) =>
        listChanges(
          db,
          {
            billingAccounts: namesById(cube, 'billing-account'),
            accounts: namesById(cube, 'account'),
          },
          input,
        ),
      'sources.get': () => ({
        sources: listSources(db, namesById(cube, 'billing-account'), now().toISOString()),
        loads: loadRecords(db),
        disk: {
          databaseBytes: databaseBytes(dataFolder),
          detailBytes: detailBytes(db),
          freeBytes: freeBytes(db),
        },
        jobs: jobs.list(),
      }),
    }),
    'sources.remove': ({ source, period }) => {
      const lock = lockBesideJobs(deps);
      try {
        const answer = removeSource(db, source, period ?? null, now().toISOString());
        const beside = period === undefined && removeBeside(db, source);
        if (answer.removed.length === 0 && !beside) throw nothingToRemove(db, source, period);
        cleanDetail(db, detailFolderOf(dataFolder));
        deps.changed('remove');
        return { source, ...answer };
      } finally {
        lock.release();
      }
    },
    'sources.compact': () => {
      const lock = lockBesideJobs(deps);
      try {
        const bytesBefore = databaseBytes(dataFolder);
        cleanDetail(db, detailFolderOf(dataFolder));
        compact(db, now().toISOString());
        deps.written();
        return { bytesBefore, bytesAfter: databaseBytes(dataFolder) };
      } finally {
        lock.release();
      }
    },
  };
}

/** A job of our own holds the lock: waiting for it would stop the core, and help nobody. */
function lockBesideJobs({ jobs, dataFolder }: SourcesDeps): WriteLock {
  return jobs.busy() ? takeWriteLock(dataFolder, 0) : takeWriteLock(dataFolder);
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

function namesById(cube: Cube, dimension: 'billing-account' | 'account'): Map<string, string> {
  const values = cube.values(dimension);
  return new Map([...cube.names(dimension)].map(([id, name]) => [values[id] ?? '', name]));
}

/** With what the write-ahead log holds. */
export function databaseBytes(dataFolder: string): number {
  return [databaseFile, `${databaseFile}-wal`].reduce((sum, name) => {
    const info = statSync(join(dataFolder, name), { throwIfNoEntry: false });
    return sum + (info?.size ?? 0);
  }, 0);
}
