import { fileURLToPath } from 'node:url';
import { buildCli } from './cli.ts';
import { buildElectron } from './electron.ts';
import { buildRenderer } from './renderer.ts';

/** `npm run build`: the window, the Electron layer and the command line into dist/. */
const root = fileURLToPath(new URL('..', import.meta.url));
await buildRenderer(root, (line) => console.log(line));
await buildElectron(root);
await buildCli(root);
