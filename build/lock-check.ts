import { readFileSync } from 'node:fs';

/**
 * Checks that the lock file can install on every platform: each optional dependency of a locked
 * package (the native part for one platform) is locked itself, and no download address is kept.
 */
interface LockedPackage {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const locked = new Set(
  Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)),
);
const problems: string[] = [];
for (const [path, { optionalDependencies, resolved }] of Object.entries(lock.packages)) {
  for (const name of Object.keys(optionalDependencies ?? {})) {
    if (!locked.has(name)) problems.push(`${path || 'the project'}: ${name} is not locked`);
  }
  if (resolved?.startsWith('http')) problems.push(`${path}: holds the address of a registry`);
}
if (problems.length > 0) {
  console.error(
    `${problems.join('\n')}\nDelete node_modules and package-lock.json, then npm install.`,
  );
  process.exitCode = 1;
}
