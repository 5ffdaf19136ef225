import { fileURLToPath } from 'node:url';
import { buildElectron } from './electron.ts';
import { buildRenderer } from './renderer.ts';

/** `npm run build`: the window and the Electron layer into dist/. */
const root = fileURLToPath(new URL('..', import.meta.url));
await buildRenderer(root, (line) => console.log(line));
await buildElectron(root);
