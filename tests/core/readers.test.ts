import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { CallName } from '../../shared/contract/contract.ts';
import { formatExact } from '../../shared/domain/exact.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { openTestCore, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

const months = Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`);
const rowsEach = 400;

/** A year of charges of one amount; the services are new in every version, and so are the series. */
function year(version: number): string {
  return focusCsv(
    months.flatMap((month) =>
      Array.from({ length: rowsEach }, (_, i) =>
        focusRow({
          BilledCost: String(version),
          BillingPeriodStart: `${month}-01`,
          ChargePeriodStart: `${month}-02`,
          ServiceName: `service ${i % 40} of version ${version}`,
          ResourceId: `resource-${version}-${i}`,
        }),
      ),
    ),
  );
}

// Put back as it was; it is called on a database again.
// oxlint-disable-next-line typescript/unbound-method
const prepare = Database.prototype.prepare;
afterEach(() => {
  Database.prototype.prepare = prepare;
});

/** Runs `interfere` once, behind the first reading of a dictionary or of totals: in mid-answer. */
function interruptReading(interfere: () => void): void {
  let pending = true;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    if (/FROM (dictionary|segment_total)/.test(sql)) {
      const all = statement.all.bind(statement) as (...parameters: unknown[]) => unknown[];
      statement.all = (...parameters: unknown[]) => {
        const rows = all(...parameters);
        if (pending) {
          pending = false;
          interfere();
        }
        return rows;
      };
    }
    return statement;
  } as typeof prepare;
}

/** Makes one ledger a copy of another in one transaction, as an import that commits. */
function become(dataFolder: string, other: string): void {
  const db = new Database(join(dataFolder, 'outlay.db'));
  db.pragma('foreign_keys = OFF');
  db.prepare('ATTACH ? AS other').run(join(other, 'outlay.db'));
  db.transaction(() => {
    const tables = db
      .prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'")
      .pluck()
      .all() as string[];
    for (const table of tables) {
      db.exec(
        `DELETE FROM main."${table}"; INSERT INTO main."${table}" SELECT * FROM other."${table}"`,
      );
    }
  })();
  db.close();
}

async function ask(place: Workspace, name: CallName, input: unknown): Promise<string> {
  const answer = await place.core().dispatch(name, input);
  if (!answer.ok) throw new Error(answer.error.message);
  return JSON.stringify(answer.value).replaceAll(/"elapsedMs":[\d.]+/g, '');
}

test.each<[CallName, unknown]>([
  ['costs.query', { by: ['service'] }],
  ['costs.query', { by: ['service', 'resource'] }],
  ['costs.view', { from: '2025-01', to: '2026-01', by: ['service'] }],
  ['costs.values', { dimension: 'service' }],
  ['overview.get', {}],
] as const)(
  '%s answers from one state of the ledger, whatever is committed meanwhile',
  async (name, input) => {
    const [old, young] = [workspace(), workspace()];
    try {
      const charges = (version: number) =>
        focusCsv(
          Array.from({ length: 20 * version }, (_, i) =>
            focusRow({
              BilledCost: String(version),
              ServiceName: `service ${i % 5} of ${version}`,
              ChargePeriodStart: '2025-06-02',
              BillingPeriodStart: '2025-06-01',
              ResourceId: String(i),
            }),
          ),
        );
      await old.load(old.file('bill.csv', charges(1)));
      await young.load(young.file('bill.csv', charges(1)));
      await young.load(young.file('restated.csv', charges(2)), { replace: true });
      const before = await ask(old, name, input);
      const after = await ask(young, name, input);
      await old.closeCore();
      await young.closeCore();
      let interfered = false;
      interruptReading(() => {
        interfered = true;
        become(old.data, young.data);
      });
      const answer = await ask(old, name, input);
      expect(interfered).toBe(true);
      expect([before, after]).toContain(answer);
      expect(await ask(old, name, input)).toBe(after);
    } finally {
      await old.close();
      await young.close();
    }
  },
);

test('whoever reads while months are replaced sees each of them wholly old or wholly new', async () => {
  const place = workspace();
  const reader = openTestCore(place.data);
  try {
    await place.load(place.file('year-1.csv', year(1)));
    let answers = 0;
    for (let version = 2; version <= 4; version++) {
      const progress = { done: false };
      const path = place.file(`year-${version}.csv`, year(version));
      const job = place.load(path, { replace: true }).then(() => (progress.done = true));
      while (!progress.done) {
        const answer = await reader.call('costs.query', { by: ['service'], granularity: 'month' });
        if (!answer.ok) throw new Error(answer.error.message);
        const sums = new Map<string, bigint>();
        for (const { period = '', keys, cost } of answer.value.rows) {
          // Of one service and month: ten charges that all cost what the name says.
          const of = Number(keys['service']?.split(' ').at(-1));
          expect({ service: keys['service'], cost }).toEqual({
            service: keys['service'],
            cost: String(10 * of),
          });
          sums.set(period, (sums.get(period) ?? 0n) + BigInt(of * 10));
        }
        for (const sum of sums.values()) {
          expect([rowsEach * version, rowsEach * (version - 1)]).toContain(Number(sum));
        }
        const total = [...sums.values()].reduce((a, b) => a + b, 0n);
        expect(answer.value.totals[0]?.cost).toBe(formatExact(total * 10n ** 27n));
        answers++;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await job;
    }
    expect(answers).toBeGreaterThan(20);
  } finally {
    await reader.close();
    await place.close();
  }
});
