import { promisify } from 'node:util';
import { zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { ReadableDb, WritableDb } from '../store/open.ts';

const compress = promisify(zstdCompress);
/** Answers that are kept, the latest ones: each is some ten kilobytes at most. */
const mostKept = 40;

/** What was answered with the same inputs and question, null where nothing was: the key says of which kind. */
export function kept(db: ReadableDb, key: string): unknown {
  const data = db.prepare('SELECT answer FROM savings_plan WHERE key = ?').pluck().get(key) as
    | Buffer
    | undefined;
  return data ? (JSON.parse(zstdDecompressSync(data).toString()) as unknown) : null;
}

/** Keeps an answer; where the file cannot be written just now it is worked out again next time. */
export async function keep(db: WritableDb, key: string, answer: unknown, now: Date): Promise<void> {
  const data = await compress(Buffer.from(JSON.stringify(answer)));
  try {
    db.pragma('busy_timeout = 0');
    db.transaction(() => {
      db.prepare('INSERT OR REPLACE INTO savings_plan VALUES (?, ?, ?)').run(
        key,
        now.toISOString(),
        data,
      );
      db.prepare(
        `DELETE FROM savings_plan WHERE key NOT IN
           (SELECT key FROM savings_plan ORDER BY created_at DESC LIMIT ?)`,
      ).run(mostKept);
    }).immediate();
  } catch (error) {
    // Read-only, full, or another process is writing.
    if (typeof (error as { code?: unknown }).code !== 'string') throw error;
  } finally {
    db.pragma('busy_timeout = 10000');
  }
}
