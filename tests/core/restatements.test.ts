import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const total = async () => (await place.call('costs.query', {})).totals[0]?.cost ?? null;
const perPeriod = async () => {
  const { sources } = await place.call('sources.get', {});
  const periods = sources.flatMap((source) =>
    source.periods.map((p) => ({ ...p, source: source.label })),
  );
  return Object.fromEntries(
    periods.map((p) => [p.period, [p.source, p.number, p.totals[0]?.inFile]]),
  );
};
let files = 0;
const bill = (...rows: FocusRow[]) =>
  place.file(`bill-${++files}.csv`, focusCsv(rows.map((cells) => focusRow(cells))));

const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}`;

test('a restated month replaces and never adds; other months stay', async () => {
  await place.load(
    bill({ BilledCost: '10' }, { BilledCost: '1', BillingPeriodStart: '2026-02-01' }),
  );
  expect(await total()).toBe('11');
  const [again] = await place.load(bill({ BilledCost: '12' }));
  expect(again).toMatchObject({ status: 'replaced', rowsKept: 1, periods: ['2026-03'] });
  expect(await total()).toBe('13');
  expect(await perPeriod()).toEqual({
    '2026-02': ['files', 1, '1'],
    '2026-03': ['files', 2, '12'],
  });
});

test('going back to the first bytes of a month is a restatement too', async () => {
  const first = bill({ BilledCost: '10' });
  await place.load(first);
  await place.load(bill({ BilledCost: '12' }));
  expect(await place.load(first)).toMatchObject([{ status: 'replaced' }]);
  expect(await total()).toBe('10');
});

test('a file is unchanged only where every account of it is still what it says', async () => {
  const both = bill(
    { BillingAccountId: 'a', BilledCost: '10' },
    { BillingAccountId: 'b', BilledCost: '20' },
  );
  await place.load(both);
  await place.load(bill({ BillingAccountId: 'a', BilledCost: '11' }));
  expect(await total()).toBe('31');
  expect(await place.load(both)).toMatchObject([{ status: 'replaced', rowsKept: 1 }]);
  expect(await total()).toBe('30');
  expect(await place.load(both)).toMatchObject([{ status: 'unchanged', rowsKept: 0 }]);
});

test('the same period from another label is refused naming both, and taken with --replace', async () => {
  await place.load(bill({ BilledCost: '10' }), { source: 'portal' });
  const before = place.dump();
  const other = bill({ BilledCost: '11' });
  const [refused] = await place.load(other, { source: 'bucket' });
  expect(refused).toMatchObject({ status: 'refused', code: 'OVERLAP', rowsKept: 0 });
  expect(refused?.reason).toMatch(/2026-03.*0001.*"portal"/);
  expect(refused?.hint).toContain('--replace');
  expect(
    place
      .dump()
      .replace(/\[2,"bucket"\]\n?/, '')
      .trim(),
  ).toBe(before.trim());
  expect(await place.load(other, { source: 'bucket', replace: true })).toMatchObject([
    { status: 'replaced' },
  ]);
  expect(await total()).toBe('11');
});

test('a file that lacks accounts or days of the version before is refused naming them', async () => {
  const days = [1, 2, 3, 4, 5].map((n) => ({ ChargePeriodStart: day(n), BilledCost: '1' }));
  await place.load(
    bill(...days, { SubAccountId: '0099', ChargePeriodStart: day(1), BilledCost: '0.5' }),
  );
  const before = place.dump();
  const lessDays = bill(
    { ChargePeriodStart: day(1) },
    { SubAccountId: '0099', ChargePeriodStart: day(1) },
  );
  const [refused] = await place.load(lessDays);
  expect(refused).toMatchObject({ status: 'refused', code: 'LESS_COVERAGE' });
  expect(refused?.reason).toMatch(/days 2026-03-02, 2026-03-03, 2026-03-04 and 1 more/);
  const lessAccounts = bill(...days);
  const [second] = await place.load(lessAccounts);
  expect(second).toMatchObject({ status: 'refused', code: 'LESS_COVERAGE' });
  expect(second?.reason).toMatch(/account 0099 \(0\.5 USD\)/);
  expect(place.dump()).toBe(before);
  expect(await place.load(lessAccounts, { replace: true })).toMatchObject([{ status: 'replaced' }]);
  expect(await total()).toBe('5');
});

test('a refused file takes the files that share a month with it along, and leaves the others', async () => {
  await place.load(bill({ BilledCost: '10' }), { source: 'portal' });
  const overlapping = bill(
    { BilledCost: '11' },
    { BilledCost: '2', BillingPeriodStart: '2026-04-01' },
  );
  const shares = bill({ BilledCost: '3', BillingPeriodStart: '2026-04-01' });
  const apart = bill({ BilledCost: '4', BillingPeriodStart: '2026-05-01' });
  const loads = await place.load([overlapping, shares, apart], { source: 'bucket' });
  expect(loads.map(({ status }) => status)).toEqual(['refused', 'refused', 'loaded']);
  expect(await perPeriod()).toEqual({
    '2026-03': ['portal', 1, '10'],
    '2026-05': ['bucket', 1, '4'],
  });
});

test('eleven good files and one bad: exit 3, the good ones kept, the bad one named', async () => {
  const good = Array.from({ length: 11 }, (_, i) =>
    bill({ BilledCost: '1', BillingPeriodStart: `2025-${String(i + 1).padStart(2, '0')}-01` }),
  );
  const bad = place.file('bad.csv', focusCsv([focusRow({ BilledCost: 'x' })]));
  const answer = await place.cli('import', ...good.slice(0, 5), bad, ...good.slice(5), '--json');
  expect(answer.code).toBe(3);
  const { loads } = JSON.parse(answer.out) as { loads: { status: string; file: string }[] };
  expect(loads.filter(({ status }) => status === 'loaded')).toHaveLength(11);
  expect(loads.filter(({ status }) => status === 'refused')).toMatchObject([{ file: 'bad.csv' }]);
  expect(await total()).toBe('11');
});

test('remove brings back what was replaced by another source, however often that was restated', async () => {
  await place.load(bill({ BilledCost: '10' }), { source: 'portal' });
  await place.load(bill({ BilledCost: '11' }), { source: 'bucket', replace: true });
  await place.load(bill({ BilledCost: '12' }), { source: 'bucket' });
  await place.load(bill({ BilledCost: '13' }), { source: 'bucket' });
  expect(await total()).toBe('13');
  expect(await place.call('sources.remove', { source: 'bucket' })).toEqual({
    source: 'bucket',
    removed: [{ provider: 'AWS', period: '2026-03', rows: 1 }],
    restored: [{ provider: 'AWS', period: '2026-03' }],
  });
  expect(await total()).toBe('10');
  expect((await place.call('app.doctor', {})).healthy).toBe(true);
  await place.call('sources.remove', { source: 'portal', period: '2026-03' });
  expect(await total()).toBeNull();
  expect((await place.refusal('sources.remove', { source: 'portal' })).code).toBe('NOT_FOUND');
});

test('remove of one month leaves the others, and the same bytes can come again', async () => {
  const both = bill({ BilledCost: '10' }, { BilledCost: '1', BillingPeriodStart: '2026-02-01' });
  await place.load(both);
  await place.call('sources.remove', { source: 'files', period: '2026-02' });
  expect(await total()).toBe('10');
  expect(await place.load(both)).toMatchObject([{ status: 'loaded' }]);
  expect(await total()).toBe('11');
});

test('a part that comes later with the parts before it completes the month', async () => {
  const one = bill({ BilledCost: '1', ChargePeriodStart: day(1) });
  const two = bill({ BilledCost: '2', ChargePeriodStart: day(2) });
  await place.load(one);
  expect(await place.load(two)).toMatchObject([{ status: 'refused', code: 'LESS_COVERAGE' }]);
  const loads = await place.load([one, two]);
  expect(loads.map(({ status }) => status)).toEqual(['replaced', 'replaced']);
  expect(await total()).toBe('3');
});
