import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Manifests are a list of columns and files; a larger JSON file is none. */
const sizeLimit = 4_000_000;
/** A report is written in at most some hundred files; each is looked for in several places. */
const keysLimit = 10_000;
const foldersLimit = 64;

/**
 * The files that a manifest of AWS names, as keys of their bucket; null where the file is no
 * manifest. Legacy reports list them in `reportKeys`, data exports in `dataFiles`.
 */
export async function readManifest(path: string): Promise<string[] | null> {
  if (!/\.json$/i.test(path)) return null;
  const info = await stat(path).catch(() => null);
  if (!info?.isFile() || info.size > sizeLimit) return null;
  try {
    const { reportKeys, dataFiles } = JSON.parse(await readFile(path, 'utf8')) as {
      reportKeys?: unknown;
      dataFiles?: unknown;
    };
    const keys = reportKeys ?? dataFiles;
    if (!Array.isArray(keys) || keys.length === 0 || keys.length > keysLimit) return null;
    return keys.every((key) => typeof key === 'string') ? keys : null;
  } catch {
    return null;
  }
}

/**
 * Where the files that a manifest names lie here, null for each that is missing. A bucket's
 * folders may have been copied in part, so the longest end of the key that exists counts; nothing
 * outside the manifest's own folder is looked at, or that above its `metadata`.
 */
export async function findNamed(
  manifest: string,
  keys: readonly string[],
): Promise<(string | null)[]> {
  const base = exportFolder(dirname(resolve(manifest)));
  const found: (string | null)[] = [];
  // One after the other: ten thousand open questions to the file system would be held in memory.
  for (const key of keys) found.push(await findOne(base, dirname(manifest), key));
  return found;
}

async function findOne(base: string, written: string, key: string): Promise<string | null> {
  const parts = key
    .replace(/^s3:\/\/[^/]*/, '')
    .split('/')
    .filter((part) => part !== '');
  if (parts.length > foldersLimit) return null;
  if (parts.some((part) => part === '.' || part === '..' || /[\\:\0]/.test(part))) return null;
  for (let start = 0; start < parts.length; start++) {
    const path = join(base, ...parts.slice(start));
    const info = await lstat(path).catch(() => null);
    if (!info?.isFile() || !(await isBelow(path, base))) continue;
    // In the spelling of the caller, who may compare it with paths of a folder.
    return join(written, relative(resolve(written), path));
  }
  return null;
}

/** False where a link on the way leads out of the folder. */
async function isBelow(path: string, folder: string): Promise<boolean> {
  return (await realpath(path)).startsWith((await realpath(folder)) + sep);
}

/** Data exports keep manifests in `metadata/...` beside `data/...`. */
function exportFolder(folder: string): string {
  const parts = folder.split(sep);
  const at = parts.lastIndexOf('metadata');
  return at > 0 && parts.length - at <= 3 ? parts.slice(0, at).join(sep) : folder;
}
