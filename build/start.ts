import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hasScreen } from '../electron/hosts/browser.ts';
import { dataFolder } from '../electron/hosts/data-folder.ts';
import { serve } from '../electron/hosts/serve.ts';
import { errorBody, OutlayError } from '../shared/contract/errors.ts';
import { electronProgram, installElectron, installFailure, runElectron } from './electron.ts';
import { buildRenderer } from './renderer.ts';

/** `npm start`: the desktop app where Electron is present, else the same window in a browser. */
const root = fileURLToPath(new URL('..', import.meta.url));
const log = (line: string) => console.log(line);
try {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
      /** The window host even where Electron is present. */
      window: { type: 'boolean', default: false },
    },
  });
  if (values.data) process.env['OUTLAY_DATA'] = values.data;
  const port = readPort(values.port);
  await buildRenderer(root, log);
  const why = values.window || values['no-open'] ? 'as asked' : await desktop();
  if (why !== null) {
    log(`Window host (${why}).`);
    await serve({
      dataFolder: dataFolder(process.platform, process.env),
      port,
      open: !values['no-open'],
      log,
    });
  }
} catch (error) {
  const { message, hint } = errorBody(error);
  console.error(hint ? `${message}\n${hint}` : message);
  process.exitCode = 1;
}

/** Runs Electron to its end; answers why there is none. */
async function desktop(): Promise<string | null> {
  if (!hasScreen(process.platform, process.env)) return 'there is no screen for the desktop app';
  const again = '"npm run electron:install" tries again';
  if (electronProgram(root) === null) {
    const earlier = installFailure(root);
    if (earlier) {
      const date = earlier.at.slice(0, 10);
      return `Electron could not be downloaded on ${date}: ${earlier.reason}; ${again}`;
    }
    log('Downloading Electron, for at most 20 s.');
    const failure = await installElectron(root);
    if (failure) return `Electron could not be downloaded: ${failure.reason}; ${again}`;
  }
  const program = electronProgram(root);
  if (program === null) return `Electron's installer left no program; ${again}`;
  const why = await runElectron(root, program, log);
  return why === null ? null : `Electron did not start: ${why}`;
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new OutlayError('USAGE', `--port takes a number from 1 to 65535, not "${text}".`);
}
