import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { type CsvShape, createCsvScanner, emptyFile, notABill } from './csv-scan.ts';
import { detectFormat } from './detect.ts';

/** A bill file made ready for the reader: decompressed, counted, hashed, under a safe name. */
export type ReadyFile =
  | { kind: 'csv'; gzip: boolean; path: string; shape: CsvShape }
  | { kind: 'parquet'; path: string };

export interface FileFacts {
  path: string;
  /** Name without folder, for messages and records. */
  name: string;
  bytes: number;
  modifiedMs: number;
}

export async function fileFacts(path: string): Promise<FileFacts> {
  const name = basename(path);
  try {
    const info = await stat(path);
    if (!info.isFile()) throw notABill(name);
    return { path, name, bytes: info.size, modifiedMs: info.mtimeMs };
  } catch (error) {
    throw readError(error, name);
  }
}

/** SHA-256 of the bytes as they lie on disk, in hex. */
export async function hashFile(
  file: FileFacts,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk as Buffer);
      onBytes((chunk as Buffer).length);
    }
  } catch (error) {
    throw readError(error, file.name);
  }
  return hash.digest('hex');
}

/**
 * Looks at the first bytes, not at the name, and makes the file ready in `folder`. CSV is read to
 * its end once: gzip length and CRC are checked by zlib, records and cells are counted.
 */
export async function makeReady(
  file: FileFacts,
  folder: string,
  id: number,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ReadyFile> {
  const head = await firstBytes(file);
  if (head.length === 0) throw emptyFile(file.name);
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') {
    // Through a link of ours: a name may hold what the reader takes for a pattern.
    const path = join(folder, `file-${id}.parquet`);
    await symlink(file.path, path);
    return { kind: 'parquet', path };
  }
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!gzip) refuseBinary(head, file.name);
  const path = join(folder, `file-${id}.csv`);
  if (!gzip) {
    const shape = await scan(file, null, false, onBytes, signal);
    if (!shape.needsRewrite) {
      await symlink(file.path, path);
      return { kind: 'csv', gzip, path, shape };
    }
  }
  const shape = await scan(file, path, gzip, gzip ? onBytes : () => {}, signal);
  return { kind: 'csv', gzip, path, shape };
}

async function scan(
  file: FileFacts,
  copyTo: string | null,
  gzip: boolean,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<CsvShape> {
  const scanner = createCsvScanner(file.name, (header) => void detectFormat(file.name, header));
  const raw = createReadStream(file.path, { highWaterMark: 1 << 20, signal });
  raw.on('data', (chunk) => onBytes(chunk.length));
  const gunzip = gzip ? createGunzip({ chunkSize: 1 << 20 }) : null;
  // A refusal half-way ends the loop below, which destroys what it reads from with an error of
  // its own; one that nobody listens to would end the thread.
  raw.on('error', (error) => gunzip?.destroy(error));
  gunzip?.on('error', () => raw.destroy());
  const text: Readable = gunzip ? raw.pipe(gunzip) : raw;
  const copy: Writable | null = copyTo ? createWriteStream(copyTo) : null;
  // Listened to from the start: an error between two writes would otherwise end the process.
  copy?.on('error', () => raw.destroy());
  let first = true;
  try {
    for await (const chunk of text) {
      if (first && gzip) refuseBinary((chunk as Buffer).subarray(0, 4096), file.name);
      first = false;
      const normalised = scanner.push(chunk as Buffer);
      if (copy && !copy.write(normalised)) await once(copy, 'drain');
    }
    if (copy?.errored) throw copy.errored;
    return scanner.end();
  } catch (error) {
    throw readError(copy?.errored ?? error, file.name);
  } finally {
    raw.destroy();
    if (copy && !copy.errored) {
      copy.end();
      if (!copy.writableFinished) await once(copy, 'finish');
    }
  }
}

async function firstBytes(file: FileFacts): Promise<Buffer> {
  try {
    const handle = await open(file.path);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(error, file.name);
  }
}

function refuseBinary(head: Buffer, name: string): void {
  const marks = head.subarray(0, 2).toString('hex');
  if (marks === 'fffe' || marks === 'feff') {
    throw new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${name} is UTF-16 text. Nothing was changed.`,
      'Save it as UTF-8 and import it again.',
    );
  }
  if (head.subarray(0, 4).toString('hex') === '28b52ffd') {
    throw new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${name} is compressed with zstd, which this version does not read.`,
      'Decompress it, or export CSV.gz or Parquet.',
    );
  }
  if (head.includes(0)) throw notABill(name);
}

/** A file that changed while it was read is refused: what was checked is not what was read. */
export async function assertUnchanged(file: FileFacts): Promise<void> {
  const now = await fileFacts(file.path);
  if (now.bytes !== file.bytes || now.modifiedMs !== file.modifiedMs) {
    throw new OutlayError(
      'FILE_CHANGED',
      `${file.name} changed while it was read. Nothing was changed.`,
      'Import it again when it is complete.',
    );
  }
}

function readError(error: unknown, name: string): unknown {
  const code = (error as { code?: string } | null)?.code;
  switch (code) {
    case 'ABORT_ERR':
      return new OutlayError('CANCELLED', 'Cancelled. Nothing was changed.');
    case 'ENOENT':
      return new OutlayError('FILE_NOT_FOUND', `${name} does not exist.`, 'Check the path.');
    case 'EACCES':
    case 'EPERM':
      return new OutlayError(
        'FILE_UNREADABLE',
        `${name} cannot be read: no permission.`,
        'Give yourself read permission and import it again.',
      );
    case 'Z_BUF_ERROR':
      return damaged(name, 'the gzip data ends early');
    case 'Z_DATA_ERROR':
      return damaged(name, `the gzip data is damaged (${(error as Error).message})`);
    default:
      return error;
  }
}

export function damaged(name: string, what: string): OutlayError {
  return new OutlayError(
    'FILE_DAMAGED',
    `${name} is cut or damaged: ${what}. Nothing was changed.`,
    'Download or copy it again.',
  );
}
