import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OutlayError } from '../../../shared/contract/errors.ts';

/** Writes a whole file or none: a new file beside it takes its place when it is complete. */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) {
    throw new OutlayError(
      'INVALID_INPUT',
      `${path} is a folder. Nothing was written.`,
      'Name a file for the report.',
    );
  }
  const part = join(folder, `.${basename(path)}.${randomUUID()}.part`);
  try {
    const file = await open(part, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw outputError(error, path);
  }
}

/** What the file system says about a report's file, as something a user can act on. */
export function outputError(error: unknown, path: string): unknown {
  const kept = 'Nothing was written, and a file that was there is as it was.';
  switch ((error as { code?: unknown } | null)?.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new OutlayError(
        'INVALID_INPUT',
        `The folder ${dirname(path)} does not exist. Nothing was written.`,
        'Create it, or name a file in another folder.',
        { cause: error },
      );
    case 'EISDIR':
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return new OutlayError(
        'INVALID_INPUT',
        `${path} cannot be the name of a file. Nothing was written.`,
        'Name another file.',
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EBUSY':
      return new OutlayError(
        'READ_ONLY',
        `${path} cannot be written. ${kept}`,
        'Choose a folder that can be written, or close what holds the file open.',
        { cause: error },
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new OutlayError(
        'DISK_FULL',
        `There is no room for ${path}. ${kept}`,
        'Free space and run it again.',
        { cause: error },
      );
    default:
      return error;
  }
}
