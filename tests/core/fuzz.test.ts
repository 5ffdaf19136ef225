import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { databaseFile } from '../../electron/core/store/open.ts';
import { campaign, endurance, saw } from '../builders/campaign.ts';
import { type Duck, openDuckDb } from '../builders/duckdb.ts';
import {
  type FuzzCase,
  type FuzzCases,
  fuzzCases,
  keepCase,
  specialCases,
} from '../builders/fuzzCases.ts';
import { type FuzzProcess, fuzzProcess } from '../builders/fuzzProcess.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 7_200_000, hookTimeout: 120_000 });

const limits = { milliseconds: 20_000, bytes: 1.5 * 2 ** 30 };
/** Files of findings stay here. */
const keptFolder = join(tmpdir(), 'outlay-fuzz');

const { seed, numRuns } = campaign('fuzz', 200, 50);
let place: Workspace;
let duck: Duck;
let cases: FuzzCases;
let importer: FuzzProcess;

beforeAll(async () => {
  place = workspace();
  duck = await openDuckDb();
  cases = await fuzzCases(join(place.folder, 'files'), duck, seed);
  const loads = await place.load(cases.stored);
  expect(loads.map(({ status }) => status)).toEqual(cases.stored.map(() => 'loaded'));
  await place.closeCore();
  importer = fuzzProcess(join(place.data, databaseFile), join(place.folder, 'fuzzed'), limits);
});
afterAll(async () => {
  importer.close();
  duck.close();
  await place.close();
});

/** Imports each file and tells how many ended in which way; what went wrong is listed. */
async function fuzz(name: string, files: AsyncIterable<FuzzCase> | Iterable<FuzzCase>) {
  const outcomes = new Map<string, number>();
  const findings: string[] = [];
  let count = 0;
  let slowest = 0;
  let largest = 0;
  for await (const { path, what, options } of files) {
    const answer = await importer.run({ path, options });
    outcomes.set(answer.outcome, (outcomes.get(answer.outcome) ?? 0) + 1);
    slowest = Math.max(slowest, answer.milliseconds);
    largest = Math.max(largest, answer.peakBytes);
    if (answer.problems.length > 0) {
      const kept = keepCase(path, keptFolder, `${seed}-${name}-${count}`);
      const finding = `${name} ${count} (${what}), kept as ${kept}: ${answer.outcome}: ${answer.problems.slice(0, 3).join('; ').slice(0, 1_500)}`;
      // At once: a long campaign need not end before somebody looks.
      console.error(finding);
      findings.push(finding);
    }
    rmSync(dirname(path), { recursive: true, force: true });
    count++;
  }
  const list = [...outcomes].sort(([, a], [, b]) => b - a).map(([end, n]) => `${n} ${end}`);
  saw(
    `${name}: ${count} files, seed ${seed}: ${list.join(', ')}; slowest ${Math.round(slowest)} ms, most memory ${Math.round(largest / 2 ** 20)} MB`,
  );
  return { findings, outcomes };
}

test('mutated bills are loaded and tied out or refused with a reason', async () => {
  async function* mutated() {
    for (let number = 0; number < numRuns; number++) yield await cases.make(number);
  }
  const { findings, outcomes } = await fuzz('fuzz', mutated());
  expect(findings).toEqual([]);
  // A campaign whose files are all refused at the door proves nothing.
  const ended = (pattern: RegExp) =>
    [...outcomes].reduce((sum, [end, n]) => sum + (pattern.test(end) ? n : 0), 0);
  expect(ended(/^loaded/)).toBeGreaterThan(numRuns / 20);
  expect(ended(/^refused/)).toBeGreaterThan(numRuns / 5);
  expect([...outcomes.keys()].length).toBeGreaterThan(8);
});

test('bombs, other files and endless texts are refused in little time and memory', async () => {
  const files = specialCases(
    join(place.folder, 'files', 'special'),
    endurance ? 1 << 30 : 1 << 27,
    {
      gzip: (bytes) => gzipSync(bytes, { level: 9 }),
      zstd: zstdCompressSync,
    },
  );
  const { findings, outcomes } = await fuzz('special', files);
  expect(findings).toEqual([]);
  // Valid rows without end are refused for their size and not for what they hold.
  expect(outcomes.get('refused FILE_TOO_LARGE')).toBeGreaterThanOrEqual(3);
});
