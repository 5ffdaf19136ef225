#!/usr/bin/env node
// Plain JavaScript, and few files: the guard must run on any Node, and every start waits for this.
import { bundleFolder, sourceStamp, stampFile } from './stamp.js';

// An older Node than any that has this ends here; check-node.js tells the others apart.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) await import('./check-node.js');

// Taken so, and not imported: to import one, Node reads every export of it, which takes its time.
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const { enableCompileCache } = process.getBuiltinModule('node:module');
const { fileURLToPath } = process.getBuiltinModule('node:url');

const root = fileURLToPath(new URL('..', import.meta.url));

/** The bundle where it was made from the sources as they are now, else the sources. */
function hostUrl() {
  const source = new URL('../electron/hosts/cli.ts', import.meta.url);
  try {
    const made = readFileSync(new URL(`../${stampFile}`, import.meta.url), 'utf8');
    if (made === sourceStamp(root)) return new URL(`../${bundleFolder}/cli.js`, import.meta.url);
  } catch {
    // Not built.
  }
  return source;
}

/**
 * Writes at once, which for a short answer takes a fraction of the time that making the stream of
 * stdout does; what a slow reader does not take at once goes through the stream.
 */
function print(text) {
  const bytes = Buffer.from(`${text}\n`);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error;
    process.stdout.write(bytes.subarray(written));
  }
}

enableCompileCache();
const { runCli } = await import(hostUrl().href);
process.exitCode = await runCli(process.argv.slice(2), {
  platform: process.platform,
  env: process.env,
  out: print,
  err: (text) => process.stderr.write(`${text}\n`),
  buildWindow: async (log) => {
    const { buildRenderer } = await import('./renderer.ts');
    await buildRenderer(root, log);
  },
});
