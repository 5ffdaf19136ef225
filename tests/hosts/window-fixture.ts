import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWindowHost, type WindowHost } from '../../electron/hosts/window.ts';
import { type StubCore, stubCore } from './stub-core.ts';

export interface Fixture extends WindowHost {
  port: number;
  authority: string;
  dataFolder: string;
  rendererFolder: string;
  core: StubCore;
  logged: string[];
  /** A session key, by way of the launch token in `url`. */
  open: (url?: string) => Promise<string>;
  /** POST as the window does it. */
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
}

/** A window host over a stub core, a small built renderer and an empty data folder. */
export async function startFixture(core = stubCore()): Promise<Fixture> {
  const root = mkdtempSync(join(tmpdir(), 'outlay-window-'));
  const rendererFolder = join(root, 'renderer');
  const dataFolder = join(root, 'data');
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true });
  writeFileSync(
    join(rendererFolder, 'index.html'),
    '<!doctype html><html><head><title>Outlay</title></head><body></body></html>',
  );
  writeFileSync(join(rendererFolder, 'assets', 'index-a1.js'), 'export {};');
  writeFileSync(join(root, 'secret.txt'), 'outside the renderer');
  const logged: string[] = [];
  const host = await startWindowHost({
    core,
    dataFolder,
    rendererFolder,
    log: (line) => logged.push(line),
  });
  const authority = host.address.slice('http://'.length);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(host.address + path, {
      method: 'POST',
      headers: { origin: host.address, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return {
    ...host,
    port: Number(new URL(host.address).port),
    authority,
    dataFolder,
    rendererFolder,
    core,
    logged,
    post,
    async open(url = host.url) {
      const launch = url.split('#launch=')[1];
      const answer = (await (await post('/api/session', { launch })).json()) as {
        session: string;
      };
      return answer.session;
    },
    async close() {
      await host.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
