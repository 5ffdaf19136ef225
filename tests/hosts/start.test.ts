import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  electronProgram,
  installElectron,
  installFailure,
  runElectron,
} from '../../build/electron.ts';
import { isFresh } from '../../build/fresh.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outlay-start-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const installer = (script: string) => {
  const path = join(root, 'install.js');
  writeFileSync(path, script);
  return path;
};

describe("Electron's installer", () => {
  it('that succeeds leaves nothing to remember', async () => {
    await installElectron(root, installer('process.exit(1)'));
    expect(installFailure(root)).not.toBeNull();
    expect(await installElectron(root, installer(''))).toBeNull();
    expect(installFailure(root)).toBeNull();
  });

  it('that fails is remembered with its reason, without addresses', async () => {
    const script = `console.error('RequestError: connect to https://host.example/x?token=1 refused');
      console.error('    at somewhere'); process.exit(1)`;
    const failure = await installElectron(root, installer(script));
    expect(failure?.reason).toBe('connect to the download refused');
    expect(installFailure(root)).toEqual(failure);
  });

  it('that hangs is ended', async () => {
    const before = Date.now();
    const failure = await installElectron(root, installer('setInterval(() => {}, 1000)'), 300);
    expect(failure?.reason).toBe('no answer within 0.3 s');
    expect(Date.now() - before).toBeLessThan(5_000);
  });
});

it('finds the program only where the installer has left one', () => {
  const folder = join(root, 'node_modules', 'electron');
  expect(electronProgram(root)).toBeNull();
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'path.txt'), 'electron');
  expect(electronProgram(root)).toBeNull();
  writeFileSync(join(folder, 'dist', 'electron'), '');
  expect(electronProgram(root)).toBe(join(folder, 'dist', 'electron'));
});

it.skipIf(process.platform === 'win32')('says why an Electron ended at once', async () => {
  mkdirSync(join(root, 'dist', 'main'), { recursive: true });
  writeFileSync(join(root, 'dist', 'main', 'main.js'), '');
  const program = (script: string) => {
    const path = join(root, 'program');
    writeFileSync(path, `#!/bin/sh\nfor last; do :; done\nexport LAST="$last"\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  expect(await runElectron(root, program('exit 3'), () => {})).toBe('it ended with code 3');
  expect(await runElectron(root, join(root, 'missing'), () => {})).toBe('it ended with code -1');
  // It is given the folder whose package.json names the main file, and is no plain Node.
  const ran = `[ "$LAST" = '${root}' ] && [ -z "$ELECTRON_RUN_AS_NODE" ]`;
  expect(await runElectron(root, program(ran), () => {})).toBeNull();
});

describe('isFresh', () => {
  const file = (name: string, time: number) => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), '');
    utimesSync(join(root, name), time, time);
  };

  it('compares the output with every source, also deep ones', () => {
    file('src/a/b.ts', 100);
    expect(isFresh(root, 'out/index.html', ['src/a/b.ts'])).toBe(false);
    file('out/index.html', 200);
    expect(isFresh(root, 'out/index.html', ['src/a/b.ts', 'missing'])).toBe(true);
    file('src/a/b.ts', 300);
    expect(isFresh(root, 'out/index.html', ['src/a/b.ts'])).toBe(false);
    // Folders count: a removed file changes theirs.
    expect(isFresh(root, 'out/index.html', ['src'])).toBe(false);
    for (const folder of ['src', 'src/a']) utimesSync(join(root, folder), 100, 100);
    expect(isFresh(root, 'out/index.html', ['src'])).toBe(false);
    file('src/a/b.ts', 100);
    for (const folder of ['src', 'src/a']) utimesSync(join(root, folder), 100, 100);
    expect(isFresh(root, 'out/index.html', ['src'])).toBe(true);
  });
});

it('the check of Node is plain JavaScript, silent here and one line on an older Node', () => {
  const script = join(import.meta.dirname, '..', '..', 'build', 'check-node.js');
  expect(existsSync(script)).toBe(true);
  expect(spawnSync(process.execPath, [script], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: '',
    stderr: '',
  });
  const pretend = `Object.defineProperty(process, 'versions', { value: { node: '24.14.9' } });`;
  const old = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, script],
    { encoding: 'utf8' },
  );
  expect(old.status).toBe(1);
  expect(old.stderr.trim().split('\n')).toEqual([expect.stringContaining('needs Node 24.15')]);
});
