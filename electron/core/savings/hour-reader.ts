import { OutlayError } from '../../../shared/contract/errors.ts';
import { createDetailReader, type DetailReader } from '../detail/reader.ts';
import { threadStates } from './thread.ts';

export interface HourReader extends Pick<DetailReader, 'ask'> {
  /** Cuts a question off that is at work; resolves once DuckDB is closed. */
  end: () => Promise<void>;
}

/**
 * Questions to the detail files on the thread of the plan. DuckDB is open for one question alone,
 * and `state` says so meanwhile; see `threadStates`. Throws CANCELLED where the thread is ended.
 */
export function createHourReader(dataFolder: string, state: Int32Array): HourReader {
  const { computing, reading } = threadStates;
  let current: DetailReader | null = null;
  return {
    async ask(viewer, work) {
      if (Atomics.compareExchange(state, 0, computing, reading) !== computing) {
        throw new OutlayError('CANCELLED', 'Outlay is closing.');
      }
      const reader = createDetailReader(dataFolder);
      current = reader;
      try {
        return await reader.ask(viewer, work);
      } finally {
        await reader.close();
        current = null;
        Atomics.compareExchange(state, 0, reading, computing);
      }
    },
    end: async () => {
      await current?.close();
    },
  };
}
