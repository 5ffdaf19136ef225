import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether an output file exists and no source (files or folders under `root`) is newer. */
export function isFresh(root: string, output: string, sources: readonly string[]): boolean {
  const built = modified(join(root, output));
  if (built === null) return false;
  return sources
    .flatMap((source) => [source, ...globSync(`${source}/**/*`, { cwd: root })])
    .every((source) => (modified(join(root, source)) ?? 0) <= built);
}

function modified(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
