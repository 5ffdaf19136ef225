import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../electron/core/ingest/sort-cells.ts';
import { campaign } from '../builders/campaign.ts';

const near = fc.integer({ min: -3, max: 3 });
const far = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

test('rows come in the order of their columns, equal ones as they were', () => {
  const row = fc.tuple(near, fc.oneof(near, far), far);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 100 }), (rows) => {
      const columns = [0, 1, 2].map((c) => Int32Array.from(rows, (cells) => cells[c] as number));
      const wanted = rows
        .map((cells, i) => ({ cells, i }))
        .sort(
          (a, b) =>
            a.cells[0] - b.cells[0] ||
            a.cells[1] - b.cells[1] ||
            a.cells[2] - b.cells[2] ||
            a.i - b.i,
        );
      expect([...inOrder(columns, rows.length)]).toEqual(wanted.map(({ i }) => i));
    }),
    campaign('cells: sorted', 300),
  );
});

test('ids over the whole range of 32 bits', () => {
  const ids = Uint32Array.from([2 ** 32 - 1, 0, 2 ** 31, 65_536, 65_535, 0]);
  expect([...inOrder([ids], ids.length)]).toEqual([1, 5, 4, 3, 2, 0]);
});
