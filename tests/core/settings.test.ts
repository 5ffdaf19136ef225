import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { workspace, type Workspace } from '../builders/workspace.ts';

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

test('a choice outlives the process; nothing chosen follows the system', async () => {
  expect(await place.call('settings.get', {})).toEqual({ theme: 'system', detail: true });
  expect(await place.call('settings.set', { theme: 'dark' })).toEqual({
    theme: 'dark',
    detail: true,
  });
  await place.closeCore();
  expect(await place.call('settings.get', {})).toEqual({ theme: 'dark', detail: true });
  expect(await place.call('settings.set', {})).toEqual({ theme: 'dark', detail: true });
  expect(await place.call('settings.set', { theme: 'light' })).toEqual({
    theme: 'light',
    detail: true,
  });
  expect((await place.refusal('settings.set', { theme: 'blue' as 'dark' })).code).toBe(
    'INVALID_INPUT',
  );
  expect(await place.call('settings.get', {})).toEqual({ theme: 'light', detail: true });
});

test.each(['"blue"', 'dark', '{'])('a stored %s is as if nothing were chosen', async (value) => {
  await place.call('settings.get', {});
  const db = new Database(join(place.data, 'outlay.db'));
  db.prepare("INSERT INTO setting VALUES ('theme', ?)").run(value);
  db.close();
  expect(await place.call('settings.get', {})).toEqual({ theme: 'system', detail: true });
  expect(await place.call('settings.set', { theme: 'dark' })).toEqual({
    theme: 'dark',
    detail: true,
  });
});

test('a choice does not make the views ask again', async () => {
  const seen: string[] = [];
  place.core().on('data.changed', ({ reason }) => seen.push(reason));
  await place.call('settings.set', { theme: 'dark' });
  // The core looks for writes of other processes once a second.
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(seen).toEqual([]);
});

test('lines are kept unless it says so plainly', async () => {
  expect((await place.call('settings.set', { detail: false })).detail).toBe(false);
  await place.closeCore();
  expect((await place.call('settings.get', {})).detail).toBe(false);
  expect((await place.call('settings.set', { detail: true })).detail).toBe(true);
  const db = new Database(join(place.data, 'outlay.db'));
  db.prepare("UPDATE setting SET value = 'no' WHERE name = 'detail'").run();
  db.close();
  expect((await place.call('settings.get', {})).detail).toBe(true);
});
