import type { Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat, symlink, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { once } from 'node:events';
import type { Readable, Transform, Writable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { headOf } from './csv-header.ts';
import {
  type CsvScanner,
  type CsvShape,
  createCsvScanner,
  emptyFile,
  notABill,
} from './csv-scan.ts';
import { assertColumnCount, detectFormat } from './detect.ts';
import { isJson, isParquet, type Packing, packingOf, refuseBinary } from './file-kind.ts';
import type { ReadingOptions } from './formats/layout.ts';
import { createJsonScanner, type JsonShape } from './json-scan.ts';
import { assertUnpacked } from './unpacked.ts';

/** A bill file made ready for the reader: decompressed, counted, under a safe name. */
export type ReadyFile = ReadyCsv | ReadyJson | ReadyParquet;
export type ReadyJson = { kind: 'json'; packing: Packing; path: string; shape: JsonShape };
export type ReadyParquet = { kind: 'parquet'; path: string };

export interface ReadyCsv {
  kind: 'csv';
  packing: Packing;
  path: string;
  /**
   * What a plain file's first bytes say, with which it can be read while it is still being counted;
   * null where its text cannot be read as it is.
   */
  head: Pick<CsvShape, 'header' | 'delimiter'> | null;
  /** The whole count. `path` holds the normalised text once this is known. */
  counted: Promise<CsvShape>;
}

/** What follows the bytes of a file while they are read. */
export interface Reading {
  onBytes: (bytes: number) => void;
  /** Takes the bytes as they lie on disk; null where their hash is known. */
  hash: Hash | null;
  signal: AbortSignal;
}

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

/** Reads a file to its end for its hash alone. */
export async function hashFile(file: FileFacts, { onBytes, hash, signal }: Reading): Promise<void> {
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20, signal })) {
      hash?.update(chunk as Buffer);
      onBytes((chunk as Buffer).length);
    }
  } catch (error) {
    throw readError(error, file.name);
  }
}

/**
 * Looks at the first bytes, not at the name, and makes the file ready in `folder`. Text is read to
 * its end once: lengths and checksums of packed files are checked by zlib, records are counted.
 */
export async function makeReady(
  file: FileFacts,
  folder: string,
  id: number,
  options: ReadingOptions,
  reading: Reading,
): Promise<ReadyFile> {
  const head = await firstBytes(file);
  if (head.length === 0) throw emptyFile(file.name);
  if (isParquet(head)) {
    // Through a link of ours: a name may hold what the reader takes for a pattern.
    const path = join(folder, `file-${id}.parquet`);
    await symlink(file.path, path);
    await hashFile(file, reading);
    return { kind: 'parquet', path };
  }
  const packing = packingOf(head);
  const path = join(folder, `file-${id}.text`);
  if (packing === null) {
    refuseBinary(head, file.name);
    if (!isJson(head)) return await plainCsv(file, path, head, options, reading);
  }
  const scanned = await scan(file, path, packing, options, reading);
  return scanned.kind === 'json'
    ? { ...scanned, packing, path }
    : { kind: 'csv', packing, path, head: null, counted: Promise.resolve(scanned.shape) };
}

/** Read where it lies, unless its text has to be normalised. */
async function plainCsv(
  file: FileFacts,
  path: string,
  start: Buffer,
  options: ReadingOptions,
  reading: Reading,
): Promise<ReadyCsv> {
  await symlink(file.path, path);
  const count = async () => {
    const shape = await countPlain(file, options, reading);
    if (!shape.needsRewrite) return shape;
    await unlink(path);
    const again = await scan(file, path, null, options, {
      ...reading,
      onBytes: () => {},
      hash: null,
    });
    return again.shape as CsvShape;
  };
  const counted = count();
  // It is awaited later; until then a refusal must not end the thread.
  counted.catch(() => {});
  return { kind: 'csv', packing: null, path, head: headOf(start), counted };
}

/** Counts a file that is read where it lies, through one buffer. */
async function countPlain(
  file: FileFacts,
  options: ReadingOptions,
  { onBytes, hash, signal }: Reading,
): Promise<CsvShape> {
  const { input, push, end } = csvScannerOf(file.name, options);
  try {
    const handle = await open(file.path);
    try {
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await handle.read(input, 0, input.length);
        if (bytesRead === 0) return end();
        const chunk = input.subarray(0, bytesRead);
        hash?.update(chunk);
        onBytes(bytesRead);
        push(chunk);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(error, file.name);
  }
}

type Scanned = { kind: 'csv'; shape: CsvShape } | { kind: 'json'; shape: JsonShape };

async function scan(
  file: FileFacts,
  copyTo: string | null,
  packing: Packing,
  options: ReadingOptions,
  { onBytes, hash, signal }: Reading,
): Promise<Scanned> {
  const raw = createReadStream(file.path, { highWaterMark: 1 << 20, signal });
  let rawBytes = 0;
  raw.on('data', (chunk) => {
    rawBytes += chunk.length;
    hash?.update(chunk);
    onBytes(chunk.length);
  });
  const unpack = unpacker(packing);
  // A refusal half-way ends the loop below, which destroys what it reads from with an error of
  // its own; one that nobody listens to would end the thread.
  raw.on('error', (error) => unpack?.destroy(error));
  unpack?.on('error', () => raw.destroy());
  const text: Readable = unpack ? raw.pipe(unpack) : raw;
  const copy: Writable | null = copyTo ? createWriteStream(copyTo) : null;
  // Listened to from the start: an error between two writes would otherwise end the process.
  copy?.on('error', () => raw.destroy());
  let scanner: ReturnType<typeof scannerOf> | null = null;
  let bytes = 0;
  try {
    for await (const chunk of text) {
      bytes += (chunk as Buffer).length;
      if (unpack) assertUnpacked(file.name, rawBytes, bytes);
      if (!scanner) {
        const head = (chunk as Buffer).subarray(0, 4096);
        if (packing !== null) refuseBinary(head, file.name);
        scanner = scannerOf(file.name, head, options);
      }
      const normalised = scanner.push(chunk as Buffer);
      if (copy && !copy.write(normalised)) await once(copy, 'drain');
    }
    if (copy?.errored) throw copy.errored;
    if (!scanner) throw emptyFile(file.name);
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

function unpacker(packing: Packing): Transform | null {
  if (packing === 'gz') return createGunzip({ chunkSize: 1 << 20 });
  return packing === 'zst' ? createZstdDecompress({ chunkSize: 1 << 20 }) : null;
}

function scannerOf(
  name: string,
  head: Buffer,
  options: ReadingOptions,
): { push: (chunk: Buffer) => Buffer; end: () => Scanned } {
  if (isJson(head)) {
    const { push, end } = createJsonScanner(name, (record) =>
      assertRecognised(name, Object.keys(record)),
    );
    return { push, end: () => ({ kind: 'json', shape: end() }) };
  }
  const { push, end } = csvScannerOf(name, options);
  return { push, end: () => ({ kind: 'csv', shape: end() }) };
}

function csvScannerOf(name: string, options: ReadingOptions): CsvScanner {
  return createCsvScanner(name, (header) => {
    detectFormat(name, header, options);
    assertColumnCount(name, header.length);
  });
}

/** Columns without a value are often left out of a record: what is missing is judged at the end. */
function assertRecognised(name: string, keys: readonly string[]): void {
  try {
    detectFormat(name, keys);
  } catch (error) {
    if (!(error instanceof OutlayError) || error.code !== 'COLUMN_MISSING') throw error;
  }
}

/** Enough for the header of most bills. */
const headBytes = 16_384;

async function firstBytes(file: FileFacts): Promise<Buffer> {
  try {
    const handle = await open(file.path);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(error, file.name);
  }
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
      return damaged(name, 'the compressed data ends early');
    case 'Z_DATA_ERROR':
      return damaged(name, `the compressed data is damaged (${(error as Error).message})`);
    default:
      return code?.startsWith('ZSTD_error_')
        ? damaged(name, `the compressed data is damaged (${(error as Error).message})`)
        : error;
  }
}

export function damaged(name: string, what: string): OutlayError {
  return new OutlayError(
    'FILE_DAMAGED',
    `${name} is cut or damaged: ${what}. Nothing was changed.`,
    'Download or copy it again.',
  );
}
