import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface InputPath {
  path: string;
  /** Found in a folder: what is no bill is skipped there, and refused where it was named. */
  fromFolder: boolean;
}

const filesLimit = 100_000;

/** Files behind the paths of one command, folders walked in name order; links are not followed. */
export async function expandPaths(paths: readonly string[]): Promise<InputPath[]> {
  const found: InputPath[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory()) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      for (const file of files.slice(0, filesLimit)) found.push({ path: file, fromFolder: true });
    } else {
      found.push({ path, fromFolder: false });
    }
  }
  return found;
}
