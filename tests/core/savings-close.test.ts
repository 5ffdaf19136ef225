import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { finished } from '../builders/process.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let place: Workspace;
beforeAll(async () => {
  place = workspace();
  await place.call('import.sample', { job: 'sample' });
  await place.closeCore();
});
afterAll(() => place.close());

test('a core that is closed while its plan is made, at any moment, ends in order', async () => {
  const program = join(import.meta.dirname, '../builders/closingProcess.ts');
  // While the lines are read, which is the first second, a cut would end the whole process.
  const done = await finished(spawn(process.execPath, [program, place.data]));
  expect(done).toEqual({ code: 0, signal: null, out: 'closed\n', err: '' });
});
