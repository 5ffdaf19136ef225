import { afterAll, beforeAll, expect, test } from 'vitest';
import { exactOf } from '../../shared/domain/exact.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

let place: Workspace;
beforeAll(async () => {
  place = workspace();
  const rows = Array.from({ length: 200 }, (_, i) =>
    focusRow({
      ResourceId: `arn:aws:ec2:eu:i-${((i * 7919) % 997).toString(16).padStart(4, '0')}`,
      ResourceName: i % 4 === 0 ? `Node-${i}` : '',
      BilledCost: i % 50 === 0 ? '' : String(((i * 37) % 101) - 20),
      ChargePeriodStart: `2026-03-${String((i % 28) + 1).padStart(2, '0')}T00:00:00Z`,
      BillingCurrency: i % 10 === 9 ? 'EUR' : 'USD',
    }),
  );
  await place.load(place.file('bill.csv', focusCsv(rows)));
});
afterAll(() => place.close());

/** The costs of each value in the main currency, from the slice query; the highest first. */
async function naive(search: string, from?: string, to?: string) {
  const { rows } = await place.call('costs.query', {
    by: ['resource'],
    filters: [{ dimension: 'currency', values: ['USD'] }],
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  const { values: all } = await place.call('costs.values', { dimension: 'resource', limit: 200 });
  const names = new Map(all.map(({ value, name }) => [value, name]));
  const needle = search.toLowerCase();
  return rows
    .filter(({ keys }) =>
      [keys['resource'], names.get(keys['resource'] ?? '')].some((text) =>
        (text ?? '').toLowerCase().includes(needle),
      ),
    )
    .map(({ cost }) => cost);
}

test.each([
  ['I-00', undefined, undefined],
  ['node-1', undefined, undefined],
  ['e', undefined, undefined],
  ['ec2:eu:i-', '2026-03-05', '2026-03-20'],
  ['-2', '2026-03-10', undefined],
  ['nothing at all', undefined, undefined],
])('"%s" from %s to %s finds the values that contain it, by cost', async (search, from, to) => {
  const range = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const answer = await place.call('costs.values', {
    dimension: 'resource',
    search,
    limit: 20,
    ...range,
  });
  const expected = await naive(search, from, to);
  expect(answer.matched).toBe(expected.length);
  expect(answer.values.map(({ cost }) => cost)).toEqual(expected.slice(0, 20));
  for (const { value, name } of answer.values) {
    expect(`${value}\n${name ?? ''}`.toLowerCase()).toContain(search.toLowerCase());
  }
});

test('a search over all dimensions is by cost too, and sees new data', async () => {
  const before = await place.call('costs.values', { search: 'e', limit: 200 });
  const costs = before.values.flatMap(({ cost }) => (cost === null ? [] : [exactOf(cost)]));
  expect(costs).toEqual([...costs].sort((a, b) => (a === b ? 0 : a > b ? -1 : 1)));
  const named = focusRow({ ResourceId: 'unseen-before', BillingAccountId: 'other' });
  await place.load(place.file('more.csv', focusCsv([named])), { source: 'more' });
  const after = await place.call('costs.values', { search: 'unseen-be' });
  expect(after.values).toMatchObject([{ dimension: 'resource', value: 'unseen-before' }]);
});
