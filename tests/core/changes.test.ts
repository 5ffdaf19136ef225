import Database from 'better-sqlite3';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { changesList } from '../../shared/contract/changes.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { campaign } from '../builders/campaign.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let files = 0;
const bill = (...rows: FocusRow[]) =>
  place.file(`bill-${++files}.csv`, focusCsv(rows.map((cells) => focusRow(cells))));
const billed = async () => (await place.call('costs.query', {})).totals[0]?.cost ?? null;
const changes = (input = {}) => place.call('changes.list', input);

describe('what a restatement changed', () => {
  const before = () =>
    bill(
      { SubAccountId: 'a', ServiceName: 'EC2', BilledCost: '10.000000000000000000000000001' },
      { SubAccountId: 'a', ServiceName: 'S3', BilledCost: '2' },
      { SubAccountId: 'b', ServiceName: 'RDS', BilledCost: '4', ListCost: '' },
      { SubAccountId: 'b', ServiceName: 'Same', BilledCost: '1', BillingCurrency: 'EUR' },
    );
  const after = () =>
    bill(
      { SubAccountId: 'a', ServiceName: 'EC2', BilledCost: '7.5' },
      { SubAccountId: 'b', ServiceName: 'RDS', BilledCost: '4', ListCost: '9' },
      { SubAccountId: 'b', ServiceName: 'New', BilledCost: '0.25' },
      { SubAccountId: 'b', ServiceName: 'Same', BilledCost: '1', BillingCurrency: 'EUR' },
    );

  test('by account and service, exact, with what is new and what is gone', async () => {
    const [first] = await place.load(before());
    expect(await changes()).toEqual([]);
    const [second] = await place.load(after());
    const [change, ...others] = await changes();
    expect(others).toEqual([]);
    expect(changesList.output.parse([change])).toEqual([change]);
    expect(change).toMatchObject({
      kind: 'restated',
      provider: 'AWS',
      billingAccount: '0001',
      billingAccountName: 'Payer',
      period: '2026-03',
      from: { number: 1, source: 'files', format: 'FOCUS', loads: [{ id: first?.id }] },
      to: { number: 2, source: 'files', format: 'FOCUS', loads: [{ id: second?.id }] },
      rest: [],
    });
    const lines = change?.lines.map((line) => [
      line.service,
      line.state,
      line.old.billed,
      line.new.billed,
      line.difference.billed,
      line.difference.list,
    ]);
    // RDS: the list cost was not delivered before, so its difference is unknown.
    expect(lines).toEqual([
      [
        'EC2',
        'changed',
        '10.000000000000000000000000001',
        '7.5',
        '-2.500000000000000000000000001',
        '0',
      ],
      ['S3', 'vanished', '2', null, '-2', '-2.5'],
      ['New', 'new', null, '0.25', '0.25', '2.5'],
      ['RDS', 'changed', '4', '4', '0', null],
    ]);
    expect(change?.lines[0]).toMatchObject({ account: 'a', accountName: 'Research' });
    expect(change?.totals.map(({ currency, difference }) => [currency, difference.billed])).toEqual(
      [
        ['EUR', '0'],
        ['USD', '-4.250000000000000000000000001'],
      ],
    );
  });

  test('of one period or bill; the lines beyond a limit are one sum', async () => {
    await place.load(before());
    await place.load(after());
    await place.load(bill({ BillingPeriodStart: '2026-02-01' }));
    expect(await changes({ period: '2026-02' })).toEqual([]);
    expect(await changes({ period: '2026-03', provider: null })).toEqual([]);
    expect(await changes({ provider: 'AWS', billingAccount: '0002' })).toEqual([]);
    const [short] = await changes({ provider: 'AWS', billingAccount: '0001', limit: 1 });
    expect(short?.lines.map((line) => line.service)).toEqual(['EC2']);
    expect(short?.rest).toEqual([{ currency: 'USD', lines: 3, difference: '-1.75' }]);
  });

  test('stays when the cells of old versions are dropped, and when the source is removed', async () => {
    for (const cost of ['1', '2', '4', '8']) await place.load(bill({ BilledCost: cost }));
    const expected = [
      [3, 4, '4', '8', '4'],
      [2, 3, '2', '4', '2'],
      [1, 2, '1', '2', '1'],
    ];
    const told = async () =>
      (await changes()).map(({ from, to, totals: [total] }) => [
        from.number,
        to.number,
        total?.old.billed,
        total?.new.billed,
        total?.difference.billed,
      ]);
    expect(await told()).toEqual(expected);
    await place.call('sources.remove', { source: 'files' });
    expect(await told()).toEqual(expected);
    // A number is not given twice, so the record stays unambiguous.
    await place.load(bill({ BilledCost: '16' }));
    const { sources } = await place.call('sources.get', {});
    expect(sources[0]?.periods).toMatchObject([{ number: 5, changes: 3 }]);
    expect(await told()).toEqual(expected);
  });

  test('an import that is undone is a change as well', async () => {
    await place.load(bill({ BilledCost: '10' }), { source: 'portal' });
    await place.load(bill({ BilledCost: '12' }), { source: 'bucket', replace: true });
    await place.call('sources.remove', { source: 'bucket' });
    expect(await changes()).toMatchObject([
      {
        kind: 'removed',
        from: { number: 2, source: 'bucket' },
        to: { number: 1, source: 'portal' },
        totals: [{ difference: { billed: '-2' } }],
      },
      { kind: 'restated', totals: [{ difference: { billed: '2' } }] },
    ]);
  });

  test('a refused file changes nothing and leaves no record', async () => {
    await place.load(bill({ BilledCost: '1' }, { BilledCost: '1', SubAccountId: 'x' }));
    await place.load(bill({ BilledCost: '5' }));
    expect(await changes()).toEqual([]);
  });

  test('the terminal says the same, and says so when there is nothing', async () => {
    expect((await place.cli('changes')).out.trim()).toBe('No month has been restated.');
    await place.load(before());
    await place.load(after());
    const { out } = await place.cli('changes', '--period', '2026-03');
    expect(out).toMatch(/2026-03 AWS 0001 restated on \d{4}-\d\d-\d\d/);
    expect(out).toMatch(/a +S3 +2 +-2 +USD +vanished/);
    expect(out).toMatch(/b +New +0\.25 +\+0\.25 +USD +new/);
    expect(out).toMatch(/Whole month +16\.000000000000000000000000001 +11\.75 +-4\.25/);
    expect(JSON.parse((await place.cli('changes', '--json')).out)).toEqual(await changes());
  });
});

test('random restatements: the lines add up to the totals, the totals to what is shown', async () => {
  const row = fc.record({
    SubAccountId: fc.constantFrom('', 'a', 'b'),
    ServiceName: fc.constantFrom('', 'x', 'y'),
    BillingCurrency: fc.constantFrom('USD', 'EUR'),
    BilledCost: fc.constantFrom('0', '1', '-2.5', '0.000000000000000000000000001', '123456789012'),
    ListCost: fc.constantFrom('', '3'),
  });
  const rows = fc.array(row, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, rows, async (first, second) => {
      const own = workspace();
      try {
        const load = async (name: string, charges: FocusRow[]) => {
          await own.load(own.file(name, focusCsv(charges.map((cells) => focusRow(cells)))), {
            replace: true,
          });
          const { totals } = await own.call('costs.query', {});
          return new Map(totals.map(({ currency, cost }) => [currency, cost ?? '0']));
        };
        const before = await load('first.csv', first);
        const after = await load('second.csv', second);
        const [change] = await own.call('changes.list', {});
        if (!change) {
          expect(focusCsv(first)).toBe(focusCsv(second));
          return;
        }
        for (const total of change.totals) {
          expect(total.old.billed ?? '0').toBe(before.get(total.currency) ?? '0');
          expect(total.new.billed ?? '0').toBe(after.get(total.currency) ?? '0');
          const lines = change.lines.filter((line) => line.currency === total.currency);
          const sum = lines.reduce((n, line) => n + exactOf(line.difference.billed ?? '0'), 0n);
          expect(formatExact(sum)).toBe(total.difference.billed);
          expect(lines.reduce((n, line) => n + line.newRows - line.oldRows, 0)).toBe(
            total.newRows - total.oldRows,
          );
        }
      } finally {
        await own.close();
      }
    }),
    campaign('restatements', 12),
  );
});

describe('what is kept of old versions', () => {
  /** Numbers of the versions that still have cells. */
  const withCells = () => {
    const db = new Database(join(place.data, 'outlay.db'), { readonly: true });
    const numbers = db
      .prepare(
        `SELECT DISTINCT number FROM version JOIN segment ON version_id = version.id
           JOIN segment_column ON segment_id = segment.id ORDER BY number`,
      )
      .pluck()
      .all();
    const totals = db
      .prepare(
        'SELECT count(DISTINCT version_id) FROM segment_total JOIN segment ON segment.id = segment_id',
      )
      .pluck()
      .get();
    db.close();
    return { numbers, totals };
  };
  const stateOf = async () => (await place.call('sources.get', {})).sources[0]?.periods[0]?.state;
  const restate = async (month: string, times: number) => {
    for (let n = 1; n <= times; n++) {
      const days = { BillingPeriodStart: `${month}-01`, ChargePeriodStart: `${month}-01` };
      await place.load(bill({ ...days, BilledCost: String(n) }));
    }
  };

  test('of an open month the current version and the one before it; all totals', async () => {
    await restate(new Date().toISOString().slice(0, 7), 4);
    expect(withCells()).toEqual({ numbers: [3, 4], totals: 4 });
    expect(await stateOf()).toBe('open');
  });

  test('of a month that was closed also the version it first closed with', async () => {
    await restate('2026-03', 1);
    expect(await stateOf()).toBe('closed');
    await restate('2026-03', 5);
    expect(withCells()).toEqual({ numbers: [1, 4, 5], totals: 5 });
    expect(await stateOf()).toBe('restating');
  });

  test('what a removal leaves free is given back, and every figure stays', async () => {
    await place.call('import.sample', { job: 'sample' });
    await restate('2026-03', 3);
    await place.call('sources.remove', { source: 'sample' });
    const before = await place.call('sources.get', {});
    expect(before.disk.freeBytes).toBeGreaterThan(0);
    expect(before.sources.map(({ bytes }) => bytes > 0)).toEqual([true]);
    const told = await changes();
    const { bytesBefore, bytesAfter } = await place.call('sources.compact', {});
    expect(bytesAfter).toBeLessThan(bytesBefore);
    expect(await place.call('sources.get', {})).toEqual({
      ...before,
      disk: { ...before.disk, databaseBytes: bytesAfter, freeBytes: 0 },
    });
    expect(await billed()).toBe('3');
    expect(await changes()).toEqual(told);
    expect((await place.call('app.doctor', {})).healthy).toBe(true);
  });
});
