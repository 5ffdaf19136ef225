import { fileURLToPath } from 'node:url';
import { electronProgram, installElectron } from './electron.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
if (electronProgram(root) !== null) {
  console.log('Electron is here already.');
} else {
  console.log('Downloading Electron, for at most 5 minutes.');
  const failure = await installElectron(root, undefined, 300_000);
  if (failure === null) {
    console.log('Electron is here; "npm start" opens it.');
  } else {
    console.error(`Electron could not be downloaded: ${failure.reason}.`);
    process.exitCode = 1;
  }
}
