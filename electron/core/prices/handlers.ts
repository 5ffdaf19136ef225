import { resolve } from 'node:path';
import type { HandlerInput, Handlers } from '../../../shared/contract/contract.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { inSnapshot, type WritableDb } from '../store/open.ts';
import { findPrices, listSheets } from './queries.ts';

export interface PricesDeps {
  db: WritableDb;
  jobs: JobRunner;
  now: () => Date;
  /** The file was written; the bills are as they were. */
  written: () => void;
}

export function pricesHandlers({
  db,
  jobs,
  now,
  written,
}: PricesDeps): Pick<Handlers, 'prices.import' | 'prices.list'> {
  return {
    'prices.import': async ({ job, paths, region, currency, date, kind }) => {
      const answer = await jobs.run(job, {
        kind: 'prices',
        paths: paths.map((path) => resolve(path)),
        reading: { region, currency: currency?.toUpperCase(), date, kind },
      });
      written();
      return answer;
    },
    ...inSnapshot(db, {
      'prices.list': (input: HandlerInput<'prices.list'>) => {
        const at = input.at ?? now().toISOString().slice(0, 10);
        const found = findPrices(db, {
          ...input,
          provider: input.provider?.toLowerCase(),
          currency: input.currency?.toUpperCase(),
          at,
        });
        return { at, sheets: listSheets(db), ...found };
      },
    }),
  };
}
