import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

describe('import --add', () => {
  const day = (n: number) => `2026-03-0${n}`;

  test('a further part comes beside what is there, in a version of its own', async () => {
    await place.load(bill({ BilledCost: '1', ChargePeriodStart: day(1) }));
    const part = bill({ BilledCost: '2', ChargePeriodStart: day(2), SubAccountId: 'b' });
    expect(await place.load(part)).toMatchObject([{ status: 'refused', code: 'LESS_COVERAGE' }]);
    expect(await place.load(part, { add: true })).toMatchObject([
      { status: 'loaded', rowsKept: 1 },
    ]);
    expect(await billed()).toBe('3');
    const { sources } = await place.call('sources.get', {});
    expect(sources[0]?.periods).toMatchObject([
      { number: 2, rows: 2, changes: 1, totals: [{ inFile: '3', inStore: '3' }] },
    ]);
    expect(sources[0]?.periods[0]?.files).toHaveLength(2);
    expect(await place.call('changes.list', {})).toMatchObject([
      { kind: 'added', lines: [{ account: 'b', state: 'new', difference: { billed: '2' } }] },
    ]);
    expect((await place.call('app.doctor', {})).healthy).toBe(true);
  });

  test('the same file added twice is unchanged; so are all parts together', async () => {
    const one = bill({ BilledCost: '1', ChargePeriodStart: day(1) });
    const two = bill({ BilledCost: '2', ChargePeriodStart: day(2) });
    await place.load(one, { add: true });
    await place.load(two, { add: true });
    const before = place.dump();
    for (const paths of [[two], [one], [one, two]]) {
      const loads = await place.load(paths, { add: true });
      expect(loads.map(({ status }) => status)).toEqual(paths.map(() => 'unchanged'));
    }
    expect(await place.load([one, two])).toMatchObject([
      { status: 'unchanged' },
      { status: 'unchanged' },
    ]);
    expect(place.dump()).toBe(before);
    expect(await billed()).toBe('3');
  });

  test('the same charges in other bytes are refused, another part that looks alike is not', async () => {
    const one = { BilledCost: '1', ChargePeriodStart: day(1) };
    const two = { BilledCost: '1', ChargePeriodStart: day(2) };
    await place.load(bill(one, two));
    const before = place.dump();
    const [again] = await place.load(bill(two, one), { add: true });
    expect(again).toMatchObject({ status: 'refused', code: 'DUPLICATE', rowsRead: 2 });
    expect(again?.reason).toMatch(/not added twice/);
    expect(place.dump()).toBe(before);
    const alike = bill({ ...one, ResourceId: 'r' }, { ...two, ResourceId: 'r' });
    expect(await place.load(alike, { add: true })).toMatchObject([{ status: 'loaded' }]);
    expect(await billed()).toBe('4');
  });

  test('a part of another source or format is an overlap still', async () => {
    await place.load(bill({ BilledCost: '1' }), { source: 'portal' });
    const part = bill({ BilledCost: '2', ChargePeriodStart: day(2) });
    expect(await place.load(part, { source: 'bucket', add: true })).toMatchObject([
      { status: 'refused', code: 'OVERLAP' },
    ]);
    expect(await billed()).toBe('1');
  });

  test('of a file with two months one is added to and the other begins', async () => {
    await place.load(bill({ BilledCost: '1' }));
    const both = bill(
      { BilledCost: '2', ChargePeriodStart: day(2) },
      { BilledCost: '4', BillingPeriodStart: '2026-04-01', ChargePeriodStart: '2026-04-02' },
    );
    expect(await place.load(both, { add: true })).toMatchObject([
      { status: 'loaded', rowsKept: 2 },
    ]);
    expect(await billed()).toBe('7');
  });

  test('many parts, one after the other, tie out day by day', async () => {
    for (let n = 1; n <= 6; n++) {
      await place.load(bill({ BilledCost: `0.${n}`, ChargePeriodStart: day(n) }), { add: true });
    }
    expect(await billed()).toBe('2.1');
    const rows = await place.call('costs.query', { granularity: 'day' });
    expect(rows.rows.map(({ cost }) => cost)).toEqual(['0.1', '0.2', '0.3', '0.4', '0.5', '0.6']);
    expect((await place.call('app.doctor', {})).healthy).toBe(true);
  });

  test('a part on its own is not the month; with --replace it is', async () => {
    const one = bill({ BilledCost: '1' });
    const two = bill({ BilledCost: '2' });
    await place.load([one, two]);
    const [refused] = await place.load(one);
    expect(refused).toMatchObject({ status: 'refused', code: 'LESS_COVERAGE' });
    expect(refused?.reason).toMatch(/part of version 1.*together with bill-\d+\.csv/);
    expect(await billed()).toBe('3');
    expect(await place.load(one, { replace: true })).toMatchObject([{ status: 'replaced' }]);
    expect(await billed()).toBe('1');
  });
});

describe('a file that came along and could not be read', () => {
  const good = () => bill({ BilledCost: '2' });
  const bad = () => place.file('bad.csv', focusCsv([focusRow({ BilledCost: 'x' })]));

  test('may hold the missing rows: the period is not replaced, and the file is named', async () => {
    await place.load(bill({ BilledCost: '1' }, { BilledCost: '1' }));
    const before = place.dump();
    const loads = await place.load([good(), bad()]);
    expect(loads).toMatchObject([
      { status: 'refused', code: 'LESS_COVERAGE' },
      { status: 'refused', code: 'AMOUNT_BAD' },
    ]);
    expect(loads[0]?.reason).toMatch(/has 1 rows.*has 2.*bad\.csv.*could not be read/);
    expect(place.dump()).toBe(before);
    expect(await place.load([good(), bad()], { replace: true })).toMatchObject([
      { status: 'replaced' },
      { status: 'refused' },
    ]);
  });

  test('does not matter where as many rows came, or where the period is new', async () => {
    await place.load(bill({ BilledCost: '1' }));
    const other = bill({ BilledCost: '7', BillingPeriodStart: '2026-04-01' });
    expect(await place.load([good(), other, bad()])).toMatchObject([
      { status: 'replaced' },
      { status: 'loaded' },
      { status: 'refused' },
    ]);
  });
});

test('a load that was refused over what is there says what it holds', async () => {
  await place.load(bill({ BilledCost: '1' }), { source: 'portal' });
  const [overlap] = await place.load(bill({ BilledCost: '2.5' }), { source: 'bucket' });
  expect(overlap).toMatchObject({
    status: 'refused',
    code: 'OVERLAP',
    format: 'FOCUS',
    rowsRead: 1,
    rowsKept: 0,
    periods: ['2026-03'],
    totals: [{ currency: 'USD', billed: '2.5' }],
  });
});
