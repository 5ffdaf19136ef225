import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CampaignRecord } from '../tests/builders/campaign.ts';

/**
 * `npm run endurance [-- WORD]`: every test file with a campaign (or those whose path has the
 * word) at full count, one after the other, each of them noted in docs/endurance.md with its commit.
 * Ended early and started again on the same commit, it goes on with the files that have not passed;
 * what ran on an earlier one stays on the page until it runs again.
 */
interface Ran {
  passed: boolean;
  commit: string;
  minutes: number;
  day: string;
  records: CampaignRecord[];
}

/** By test file. */
type State = Record<string, Ran>;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules/.cache/outlay-endurance');
const stateFile = join(folder, 'state.json');
const recordFile = join(folder, 'campaigns.jsonl');
const page = join(root, 'docs/endurance.md');

const word = process.argv[2] ?? '';
const all = readdirSync(join(root, 'tests'), { recursive: true })
  .map((name) => `tests/${String(name).replaceAll('\\', '/')}`)
  .filter((file) => /\.test\.tsx?$/.test(file))
  .filter((file) => readFileSync(join(root, file), 'utf8').includes(' campaign('))
  .sort();
const commit = commitOf();
mkdirSync(folder, { recursive: true });
const state = ranBefore();
for (const file of all.filter((path) => path.includes(word))) {
  if (state[file]?.passed && state[file].commit === commit && !commit.includes(' ')) {
    console.log(`${file}: passed before at this commit`);
    continue;
  }
  state[file] = await run(file);
  writeFileSync(stateFile, JSON.stringify(state, null, 1));
  writeFileSync(page, pageText());
}
console.log(`${Object.keys(state).length} of ${all.length} in docs/endurance.md`);
process.exitCode = Object.values(state).every(({ passed }) => passed) ? 0 : 1;

async function run(file: string): Promise<Ran> {
  console.log(`\n${file}`);
  writeFileSync(recordFile, '');
  const started = performance.now();
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', file, '--testTimeout', '14400000'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, OUTLAY_ENDURANCE: '1', OUTLAY_CAMPAIGNS: recordFile },
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const lines = readFileSync(recordFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return {
    passed: code === 0,
    commit,
    minutes: (performance.now() - started) / 60_000,
    day: new Date().toISOString().slice(0, 10),
    records: lines.map((line) => JSON.parse(line) as CampaignRecord),
  };
}

/** The commit that is tested; what is not committed has no name. */
function commitOf(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  const head = git('rev-parse', '--short=12', 'HEAD').trim();
  const changed = git('status', '--porcelain', '--', '.', ':!docs').trim();
  return changed === '' ? head : `${head} with local changes`;
}

/** What ran here before, of the files that are still there. */
function ranBefore(): State {
  try {
    const found = JSON.parse(readFileSync(stateFile, 'utf8')) as State;
    return Object.fromEntries(all.flatMap((file) => (found[file] ? [[file, found[file]]] : [])));
  } catch {
    return {};
  }
}

function pageText(): string {
  const ran = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const rows = ran.flatMap(([file, { passed, commit: at, day, minutes, records }]) =>
    records
      .filter((record) => 'name' in record)
      .map(({ name, seed, cases }, i) => {
        const outcome = passed ? 'passed' : '**failed**';
        const end = i > 0 ? ['', '', '', ''] : [outcome, minutes.toFixed(1), at, day];
        return `| ${[i > 0 ? '' : file, name.replaceAll('|', '\\|'), cases.toLocaleString('en'), seed, ...end].join(' | ')} |`;
      }),
  );
  const seen = ran.flatMap(([, { records }]) => records.filter((record) => 'saw' in record));
  return `# Endurance

Written by \`npm run endurance\`, which runs every campaign of the tests at full count; \`npm test\`
runs the same ones, with the same seed, at a small part of it. ${ran.length} of ${all.length} test files have run.

- Machine: ${cpus().length} processors (${cpus()[0]?.model.trim()}), ${gigabytes} GB of memory, ${process.platform} ${process.arch}, Node ${process.versions.node}

| tests | campaign | cases | seed | outcome | minutes | commit | date |
|---|---|---:|---:|---|---:|---|---|
${rows.join('\n')}
${seen.length > 0 ? '\nWhat they saw:\n\n' : ''}${seen.map(({ saw }) => `- ${saw}\n`).join('')}`;
}
