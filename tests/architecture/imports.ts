import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  /** Path of the importing file from the root, with forward slashes. */
  file: string;
  /** Path from the root for a relative import, else the package or `node:` name. */
  target: string;
  line: number;
}

/** Every static, dynamic and re-exporting import of one file. */
export function importsOf(file: string, code: string): Import[] {
  const parsed = parseSync(file, code);
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`);
  const { staticImports, dynamicImports, staticExports } = parsed.module;
  const found: { specifier: string; at: number }[] = [
    ...staticImports.map((item) => ({ specifier: item.moduleRequest.value, at: item.start })),
    ...staticExports.flatMap((item) =>
      item.entries.flatMap((entry) =>
        entry.moduleRequest ? [{ specifier: entry.moduleRequest.value, at: item.start }] : [],
      ),
    ),
    ...dynamicImports.map((item) => ({
      specifier: code.slice(item.moduleRequest.start + 1, item.moduleRequest.end - 1),
      at: item.start,
    })),
  ];
  return found.map(({ specifier, at }) => ({
    file,
    target: specifier.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(file), specifier))
      : specifier,
    line: code.slice(0, at).split('\n').length,
  }));
}

/** All imports below a folder of the project. */
export function importsBelow(folder: string): Import[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
}

/** The folder of a path in the table below: the longest row that begins it. */
export function rowOf(path: string, rows: readonly string[]): string | undefined {
  return rows
    .filter((row) => path === row || path.startsWith(`${row}/`))
    .sort((a, b) => b.length - a.length)[0];
}
