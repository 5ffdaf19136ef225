import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { packingOf } from '../ingest/file-kind.ts';
import { damaged, type FileFacts } from '../ingest/source-file.ts';

export interface TextReading {
  /** Takes the bytes as they lie on disk; null where their hash is known. */
  hash: Hash | null;
  onBytes: (bytes: number) => void;
  signal: AbortSignal;
}

/**
 * A file as text, piece by piece: unpacked (gzip, zstd) and decoded, by its first bytes. UTF-8 with
 * or without a byte-order mark and UTF-16 of either order, which Windows PowerShell writes by `>`.
 * Throws an OutlayError for a file that cannot be read, is cut or no text.
 */
export async function* openText(
  file: FileFacts,
  { hash, onBytes, signal }: TextReading,
): AsyncGenerator<string> {
  const packing = packingOf(await firstBytes(file));
  const raw = createReadStream(file.path, { highWaterMark: 1 << 18, signal });
  raw.on('data', (chunk) => {
    hash?.update(chunk as Buffer);
    onBytes(chunk.length);
  });
  const unpack =
    packing === 'gz' ? createGunzip() : packing === 'zst' ? createZstdDecompress() : null;
  raw.on('error', (error) => unpack?.destroy(error));
  unpack?.on('error', () => raw.destroy());
  const bytes: Readable = unpack ? raw.pipe(unpack) : raw;
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of bytes) {
      decoder ??= decoderOf(chunk as Buffer, file.name);
      const text = decoder.decode(chunk as Buffer, { stream: true });
      if (text !== '') yield text;
    }
    const rest = decoder?.decode() ?? '';
    if (rest !== '') yield rest;
  } catch (error) {
    throw readError(error, file.name);
  } finally {
    raw.destroy();
    unpack?.destroy();
  }
}

async function firstBytes(file: FileFacts): Promise<Buffer> {
  try {
    const handle = await open(file.path);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(error, file.name);
  }
}

/** Without a mark, text in UTF-16 has a zero in every other byte of its first characters. */
function decoderOf(head: Buffer, name: string): TextDecoder {
  const start = head.subarray(0, 256);
  const zeros = (from: number) => start.filter((byte, i) => i % 2 === from && byte === 0).length;
  if ((start[0] === 0xff && start[1] === 0xfe) || (zeros(1) > start.length / 4 && zeros(0) === 0)) {
    return new TextDecoder('utf-16le', { fatal: true });
  }
  if ((start[0] === 0xfe && start[1] === 0xff) || (zeros(0) > start.length / 4 && zeros(1) === 0)) {
    return new TextDecoder('utf-16be', { fatal: true });
  }
  if (start.includes(0)) {
    throw new OutlayError('NOT_TELEMETRY', `${name} is no text. Nothing was changed.`);
  }
  return new TextDecoder('utf-8', { fatal: true });
}

function readError(error: unknown, name: string): unknown {
  const code = (error as { code?: string } | null)?.code ?? '';
  if (error instanceof OutlayError) return error;
  if (code === 'ABORT_ERR') return new OutlayError('CANCELLED', 'Cancelled. Nothing was changed.');
  if (code === 'ENOENT')
    return new OutlayError('FILE_NOT_FOUND', `${name} does not exist.`, 'Check the path.');
  if (code === 'EACCES' || code === 'EPERM') {
    return new OutlayError(
      'FILE_UNREADABLE',
      `${name} cannot be read: no permission.`,
      'Give yourself read permission and import it again.',
    );
  }
  if (code === 'Z_BUF_ERROR') return damaged(name, 'the compressed data ends early');
  if (code === 'Z_DATA_ERROR' || code.startsWith('ZSTD_error_')) {
    return damaged(name, `the compressed data is damaged (${(error as Error).message})`);
  }
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return damaged(name, 'its text is neither valid UTF-8 nor UTF-16');
  }
  return error;
}
