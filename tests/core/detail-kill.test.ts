import Database from 'better-sqlite3';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { detailFolderOf, listDetail } from '../../electron/core/store/detail.ts';
import type { CallOutput } from '../../shared/contract/contract.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { finished, outlayProcess, spawnOutlay } from '../builders/process.ts';
import { openTestCore, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];
const rowsEach = 800;

let place: Workspace;
let older: string;
beforeAll(async () => {
  place = workspace();
  older = join(place.folder, 'older');
  write('old', '0.123');
  const first = await outlayProcess(['import', join(place.folder, 'old'), '--data', older]);
  expect(first.code).toBe(0);
  write('new', '0.124');
});
afterAll(() => place.close());

function write(name: string, cost: string): void {
  for (const month of months) {
    const rows = Array.from({ length: rowsEach }, (_, i) =>
      focusRow({
        BilledCost: cost,
        BillingPeriodStart: `${month}-01T00:00:00Z`,
        ChargePeriodStart: `${month}-${String((i % 28) + 1).padStart(2, '0')}T00:00:00Z`,
        ResourceId: `${name}-${i}`,
      }),
    );
    place.file(`${name}/${month}.csv`, focusCsv(rows));
  }
}

async function lines(data: string): Promise<CallOutput<'costs.lines'>> {
  const core = openTestCore(data);
  const answer = await core.call('costs.lines', { limit: 1 });
  await core.close();
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

/** Files in the detail folder, and the loads that have a row. */
function kept(data: string): { files: string[]; rows: string[] } {
  const db = new Database(join(data, 'outlay.db'), { readonly: true });
  const rows = listDetail(db).map(({ loadId }) => `${loadId}.parquet`);
  db.close();
  return { files: readdirSync(detailFolderOf(data)).sort(), rows: rows.sort() };
}

test.each([1, 2, 4, 6])(
  'killed behind the commit of month %i: no orphan after the next start, no line told twice or lost',
  async (committed) => {
    const data = join(place.folder, `run-${committed}`);
    cpSync(older, data, { recursive: true });
    const command = ['import', join(place.folder, 'new'), '--replace', '--data', data];
    const child = spawnOutlay(command);
    const db = new Database(join(data, 'outlay.db'), { readonly: true });
    const count = db.prepare('SELECT count(*) FROM version WHERE number > 1').pluck();
    const timer = setInterval(() => {
      if ((count.get() as number) >= committed) child.kill('SIGKILL');
    }, 1);
    const { signal } = await finished(child);
    clearInterval(timer);
    db.close();
    // The later kills may find it finished.
    if (committed <= 2) expect(signal).toBe('SIGKILL');

    const after = await lines(data);
    expect(after.tiesOut).toBe(true);
    const without = after.withoutDetail.totals.reduce((sum, total) => sum + total.lines, 0);
    expect(after.lines + without).toBe(months.length * rowsEach);
    const { files, rows } = kept(data);
    expect(files).toEqual(rows);

    expect((await outlayProcess(command)).code).toBe(0);
    const whole = await lines(data);
    expect(whole.withoutDetail.loads).toEqual([]);
    expect(whole).toMatchObject({ lines: months.length * rowsEach, tiesOut: true });
    expect(kept(data).files).toEqual(kept(data).rows);
    expect(kept(data).files).toHaveLength(months.length);
  },
);
