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
  /** Begins to open DuckDB, so that this goes on while the asker finds out what to ask. */
  prepare: () => Promise<void>;
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
  let opening: Promise<Duck> | null = null;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let running: string | undefined;
  let closed = false;
  const newest = new Map<string, object>();

  async function openToRead(open: (folder: string) => Promise<Duck>): Promise<Duck> {
    const fresh = await open(dataFolder);
    // Several cores may read one data folder: what does not fit into memory is not spilled there.
    // A file of lines never changes: its footer is read once. Nor is it kept in memory a second time
    // beside the system's own copy, and the columns of a row group are fetched together.
    await fresh.connection.run(`SET temp_directory = ''; SET parquet_metadata_cache = true;
      SET enable_external_file_cache = false; SET prefetch_all_parquet_files = true`);
    return fresh;
  }

  /** Resolves once DuckDB is being opened, which goes on while others work. */
  async function prepare(): Promise<void> {
    const { openDuck } = await import('../ingest/duck.ts');
    if (opening || closed) return;
    opening = openToRead(openDuck);
    // Who asks is told what stood in the way, and the next one tries again.
    opening.catch(() => (opening = null));
    rest();
  }

  async function opened(): Promise<Duck> {
    await prepare();
    if (!opening) throw cancelled();
    return (duck = await opening);
  }

  function rest(): void {
    clearTimeout(idle);
    idle = setTimeout(() => void shut(), idleMs).unref();
  }

  async function shut(): Promise<void> {
    const last = duck ?? (await opening?.catch(() => null));
    duck = null;
    opening = null;
    last?.close();
  }

  return {
    prepare,
    ask: (viewer, work) => {
      const ticket = {};
      if (viewer !== undefined) {
        newest.set(viewer, ticket);
        if (running === viewer) duck?.connection.interrupt();
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
          const { connection } = await opened();
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
          rest();
        }
      });
      queue = answer.catch(() => {});
      return answer;
    },
    close: async () => {
      closed = true;
      duck?.connection.interrupt();
      await queue;
      clearTimeout(idle);
      await shut();
    },
  };
}

function cancelled(cause?: unknown): OutlayError {
  return new OutlayError('CANCELLED', 'Another question took its place.', undefined, { cause });
}
