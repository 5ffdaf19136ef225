import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run check`: everything that can be said about the code without running the product. */
const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['electron', 'renderer', 'shared', 'tests', 'build'];
const steps: [name: string, command: string, ...rest: string[]][] = [
  ...['shared', 'electron', 'renderer', 'tests'].map((folder): [string, string, ...string[]] => [
    `types ${folder}`,
    'tsc',
    '-p',
    folder,
  ]),
  ['lint', 'oxlint', '--type-aware', '--deny-warnings', ...folders],
  ['format', 'biome', 'format', '.'],
  ['kernel', process.execPath, 'build/kernel.ts', 'check'],
  ['lock', process.execPath, 'build/lock-check.ts'],
  ['architecture', 'vitest', 'run', 'tests/architecture'],
];
let failed = false;
for (const [name, command, ...args] of steps) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'failed'} ${name} (${seconds} s)`);
  if (status !== 0) {
    failed = true;
    console.log(stdout + stderr);
  }
}
process.exitCode = failed ? 1 : 0;
