import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/**
 * `node build/kernel.ts` makes csv.wasm.ts of the AssemblyScript beside it, so that running Outlay
 * takes no compiler; `node build/kernel.ts check` ends with 1 where they do not belong together.
 */
const folder = fileURLToPath(new URL('../electron/core/ingest/kernel/', import.meta.url));
const target = join(folder, 'csv.wasm.ts');
const work = mkdtempSync(join(tmpdir(), 'outlay-kernel-'));
const wasm = join(work, 'csv.wasm');
const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--outFile', wasm];
// The chunk, what lies before it and the 64 bytes that are read behind it.
const memory = ['--initialMemory', '18', '--maximumMemory', '18'];
const { error } = await asc.main([join(folder, 'csv.as.ts'), ...options, ...memory]);
if (error) throw error;
const text = `/** What \`node build/kernel.ts\` makes of csv.as.ts: WebAssembly, as base64. */
export const csvWasm =
  '${readFileSync(wasm).toString('base64')}';
`;
rmSync(work, { recursive: true });
if (process.argv[2] !== 'check') writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error(`${basename(target)} is not what csv.as.ts gives: run node build/kernel.ts.`);
  process.exitCode = 1;
}
