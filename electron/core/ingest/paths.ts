import { glob, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { listed } from './formats/layout.ts';
import { findNamed, readManifest } from './manifest.ts';

export interface InputPath {
  path: string;
  /** Found in a folder: what is no bill is skipped there, and refused where it was named. */
  fromFolder: boolean;
  /** Why the file is not even opened. */
  refusal?: OutlayError;
}

const filesLimit = 100_000;

/**
 * Files behind the paths of one command: folders walked in name order (links are not followed),
 * patterns that no shell expanded, and the files that a manifest names.
 */
export async function expandPaths(paths: readonly string[]): Promise<InputPath[]> {
  const found: InputPath[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory()) found.push(...(await walkFolder(path)));
    else if (info?.isFile()) found.push(...(await namedFile(path)));
    else found.push(...(await matching(path)));
  }
  const seen = new Set<string>();
  return found.filter(({ path }) => {
    const key = resolve(path);
    return seen.has(key) ? false : seen.add(key);
  });
}

async function walkFolder(folder: string): Promise<InputPath[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .slice(0, filesLimit);
  return await withoutSuperseded(files);
}

/** A name with a pattern that is no file of that name: what it matches, else the name itself. */
async function matching(path: string): Promise<InputPath[]> {
  if (!/[*?[{]/.test(path)) return [{ path, fromFolder: false }];
  const matches: string[] = [];
  for await (const match of glob(path)) {
    if (matches.push(match) >= filesLimit) break;
  }
  if (matches.length === 0) return [{ path, fromFolder: false }];
  const found: InputPath[] = [];
  for (const match of matches.sort()) {
    const info = await stat(match).catch(() => null);
    if (info?.isDirectory()) found.push(...(await walkFolder(match)));
    else found.push(...(await namedFile(match)));
  }
  return found;
}

async function namedFile(path: string): Promise<InputPath[]> {
  const names = await readManifest(path);
  if (names === null) return [{ path, fromFolder: false }];
  const files = await findNamed(path, names);
  const missing = names.filter((_, i) => files[i] === null);
  if (missing.length === 0) return files.flatMap((file) => file ?? []).map(named);
  // A part of what a manifest names would be a part of the bill.
  return [
    {
      path,
      fromFolder: false,
      refusal: new OutlayError(
        'FILE_NOT_FOUND',
        `${basename(path)} names ${listed(missing.map((name) => basename(name)))}, which ${missing.length === 1 ? 'is' : 'are'} not beside it. Nothing was changed.`,
        'Download every file of the manifest in the folders that it names, and import it again.',
      ),
    },
  ];
}

function named(path: string): InputPath {
  return { path, fromFolder: false };
}

/**
 * An export that is written again keeps its earlier files beside the new ones, each set the whole
 * period. The manifest above them names the set that counts; the others would be added to it.
 */
async function withoutSuperseded(files: readonly string[]): Promise<InputPath[]> {
  const kept = new Set<string>();
  const superseded = new Map<string, string>();
  const manifests = files
    .filter((file) => /manifest\.json$/i.test(file))
    .sort((a, b) => depth(a) - depth(b));
  for (const manifest of manifests) {
    if (superseded.has(manifest) || kept.has(dirname(manifest))) continue;
    const names = await readManifest(manifest);
    if (names === null) continue;
    const current = (await findNamed(manifest, names)).filter((file) => file !== null);
    if (current.length === 0) continue;
    for (const file of current) kept.add(file).add(dirname(file));
    const below = dirname(manifest) + sep;
    for (const file of files) {
      if (file !== manifest && file.startsWith(below) && !kept.has(file)) {
        superseded.set(file, basename(manifest));
      }
    }
  }
  return files.map((path) => {
    const by = superseded.get(path);
    if (by === undefined || kept.has(path)) return { path, fromFolder: true };
    return {
      path,
      fromFolder: true,
      refusal: new OutlayError(
        'NOT_A_BILL',
        `${basename(path)} is not among the files that ${by} names, which replace it.`,
      ),
    };
  });
}

function depth(path: string): number {
  return path.split(sep).length;
}
