import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OutlayError } from '../../shared/contract/errors.ts';
import type { Core } from '../core/api.ts';

/** A folder here is gone after this long, whoever made it. */
const keepMs = 24 * 60 * 60 * 1000;

/** Windows opens these as devices, with any ending. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The parts of a name that a window sent, each a harmless file name: folders are kept, nothing
 * leads upwards, to a drive or to a device. Never empty.
 */
export function safeParts(name: string): string[] {
  const parts = name
    .toWellFormed()
    .split(/[/\\]/)
    .map(safePart)
    .filter((part) => part !== '')
    .slice(-16);
  return parts.length > 0 ? parts : ['file'];
}

function safePart(part: string): string {
  const plain = part
    // oxlint-disable-next-line no-control-regex -- control characters are what is removed
    .replaceAll(/[\u0000-\u001f\u007f<>:"|?*]/g, '_')
    .replace(/^ +/, '')
    .replace(/[. ]+$/, '');
  // 200 bytes leave room on every file system; the end is kept because it names the format.
  let start = Math.max(0, plain.length - 200);
  while (Buffer.byteLength(plain.slice(start)) > 200) start += 1;
  // Not between the halves of one character.
  const short = plain.slice(plain.slice(start).isWellFormed() ? start : start + 1);
  return devices.test(short) ? `_${short}` : short;
}

/**
 * Streams one file into the data folder's inbox and answers its path. What was written is
 * removed again where the stream breaks off.
 */
export async function receiveUpload(
  dataFolder: string,
  name: string,
  body: Readable,
): Promise<string> {
  // The process number tells a later start which folders nobody works on any more.
  const folder = join(inbox(dataFolder), `${process.pid}-${randomBytes(12).toString('hex')}`);
  const file = join(folder, ...safeParts(name));
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await pipeline(body, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    return file;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw uploadError(dataFolder, error);
  }
}

/** Dispatch for hosts that receive uploads: their copies go once the import has answered. */
export function dispatchUploads(core: Core, dataFolder: string): Core['dispatch'] {
  return async (name, input) => {
    const result = await core.dispatch(name, input);
    if (name === 'import.run') await releaseUploads(dataFolder, input);
    return result;
  };
}

async function releaseUploads(dataFolder: string, input: unknown): Promise<void> {
  const paths = (input as { paths?: unknown } | null)?.paths;
  if (!Array.isArray(paths)) return;
  const root = inbox(dataFolder);
  const folders = new Set<string>();
  for (const path of paths) {
    if (typeof path !== 'string') continue;
    const folder = relative(root, path).split(sep)[0] ?? '';
    if (/^\d+-[0-9a-f]{24}$/.test(folder)) folders.add(folder);
  }
  for (const folder of folders) await rm(join(root, folder), { recursive: true, force: true });
}

/**
 * Removes what no running process will import any more: at a start the remains of killed ones,
 * at the end what this one received and nobody imported.
 */
export async function sweepInbox(dataFolder: string, now: number): Promise<void> {
  const root = inbox(dataFolder);
  const folders = await readdir(root).catch(() => []);
  for (const folder of folders) {
    const pid = Number(folder.split('-')[0]);
    const info = await stat(join(root, folder)).catch(() => null);
    if (info === null) continue;
    if (pid === process.pid || !isAlive(pid) || now - info.mtimeMs > keepMs) {
      // Where nothing can be removed now, a later start does it.
      await rm(join(root, folder), { recursive: true, force: true }).catch(() => {});
    }
  }
}

function inbox(dataFolder: string): string {
  return join(dataFolder, 'inbox');
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it lives, but may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function uploadError(dataFolder: string, error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new OutlayError(
        'DISK_FULL',
        'The disk is full. The file was not taken over and nothing was changed.',
        'Free space and import again, or import the file from where it lies with the command line.',
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
    // What Node says of a folder to be made on a read-only disk.
    case 'ENOENT':
      // In the words of the core, whose refusal of the import would come next.
      return new OutlayError(
        'READ_ONLY',
        `${dataFolder} cannot be written. Nothing was changed.`,
        'Make the folder and the files in it writable, or choose another with --data DIR.',
        { cause: error },
      );
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'ECONNRESET':
      return new OutlayError('CANCELLED', 'The transfer of the file broke off; nothing was kept.');
    default:
      return error;
  }
}
