import type { DuckDBConnection } from '@duckdb/node-api';
import { type Metric, metrics } from '../../../shared/contract/values.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { type Limb, limbLimit } from '../store/limbs.ts';
import { type Measure, measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import {
  type AmountShapes,
  cheapSum,
  doubleSum,
  exactSum,
  isFast,
  knownRows,
  limbSums,
  nanoUnits,
  quickAmounts,
  valueColumn,
} from './amount-sql.ts';
import { identifier, queryRows } from './duck.ts';
import type { StagedCharges } from './stage.ts';
import {
  assertCurrencies,
  assertDays,
  assertTimes,
  measureAmounts,
  type Place,
} from './validate.ts';

export interface BillKey {
  provider: string;
  billingAccount: string;
  billingPeriod: string;
}

/** What a file states for one billing period and currency; null where no charge has the amount. */
export interface BillTotal extends BillKey {
  currency: string;
  rows: number;
  amounts: Record<Metric, Exact | null>;
}

/** Charges grouped into daily cells, which wait in the table `cell_N`; the owners' sums in `total_N`. */
export interface GroupedCharges {
  rows: number;
  /** Charges that cost less than nothing. */
  negativeRows: number;
  /** Charges without a start time, and without the amount. */
  withoutStart: number;
  unknown: Record<Measure, number>;
  /** No limb of any cell is larger; Infinity where that is not known. */
  largestCell: number;
  /** Limbs that the cells have, by measure. */
  cellLimbs: Record<string, Limb[]>;
  amounts: AmountShapes;
}

/** Days are grouped by as they are, and become numbers in the groups, which are far fewer. */
const periodDay = '"period start day"';
const chargeDay = 'coalesce("start day", "period start day")';
const monthNumber = "datediff('month', DATE '1970-01-01', period_day)";
const dayNumber = "datediff('day', DATE '1970-01-01', charge_day)";
const monthText = "strftime(DATE '1970-01-01' + to_months(CAST(month AS INTEGER)), '%Y-%m')";

/**
 * Rolls charges up into daily cells, in two passes: the first sums them by whose bill they are and
 * finds out what the amounts look like, the second groups them into cells, which are held against
 * the first one's sums when they are stored. Refuses the file with row and column where anything
 * does not fit.
 */
export async function groupCharges(
  connection: DuckDBConnection,
  charges: StagedCharges,
  id: number,
  place: Place,
): Promise<GroupedCharges> {
  await assertTimes(connection, charges, place);
  let amounts = quickAmounts(charges.values);
  await lookAtOwners(connection, charges, id, amounts);
  const [found = {}] = await queryRows(
    connection,
    `SELECT coalesce(sum(rows), 0) AS rows, sum(negative) AS negative, sum(slow) AS slow,
       sum(rows - started) AS without_start, min(never_start) AS never_start,
       coalesce(min(first_row) FILTER (month IS NULL), min(never_period)) AS without_period,
       max(high) AS high, min(low) AS low
     FROM total_${id}`,
  );
  await assertDays(connection, charges, place, {
    start: found['never_start'],
    period: found['without_period'],
  });
  const slow = await slowMeasures(connection, charges, amounts, Number(found['slow']));
  if (slow.length > 0) {
    amounts = await measureAmounts(connection, charges, place, amounts, slow);
    await sumOwners(connection, charges, id, amounts);
  }
  const [known = {}] = await queryRows(
    connection,
    `SELECT ${measures.map((measure) => `CAST(sum(${measure}_known) AS BIGINT) AS ${measure}`).join(', ')}
     FROM total_${id}`,
  );
  const rows = Number(found['rows']);
  const isKnown = (measure: Measure) => Number(known[measure]);
  const sumsOf = (measure: Measure, doubles: boolean) => {
    const isEverywhere = isKnown(measure) === rows || isKnown(measure) === 0;
    return {
      sums: doubles ? { nano: doubleSum(measure) } : limbSums(measure, amounts[measure]),
      known: isEverywhere ? null : knownRows(measure, amounts[measure]),
    };
  };
  const inDoubles = measures.filter(
    (measure) => amounts[measure].value !== null && !amounts[measure].slow,
  );
  const from = slow.length > 0 ? charges.view : charges.lean;
  const most = await groupCells(connection, charges, id, from, (measure) =>
    sumsOf(measure, inDoubles.includes(measure)),
  );
  const largestCell = Math.max(Number(found['high'] ?? 0), -Number(found['low'] ?? 0)) * most;
  if (largestCell >= limbLimit) {
    await groupCells(connection, charges, id, from, (measure) => sumsOf(measure, false));
  }
  return {
    rows,
    negativeRows: Number(found['negative']),
    withoutStart: Number(found['without_start']),
    unknown: Object.fromEntries(
      measures.map((measure) => [measure, rows - isKnown(measure)]),
    ) as GroupedCharges['unknown'],
    largestCell: measures.every((measure) => inDoubles.includes(measure) || isKnown(measure) === 0)
      ? largestCell
      : Infinity,
    cellLimbs: Object.fromEntries(
      measures.map((measure) => [
        measure,
        Object.keys(limbSums(measure, amounts[measure])) as Limb[],
      ]),
    ),
    amounts,
  };
}

/**
 * The texts of the series, into the table `series_N`, and what the file states in all; drops what
 * only these are made from. Refuses the file where a currency is none.
 */
export async function nameSeries(
  connection: DuckDBConnection,
  charges: StagedCharges,
  { amounts }: GroupedCharges,
  id: number,
  place: Place,
): Promise<BillTotal[]> {
  await takeSeries(connection, charges, id);
  await assertCurrencies(connection, charges, place, `series_${id} JOIN first_${id} USING (h)`);
  const totals = await billTotals(connection, id, amounts);
  await connection.run(
    `DROP VIEW ${charges.view}; DROP VIEW IF EXISTS lean_${id};
     DROP TABLE IF EXISTS taken_${id}; DROP TABLE first_${id}; DROP TABLE total_${id}`,
  );
  return totals;
}

/** Sums as `<measure>_<limb>` and counts as `<measure>_known`. */
function sumColumns(amounts: AmountShapes, of: readonly Measure[]): string[] {
  return of.flatMap((measure) => [
    ...Object.entries(limbSums(measure, amounts[measure])).map(
      ([limb, sql]) => `${sql} AS ${measure}_${limb}`,
    ),
    `${knownRows(measure, amounts[measure])} AS ${measure}_known`,
  ]);
}

/**
 * Sums the rows by billing month and by the columns that say whose bill they are, and looks at
 * them: how many are no cheap sum, and what else is to be known of the charges.
 */
async function lookAtOwners(
  connection: DuckDBConnection,
  { lean, owner, values }: StagedCharges,
  id: number,
  amounts: AmountShapes,
): Promise<void> {
  const valued = measures.filter((measure) => amounts[measure].value !== null);
  const nanos = (measure: Measure) =>
    amounts[measure].value === null ? undefined : `${measure}_nanos`;
  const fast = measures.map(
    (measure) => `coalesce(${isFast(measure, amounts[measure], nanos(measure))}, true)`,
  );
  const extreme = (of: 'greatest' | 'least') =>
    valued.length > 1
      ? `${of}(${valued.map(nanos).join(', ')})`
      : (valued.map(nanos)[0] ?? 'CAST(0 AS BIGINT)');
  const negative =
    amounts.billed.value === null
      ? // A minus before nothing but zeros is no negative amount.
        "starts_with(billed, '-') AND regexp_matches(billed, '^-[0.]*[1-9]')"
      : `${valueColumn('billed')} < 0`;
  // Text was held to these years before; see `assertTimes`.
  const never = (time: 'start' | 'period start') =>
    values.has(time)
      ? `min(row) FILTER (WHERE "${time} day" NOT BETWEEN DATE '1900-01-01' AND DATE '2099-12-31')`
      : 'CAST(NULL AS BIGINT)';
  await connection.run(
    `CREATE OR REPLACE TABLE total_${id} AS SELECT *, ${monthNumber} AS month FROM (
       SELECT ${periodDay} AS period_day, min(row) AS first_row, count(*) AS rows,
         count(*) FILTER (WHERE NOT fast) AS slow, max(high) AS high, min(low) AS low,
         count(*) FILTER (WHERE ${negative}) AS negative, count("start day") AS started,
         ${never('start')} AS never_start, ${never('period start')} AS never_period,
         ${measures
           .map(
             (
               measure,
             ) => `${cheapSum(measure, amounts[measure], 'fast', nanos(measure))} AS ${measure}_nano,
           ${knownRows(measure, amounts[measure])} AS ${measure}_known`,
           )
           .join(', ')}
       FROM (SELECT *, ${fast.join(' AND ')} AS fast,
           ${extreme('greatest')} AS high, ${extreme('least')} AS low
         FROM (SELECT ${['*', ...valued.map((measure) => `${nanoUnits(measure)} AS ${measure}_nanos`)].join(', ')}
           FROM ${lean}))
       GROUP BY period_day, hash(${owner.join(', ')}))`,
  );
}

/** Measures with amounts that no cheap cast reads exactly. */
async function slowMeasures(
  connection: DuckDBConnection,
  { lean }: StagedCharges,
  amounts: AmountShapes,
  slowRows: number,
): Promise<Measure[]> {
  if (slowRows === 0) return [];
  const slow = measures.map(
    (measure) => `bool_or(NOT ${isFast(measure, amounts[measure])}) AS ${measure}`,
  );
  const [found = {}] = await queryRows(connection, `SELECT ${slow.join(', ')} FROM ${lean}`);
  return measures.filter((measure) => found[measure] === true);
}

/** The same sums where it is known what the amounts look like. */
async function sumOwners(
  connection: DuckDBConnection,
  { view, owner }: StagedCharges,
  id: number,
  amounts: AmountShapes,
): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TABLE total_${id} AS SELECT *, ${monthNumber} AS month FROM (
       SELECT ${periodDay} AS period_day, min(row) AS first_row, count(*) AS rows,
         ${sumColumns(amounts, measures).join(', ')}
       FROM ${view} GROUP BY period_day, hash(${owner.join(', ')}))`,
  );
}

/** How a measure is summed in a cell, and SQL of the rows that deliver it; null for all or none. */
interface CellSums {
  sums: Record<string, string>;
  known: string | null;
}

/**
 * Groups by two 64-bit hashes of the series tuple, which is several times faster than by texts.
 * Answers the most rows that a cell has.
 */
async function groupCells(
  connection: DuckDBConnection,
  { tuple }: StagedCharges,
  id: number,
  from: string,
  of: (measure: Measure) => CellSums,
): Promise<number> {
  // Each cell of the source is hashed once; the tuple's two hashes are made of those.
  const hashes = tuple.map((column, i) => `hash(${column}) AS h${i}`);
  const forward = tuple.map((_, i) => `h${i}`);
  // Blind to the order, which the first one is not.
  const exclusiveOr = forward.reduce((all, next) => `xor(${all}, ${next})`);
  const grouped: string[] = [];
  for (const measure of measures) {
    const { sums, known } = of(measure);
    for (const [limb, sql] of Object.entries(sums)) grouped.push(`${sql} AS ${measure}_${limb}`);
    if (known !== null) grouped.push(`${known} AS ${measure}_known`);
  }
  await connection.run(`
    CREATE OR REPLACE TABLE cell_${id} AS
    SELECT * EXCLUDE (period_day, charge_day),
      ${monthNumber} AS month, ${dayNumber} AS day FROM (
      SELECT hash(${forward.join(', ')}) AS h, ${exclusiveOr} AS k,
        ${periodDay} AS period_day, ${chargeDay} AS charge_day, count(*) AS rows,
        min(row) AS first_row, ${grouped.join(', ')}
      FROM (SELECT *, ${hashes.join(', ')} FROM ${from})
      GROUP BY h, k, period_day, charge_day)`);
  const [most] = await queryRows(connection, `SELECT max(rows) AS rows FROM cell_${id}`);
  return Number(most?.['rows'] ?? 0);
}

/** The texts of each series, from the first of its rows. */
async function takeSeries(
  connection: DuckDBConnection,
  { onlyRows }: StagedCharges,
  id: number,
): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TABLE first_${id} AS
     SELECT h, min(first_row) AS row, min(k) AS low, max(k) AS high FROM cell_${id} GROUP BY h`,
  );
  const [twice] = await queryRows(
    connection,
    `SELECT count(*) AS n FROM first_${id} WHERE low <> high`,
  );
  if (Number(twice?.['n']) > 0) {
    throw new RangeError('two series have one hash; the file cannot be grouped by it');
  }
  const texts = [
    ...seriesDimensions.map(identifier),
    ...namedDimensions.map((dimension) => identifier(`${dimension} name`)),
  ];
  await connection.run(`
    CREATE OR REPLACE TABLE series_${id} AS
    SELECT h, ${texts.join(', ')} FROM (${await onlyRows(connection, `first_${id}`)}) JOIN first_${id} USING (row)`);
}

/** The first pass's sums by what the columns mean, which the cell with their first row knows. */
async function billTotals(
  connection: DuckDBConnection,
  id: number,
  amounts: AmountShapes,
): Promise<BillTotal[]> {
  const sums = metrics.flatMap((metric) => [
    ...Object.keys(limbSums(metric, amounts[metric])).map((limb) => `${metric}_${limb}`),
    `${metric}_known`,
  ]);
  const rows = await queryRows(
    connection,
    `SELECT coalesce(provider, '') AS provider, coalesce("billing-account", '') AS billing_account,
       ${monthText} AS period, currency, CAST(sum(own.rows) AS BIGINT) AS rows,
       ${sums.map((sum) => `CAST(sum(own.${sum}) AS VARCHAR) AS ${sum}`).join(', ')}
     FROM total_${id} AS own JOIN (SELECT first_row, h FROM cell_${id}) USING (first_row)
       JOIN series_${id} USING (h)
     GROUP BY 1, 2, 3, 4 ORDER BY provider, billing_account, period, currency`,
  );
  return rows.map((row) => ({
    provider: String(row['provider']),
    billingAccount: String(row['billing_account']),
    billingPeriod: String(row['period']),
    currency: String(row['currency']),
    rows: Number(row['rows']),
    amounts: forMetrics((metric) => exactSum(row, metric)),
  }));
}

function forMetrics<T>(make: (metric: Metric) => T): Record<Metric, T> {
  return Object.fromEntries(metrics.map((metric) => [metric, make(metric)])) as Record<Metric, T>;
}
