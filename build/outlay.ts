import { fileURLToPath } from 'node:url';
import { runCli } from '../electron/hosts/cli.ts';

/** The `outlay` command: the command line with this checkout's window to serve. */
export function start(argv: readonly string[]): Promise<number> {
  return runCli(argv, {
    platform: process.platform,
    env: process.env,
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    buildWindow: async (log) => {
      const { buildRenderer } = await import('./renderer.ts');
      await buildRenderer(fileURLToPath(new URL('..', import.meta.url)), log);
    },
  });
}
