import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answerLaunch,
  askRunning,
  claimInstance,
  readInstance,
  releaseInstance,
} from '../../electron/hosts/instance.ts';
import { randomKey } from '../../electron/hosts/session.ts';
import { startFixture } from './window-fixture.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'outlay-instance-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const instance = (address = 'http://127.0.0.1:1', control = randomKey()) => ({
  pid: process.pid,
  address,
  control,
});

describe('the instance file', () => {
  it('is readable by its owner alone and is all that is left in the folder', () => {
    const own = instance();
    expect(claimInstance(data, own, null)).toBe(true);
    expect(readInstance(data)).toEqual(own);
    expect(readdirSync(data)).toEqual(['instance.json']);
    // Windows has other means than these bits.
    const others = process.platform === 'win32' ? 0 : 0o177;
    expect(statSync(join(data, 'instance.json')).mode & others).toBe(0);
    releaseInstance(data, own);
    expect(readdirSync(data)).toEqual([]);
  });

  it('goes to the first of two starts', () => {
    const first = instance();
    expect(claimInstance(data, first, null)).toBe(true);
    expect(claimInstance(data, instance(), null)).toBe(false);
    expect(readInstance(data)).toEqual(first);
  });

  it('of a dead server is replaced, and only by who found it dead', () => {
    const dead = instance();
    claimInstance(data, dead, null);
    const next = instance();
    expect(claimInstance(data, next, dead)).toBe(true);
    // A third start saw the same dead one, but the second was quicker.
    expect(claimInstance(data, instance(), dead)).toBe(false);
    expect(readInstance(data)).toEqual(next);
  });

  it('of another server is not taken away', () => {
    const other = instance();
    claimInstance(data, other, null);
    releaseInstance(data, instance());
    expect(readInstance(data)).toEqual(other);
  });

  it.each(['', '{', '{"pid":1}', '[]', 'null'])('damaged as %j counts as none', (text) => {
    writeFileSync(join(data, 'instance.json'), text);
    expect(readInstance(data)).toBeNull();
    expect(claimInstance(data, instance(), null)).toBe(true);
  });

  it('with an address off this machine counts as none', () => {
    for (const address of ['http://evil.example:80', 'http://127.0.0.1:80/x', 'file:///x']) {
      writeFileSync(join(data, 'instance.json'), JSON.stringify(instance(address)));
      expect(readInstance(data)).toBeNull();
    }
  });
});

describe('the hand-over', () => {
  it('gets a launch address of the running server, good for one window', async () => {
    const host = await startFixture();
    try {
      claimInstance(data, instance(host.address, host.control), null);
      const url = await askRunning(data);
      expect(url).toMatch(new RegExp(`^${host.address}/#launch=[\\w-]{43}$`));
      expect(url).not.toBe(host.url);
      expect(await host.open(url ?? '')).toMatch(/^[\w-]{43}$/);
      const launch = url?.split('#launch=')[1];
      expect((await host.post('/api/session', { launch })).status).toBe(401);
    } finally {
      await host.close();
    }
  });

  it('finds no server where there is none, or where the key does not fit', async () => {
    expect(await askRunning(data)).toBeNull();
    const host = await startFixture();
    claimInstance(data, instance(host.address), null);
    expect(await askRunning(data)).toBeNull();
    await host.close();
    const dead = readInstance(data);
    claimInstance(data, instance(host.address, host.control), dead);
    expect(await askRunning(data)).toBeNull();
  });

  it('neither tells its key to a stranger on the port nor follows him', async () => {
    let heard = '';
    const control = randomKey();
    const stranger = createServer((request, response) => {
      heard += JSON.stringify(request.headers);
      request.on('data', (chunk) => {
        heard += chunk;
      });
      request.on('end', () => {
        const url = `http://${request.headers.host}/#launch=x`;
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ url, proof: JSON.parse(heard.slice(heard.indexOf('}') + 1)).proof }),
        );
      });
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    claimInstance(data, instance(`http://127.0.0.1:${port}`, control), null);
    expect(await askRunning(data)).toBeNull();
    expect(heard).toContain('proof');
    expect(heard).not.toContain(control);
    stranger.close();
  });

  it('is refused without a proof, and makes no launch token then', () => {
    let made = 0;
    const launchUrl = () => `http://127.0.0.1:1/#launch=${(made += 1)}`;
    for (const body of [{}, { nonce: 'a' }, { nonce: 'a', proof: '' }, { nonce: 1, proof: {} }]) {
      expect(answerLaunch('key', body, launchUrl)).toBeNull();
    }
    expect(made).toBe(0);
  });
});
