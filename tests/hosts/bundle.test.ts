import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildCli } from '../../build/cli.ts';
import { bundleFolder, stampFile } from '../../build/stamp.js';
import { focusCsv, focusRow } from '../builders/focus.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const checkout = join(import.meta.dirname, '..', '..');
const says = 'the bundle speaks';

/** A checkout of its own: tests edit its sources. */
let root: string;
let stamp: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'outlay-bundle-'));
  const parts = [
    'electron',
    'shared',
    'build',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ];
  for (const part of parts) {
    cpSync(join(checkout, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'), 'dir');
  await buildCli(root);
  appendFileSync(join(root, bundleFolder, 'cli.js'), `\nprocess.stderr.write('${says}\\n');`);
  stamp = readFileSync(join(root, stampFile), 'utf8');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function outlay(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'build', 'outlay.js'), ...args],
    { encoding: 'utf8' },
  );
  return {
    bundled: stderr.includes(says),
    answer: { status, stdout, stderr: stderr.replace(`${says}\n`, '') },
  };
}

test('says from the bundle what it says from the sources', () => {
  const bill = join(root, 'bill.csv');
  writeFileSync(bill, focusCsv([focusRow(), focusRow({ ServiceName: 'S3', ResourceId: 'r' })]));
  const commands = (data: string) =>
    [
      ['--help'],
      ['costs', '--by', 'nothing'],
      ['costs', '--metric', 'x', '--json'],
      ['costs', '--json'],
      ['import', bill],
      ['costs', '--json'],
      ['costs', '--by', 'service,resource', '--granularity', 'month'],
      ['loads', '--health', '1'],
      ['changes', '--json'],
      ['export', 'focus', '--out', join(data, 'out.csv'), '--json'],
      ['report', '--month', '2026-03', '--format', 'html', '--out', join(data, 'r.html'), '--json'],
      ['lines', '--json'],
    ].map((words) => outlay(...words, '--data', data));
  const data = join(root, 'data');
  const fromBundle = commands(data);
  expect(fromBundle.every(({ bundled }) => bundled)).toBe(true);
  rmSync(data, { recursive: true });
  rmSync(join(root, stampFile));
  const fromSources = commands(data);
  writeFileSync(join(root, stampFile), stamp);
  expect(fromSources.some(({ bundled }) => bundled)).toBe(false);
  const plain = ({ answer }: ReturnType<typeof outlay>) => ({
    ...answer,
    stdout: answer.stdout.replaceAll(/"elapsedMs":[\d.]+/g, ''),
  });
  expect(fromBundle.map(plain)).toEqual(fromSources.map(plain));
});

describe('a stale bundle is not run', () => {
  const bundled = () => outlay('--help').bundled;
  const file = () => join(root, 'electron', 'hosts', 'cli-text.ts');

  test('after an edit, and not after it is put back either', async () => {
    expect(bundled()).toBe(true);
    const text = readFileSync(file(), 'utf8');
    const longAgo = new Date('2020-01-01T00:00:00Z');
    writeFileSync(file(), `${text}\n`);
    utimesSync(file(), longAgo, longAgo);
    expect(bundled()).toBe(false);
    writeFileSync(file(), text);
    expect(bundled()).toBe(false);
    await buildCli(root);
    appendFileSync(join(root, bundleFolder, 'cli.js'), `\nprocess.stderr.write('${says}\\n');`);
    expect(bundled()).toBe(true);
  });

  test('after a file came or went', () => {
    const added = join(root, 'shared', 'more');
    mkdirSync(added);
    expect(bundled()).toBe(true);
    writeFileSync(join(added, 'more.ts'), '');
    expect(bundled()).toBe(false);
    rmSync(added, { recursive: true });
    expect(bundled()).toBe(true);
  });

  test('after a new set of packages, and without a stamp', () => {
    const kept = readFileSync(join(root, stampFile), 'utf8');
    writeFileSync(join(root, stampFile), '');
    expect(bundled()).toBe(false);
    writeFileSync(join(root, stampFile), kept);
    expect(bundled()).toBe(true);
    appendFileSync(join(root, 'package-lock.json'), '\n');
    expect(bundled()).toBe(false);
  });
});
