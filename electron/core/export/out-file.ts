import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { outputError } from '../reports/output.ts';

/** What a written file holds. */
export interface FileFacts {
  bytes: number;
  sha256: string;
}

/**
 * Lets `write` fill a new file beside `path`, which takes its place when all is there; on any
 * failure a file that was there stays as it was.
 */
export async function writeInPlace<T>(
  path: string,
  write: (part: string) => Promise<T>,
): Promise<T> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) {
    throw new OutlayError(
      'INVALID_INPUT',
      `${path} is a folder. Nothing was written.`,
      'Name a file for the export.',
    );
  }
  const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    // First of all, so that a folder that cannot be written is known before the work is done.
    await (await open(part, 'wx')).close();
    const answer = await write(part);
    await flushFile(part);
    await rename(part, path);
    return answer;
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw outputError(error, path);
  }
}

/** Writes text as it comes, and says what the file then holds. */
export async function writeStream(
  path: string,
  chunks: Iterable<string>,
  { gzip, signal }: { gzip: boolean; signal: AbortSignal },
): Promise<FileFacts> {
  const meter = createMeter();
  const out = createWriteStream(path);
  const source = Readable.from(chunks);
  if (gzip) await pipeline(source, createGzip(), meter.through, out, { signal });
  else await pipeline(source, meter.through, out, { signal });
  return meter.facts();
}

export async function factsOf(path: string, signal: AbortSignal): Promise<FileFacts> {
  const meter = createMeter();
  meter.through.resume();
  await pipeline(createReadStream(path), meter.through, { signal });
  return meter.facts();
}

function createMeter(): { through: Transform; facts: () => FileFacts } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform: (chunk: Buffer, _, done) => {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { through, facts: () => ({ bytes, sha256: hash.digest('hex') }) };
}

async function flushFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
