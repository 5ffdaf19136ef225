import { exactOf } from '../../../shared/domain/exact.ts';
import {
  type AmountShape,
  cheapSum,
  exactSum,
  isFast,
  knownRows,
  limbSums,
} from '../ingest/amount-sql.ts';
import type { Row } from '../ingest/duck.ts';
import type { OpenedDetail } from './charges.ts';
import type { Asking } from './reader.ts';
import { addSums, type LineSums } from './scope.ts';

const summed = ['billed', 'effective'] as const;
type Summed = (typeof summed)[number];

/**
 * Exact sums of a select of charges by currency. What the import found out about the amounts is
 * not kept: a first pass adds those that a cheap cast reads exactly and says whether that was all.
 */
export async function sumLines(
  asking: Asking,
  { doubles }: OpenedDetail,
  matching: string,
): Promise<LineSums> {
  const shapes = summed.map((metric): [Summed, AmountShape] => {
    const value = doubles.has(metric) ? 'DOUBLE' : null;
    return [metric, { value, slow: true, exponent: true, wholeDigits: 15, decimals: 27 }];
  });
  const known = shapes.map(([metric, shape]) => `${knownRows(metric, shape)} AS ${metric}_known`);
  const fast = shapes.map(([metric, shape]) => `${isFast(metric, shape)} AS ${metric}_fast`);
  const quick = shapes.flatMap(([metric, shape]) => [
    `CAST(${cheapSum(metric, shape, `${metric}_fast`)} AS VARCHAR) AS ${metric}_nano`,
    `coalesce(bool_or(NOT ${metric}_fast), false) AS ${metric}_slow`,
  ]);
  const rows = await asking.rows(
    `SELECT currency, count(*) AS lines, ${[...known, ...quick].join(', ')}
     FROM (SELECT *, ${fast.join(', ')} FROM (${matching})) GROUP BY currency`,
  );
  if (!rows.some((row) => summed.some((metric) => row[`${metric}_slow`]))) return sumsOf(rows);
  const limbs = shapes.flatMap(([metric, shape]) =>
    Object.entries(limbSums(metric, shape)).map(
      ([limb, sql]) => `CAST(${sql} AS VARCHAR) AS ${metric}_${limb}`,
    ),
  );
  return sumsOf(
    await asking.rows(
      `SELECT currency, count(*) AS lines, ${[...known, ...limbs].join(', ')}
       FROM (${matching}) GROUP BY currency`,
    ),
  );
}

/** The same of few lines: adding them here is done before the reader has planned its sums. */
export async function addLines(asking: Asking, table: string): Promise<LineSums> {
  const sums: LineSums = new Map();
  for (const row of await asking.rows(`SELECT currency, billed, effective FROM ${table}`)) {
    const amount = (metric: Summed) => {
      const text = row[metric] as string | null;
      return text === null ? null : exactOf(text);
    };
    const line = { lines: 1, billed: amount('billed'), effective: amount('effective') };
    addSums(sums, new Map([[row['currency'] as string | null, line]]));
  }
  return sums;
}

function sumsOf(rows: readonly Row[]): LineSums {
  return new Map(
    rows.map((row) => [
      row['currency'] as string | null,
      {
        lines: Number(row['lines']),
        billed: exactSum(row, 'billed'),
        effective: exactSum(row, 'effective'),
      },
    ]),
  );
}
