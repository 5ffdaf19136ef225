import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Duck, Row } from '../ingest/duck.ts';

/** DuckDB and its 70 MB go away when nobody has looked at lines for this long. */
const idleMs = 5 * 60_000;

/** What a question to the detail files works with. Throws CANCELLED once it is out of date. */
export interface Asking {
  connection: Duck['connection'];
  rows: (sql: string) => Promise<Row[]>;
  run: (sql: string) => Promise<void>;
}

export interface DetailReader {
  /**
   * One question after the other; a further one of the same `viewer` ends the one before as
   * CANCELLED, whether it runs or waits.
   */
  ask: <T>(viewer: string | undefined, work: (asking: Asking) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
}

/** DuckDB over the detail files: opened with the first question, closed after idle minutes. */
export function createDetailReader(dataFolder: string): DetailReader {
  let duck: Duck | null = null;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let running: string | undefined;
  let closed = false;
  const newest = new Map<string, object>();

  async function open(): Promise<Duck> {
    const { openDuck } = await import('../ingest/duck.ts');
    const opened = await openDuck(dataFolder);
    // Several cores may read one data folder: what does not fit into memory is not spilled there.
    await opened.connection.run("SET temp_directory = ''");
    return opened;
  }

  function shut(): void {
    duck?.close();
    duck = null;
  }

  return {
    ask: (viewer, work) => {
      const ticket = {};
      if (viewer !== undefined) {
        newest.set(viewer, ticket);
        if (running === viewer) duck?.interrupt();
      }
      const isOld = () => closed || (viewer !== undefined && newest.get(viewer) !== ticket);
      const guard = () => {
        if (isOld()) throw cancelled();
      };
      const answer = queue.then(async () => {
        guard();
        clearTimeout(idle);
        running = viewer;
        try {
          const { connection } = (duck ??= await open());
          return await work({
            connection,
            rows: async (sql) => {
              guard();
              return (await connection.runAndReadAll(sql)).getRowObjectsJS();
            },
            run: async (sql) => {
              guard();
              await connection.run(sql);
            },
          });
        } catch (error) {
          throw isOld() ? cancelled(error) : error;
        } finally {
          running = undefined;
          if (viewer !== undefined && newest.get(viewer) === ticket) newest.delete(viewer);
          idle = setTimeout(shut, idleMs).unref();
        }
      });
      queue = answer.catch(() => {});
      return answer;
    },
    close: async () => {
      closed = true;
      duck?.interrupt();
      await queue;
      clearTimeout(idle);
      shut();
    },
  };
}

function cancelled(cause?: unknown): OutlayError {
  return new OutlayError('CANCELLED', 'Another question took its place.', undefined, { cause });
}
