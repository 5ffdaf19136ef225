import {
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  cleanDetail,
  detailBytes,
  detailBytesByOwner,
  detailFolderOf,
  hasLeftovers,
  keepDetail,
  listDetail,
} from '../../electron/core/store/detail.ts';
import { openStore, type WritableDb } from '../../electron/core/store/open.ts';
import { cellOwner } from '../../electron/core/store/retention.ts';
import { takeWriteLock } from '../../electron/core/store/write-lock.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

/** Files and rows alone: what is in a file does not matter here. */
let place: Workspace;
let db: WritableDb;
let folder: string;
beforeEach(() => {
  place = workspace();
  db = openStore(place.data, new Date());
  folder = detailFolderOf(place.data);
  db.exec("INSERT INTO source VALUES (1, 'files')");
});
afterEach(async () => {
  db.close();
  await place.close();
});

/** A load whose rows are all of the version of its own number. */
function load(id: number, isCurrent: boolean, rows = 10): void {
  db.exec(`
    INSERT INTO load (id, source_id, file, bytes, status, started_at)
      VALUES (${id}, 1, 'bill-${id}.csv', 10, 'loaded', '2026-11-01T00:00:00Z');
    INSERT INTO version VALUES (${id}, 'AWS', '${id}', '2026-10', 1, 1, 'FOCUS',
      ${isCurrent ? 1 : 0}, '2026-11-04T00:00:00Z', 0);
    INSERT INTO segment VALUES (${id}, ${id}, ${id}, 1, ${rows}, 20000, 20001);`);
}

function keep(loadId: number, text = 'lines'): boolean {
  const path = join(place.data, 'work.parquet');
  writeFileSync(path, text);
  return keepDetail(
    { db, detailFolder: folder, now: () => new Date('2026-11-24T08:00:00Z') },
    { loadId, path, form: 'source', firstRow: 2, rows: 10, reading: { currency: 'USD' } },
  );
}

const files = () => (existsSync(folder) ? readdirSync(folder).sort() : []);

test('the lines of a current load move into the data folder', () => {
  load(7, true);
  expect(keep(7, 'twelve bytes')).toBe(true);
  expect(files()).toEqual(['7.parquet']);
  expect(existsSync(join(place.data, 'work.parquet'))).toBe(false);
  expect(listDetail(db)).toEqual([
    { loadId: 7, form: 'source', firstRow: 2, rows: 10, bytes: 12, reading: { currency: 'USD' } },
  ]);
  expect(detailBytes(db)).toBe(12);
  expect(hasLeftovers(db, folder)).toBe(false);
});

test('nothing is kept of a load that is not current, nor where it is switched off', () => {
  load(7, false);
  expect(keep(7)).toBe(false);
  load(8, true);
  db.exec("INSERT INTO setting VALUES ('detail', 'false')");
  expect(keep(8)).toBe(false);
  expect([files(), listDetail(db)]).toEqual([[], []]);
  expect(existsSync(join(place.data, 'work.parquet'))).toBe(false);
});

test("a link is refused: it would be the user's own file", () => {
  load(7, true);
  const own = place.file('own.parquet', 'mine');
  const path = join(place.data, 'link.parquet');
  symlinkSync(own, path);
  expect(() =>
    keepDetail(
      { db, detailFolder: folder, now: () => new Date() },
      { loadId: 7, path, form: 'source', firstRow: 1, rows: 1, reading: {} },
    ),
  ).toThrow(RangeError);
  expect(existsSync(own)).toBe(true);
});

test('what a killed process leaves is gone after the next start, whatever it is', async () => {
  for (const id of [7, 8, 9, 10]) load(id, true);
  for (const id of [7, 8, 9]) expect(keep(id)).toBe(true);
  // Killed before the row was written, while a file was written, and between row and file.
  writeFileSync(join(folder, '10.parquet'), 'lines');
  writeFileSync(join(folder, '11.parquet.part'), 'half');
  mkdirSync(join(folder, 'spill'));
  truncateSync(join(folder, '8.parquet'), 2);
  db.exec(
    "DELETE FROM detail WHERE load_id = 9; INSERT INTO detail VALUES (10, 'source', 1, '{}', 1, 99, '')",
  );
  db.close();
  await place.call('loads.list', {});
  db = openStore(place.data, new Date());
  expect(files()).toEqual(['7.parquet']);
  expect(listDetail(db).map(({ loadId }) => loadId)).toEqual([7]);
});

test('while another process writes, its files are left alone', async () => {
  load(7, true);
  expect(keep(7)).toBe(true);
  const lock = takeWriteLock(place.data);
  // As an import that has moved its file and not yet written its row.
  writeFileSync(join(folder, '8.parquet'), 'lines');
  await place.call('loads.list', {});
  expect(files()).toEqual(['7.parquet', '8.parquet']);
  lock.release();
  await place.closeCore();
  await place.call('loads.list', {});
  expect(files()).toEqual(['7.parquet']);
});

test('what is replaced or removed loses its lines; a part that stays keeps them', () => {
  for (const id of [7, 8]) load(id, true);
  for (const id of [7, 8]) keep(id);
  db.exec('UPDATE version SET is_current = 0 WHERE id = 7');
  cleanDetail(db, folder);
  expect(files()).toEqual(['8.parquet']);
  // A further part beside it: the next version has the segment of the load too.
  db.exec(`
    UPDATE version SET is_current = 0 WHERE id = 8;
    INSERT INTO version VALUES (20, 'AWS', '8', '2026-10', 2, 1, 'FOCUS', 1, '2026-11-05', 0);
    INSERT INTO segment VALUES (20, 20, 8, 1, 10, 20000, 20001);`);
  cleanDetail(db, folder);
  expect(files()).toEqual(['8.parquet']);
  db.exec('DELETE FROM version WHERE id = 20');
  cleanDetail(db, folder);
  expect([files(), listDetail(db)]).toEqual([[], []]);
});

test('bytes are shared out among the accounts of a file by their rows', () => {
  load(7, true, 3);
  db.exec(`
    INSERT INTO version VALUES (8, 'AWS', '8', '2026-10', 1, 1, 'FOCUS', 1, '2026-11-04', 0);
    INSERT INTO segment VALUES (8, 8, 7, 1, 7, 20000, 20001);`);
  keep(7, 'x'.repeat(1000));
  expect(Object.fromEntries(detailBytesByOwner(db))).toEqual({
    [cellOwner('files', 'AWS', '7')]: 300,
    [cellOwner('files', 'AWS', '8')]: 700,
  });
});
