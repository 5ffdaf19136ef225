import { resolve } from 'node:path';
import type { HandlerInput, Handlers } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { dayNumber, dayText } from '../../../shared/domain/calendar.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { inSnapshot, type ReadableDb, type WritableDb } from '../store/open.ts';
import { takeWriteLock } from '../store/write-lock.ts';
import { readTokenCounts } from './counts.ts';
import { listTokenLoads, tokenLoadById } from './queries.ts';

export interface TokensDeps {
  db: WritableDb;
  jobs: JobRunner;
  dataFolder: string;
  /** What is counted has changed. */
  changed: (reason: 'import' | 'remove') => void;
}

type TokenCalls = 'tokens.import' | 'tokens.list' | 'tokens.remove';
const loadsShown = 200;

export function tokensHandlers(deps: TokensDeps): Pick<Handlers, TokenCalls> {
  const { db, jobs, changed } = deps;
  return {
    'tokens.import': async ({ job, paths, account }) => {
      const answer = await jobs.run(job, {
        kind: 'tokens',
        paths: paths.map((path) => resolve(path)),
        account,
      });
      if (answer.loads.some(({ status }) => status === 'loaded')) changed('import');
      return answer;
    },
    'tokens.remove': ({ load }) => {
      const lock = jobs.busy() ? takeWriteLock(deps.dataFolder, 0) : takeWriteLock(deps.dataFolder);
      try {
        const removed = remove(db, load);
        changed('remove');
        return removed;
      } finally {
        lock.release();
      }
    },
    ...inSnapshot(db, {
      'tokens.list': (input: HandlerInput<'tokens.list'>) => list(db, input),
    }),
  };
}

function list(db: ReadableDb, { from, to }: HandlerInput<'tokens.list'>) {
  const { counts } = readTokenCounts(db, {
    firstDay: from === undefined ? 0 : dayNumber(from),
    lastDay: to === undefined ? 100_000 : dayNumber(to) - 1,
  });
  const order = ({ vendor, model, account, direction, cache, batch }: (typeof counts)[number]) =>
    JSON.stringify([vendor, model, account, direction, cache, batch]);
  return {
    counts: counts
      .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
      .map(({ account, model, tokens, firstDay, lastDay, ...of }) => ({
        ...of,
        account: account || null,
        model: model || null,
        tokens: formatExact(tokens),
        firstDay: dayText(firstDay),
        lastDay: dayText(lastDay),
      })),
    loads: listTokenLoads(db, loadsShown),
  };
}

/** The counts of the load go; loads that they stood in for count again. */
function remove(db: WritableDb, id: number) {
  return db
    .transaction(() => {
      const load = tokenLoadById(db, id);
      if (!load || load.status !== 'loaded') {
        throw new OutlayError(
          'NOT_FOUND',
          load
            ? `Load ${id} (${load.file}) holds nothing that could be removed: it is ${load.status}.`
            : `There is no load ${id} of token counts.`,
          '`outlay tokens list` names the loads.',
        );
      }
      db.prepare('DELETE FROM token_use WHERE load_id = ?').run(id);
      db.prepare("UPDATE token_load SET status = 'removed' WHERE id = ?").run(id);
      return { load: id, file: load.file, tokens: load.tokens };
    })
    .immediate();
}
