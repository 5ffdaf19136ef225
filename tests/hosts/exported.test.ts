import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture } from './window-fixture.ts';

/** The one address that hands out a file of the data folder. */
describe('a copy of an export', () => {
  let host: Fixture;
  let session: string;
  beforeAll(async () => {
    host = await startFixture();
    session = await host.open();
    mkdirSync(join(host.dataFolder, 'exports'), { recursive: true });
    writeFileSync(join(host.dataFolder, 'outlay.db'), 'the ledger');
    writeFileSync(join(host.dataFolder, 'exports', 'focus-2026-11-24.csv'), 'a,b\n1,2\n');
    writeFileSync(join(host.dataFolder, 'exports', 'focus-2026-11-23.parquet'), '');
    writeFileSync(join(host.dataFolder, 'exports', 'notes.csv'), 'not an export');
    symlinkSync(
      join(host.dataFolder, 'outlay.db'),
      join(host.dataFolder, 'exports', 'focus-2026-11-22.csv'),
    );
    mkdirSync(join(host.dataFolder, 'exports', 'focus-2026-11-21.csv'));
  });
  afterAll(() => host.close());

  const get = (name: string, key: string | null = session) =>
    fetch(`${host.address}/api/export?name=${encodeURIComponent(name)}`, {
      headers: key === null ? {} : { 'x-outlay-session': key },
    });

  it('has the bytes, the name, and is no page', async () => {
    const answer = await get('focus-2026-11-24.csv');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('a,b\n1,2\n');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="focus-2026-11-24.csv"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(await (await get('focus-2026-11-23.parquet')).text()).toBe('');
  });

  it('needs the key of a window', async () => {
    expect((await get('focus-2026-11-24.csv', null)).status).toBe(401);
    expect((await get('focus-2026-11-24.csv', 'x')).status).toBe(401);
    expect((await host.post('/api/export', {}, { 'x-outlay-session': session })).status).toBe(405);
  });

  it.each([
    'focus-2026-11-22.csv',
    'focus-2026-11-21.csv',
    'focus-2020-01-01.csv',
    'notes.csv',
    '../outlay.db',
    'focus-2026-11-24.csv/../../outlay.db',
    'focus-2026-11-24.csv\u0000',
    'focus-2026-11-24.csv\n',
    '',
  ])('is not given for %j', async (name) => {
    const answer = await get(name);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('ledger');
  });

  it('is given for no other name', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc
            .constantFrom('..', '.', '/', '\\', 'exports', 'focus-2026-11-24.csv')
            .chain((part) =>
              fc
                .array(fc.constantFrom(part, '/', '..', '%2e', '\\'), { maxLength: 5 })
                .map((parts) => parts.join('')),
            ),
        ),
        async (name) => {
          fc.pre(name !== 'focus-2026-11-24.csv');
          expect((await get(name)).status).toBe(404);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
});
