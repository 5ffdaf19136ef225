import type { DuckDBConnection } from '@duckdb/node-api';
import type { HealthSheet } from '../../../shared/contract/health.ts';
import { typedColumn } from './amount-sql.ts';
import { metrics } from '../../../shared/contract/values.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import type { SeriesDimension } from '../store/measures.ts';
import { identifier, queryRows, type Row } from './duck.ts';
import { focusRules } from './health-rules.ts';
import type { Bill } from './read-bill.ts';

/** Invoices listed on a sheet; a marketplace bill may have thousands. */
const invoicesListed = 100;

/** Columns whose gaps decide what a bill can be split by. */
const columnsShown = {
  provider: 'Provider',
  'billing-account': 'Billing account',
  account: 'Account',
  service: 'Service',
  category: 'Category',
  region: 'Region',
  sku: 'SKU',
  resource: 'Resource',
  pricing: 'Pricing',
  charge: 'Charge',
  invoice: 'Invoice',
} as const satisfies Partial<Record<SeriesDimension, string>>;

const costsShown = {
  billed: 'Billed cost',
  effective: 'Effective cost',
  list: 'List cost',
  contracted: 'Contracted cost',
} as const;

/** True of a series without tags; an empty object or list of tags counts as none. */
const untagged = `(tags IS NULL OR (strlen(tags) < 9 AND regexp_full_match(tags, '\\s*[\\[{]?\\s*[\\]}]?\\s*')))`;

/**
 * The data-health sheet of a bill, from its daily cells and series: they hold far fewer rows than
 * the file, and what a charge has in its dimensions is the same for all rows of a cell.
 * Negative rows were counted in the file itself, because a cell nets its charges.
 */
export async function healthOf(connection: DuckDBConnection, bill: Bill): Promise<HealthSheet> {
  const isFocus = bill.format.family === 'FOCUS';
  const rules = isFocus ? focusRules : [];
  const counts = [
    ...Object.keys(columnsShown).map(
      (name) => `sum(CASE WHEN ${identifier(name)} IS NULL THEN rows ELSE 0 END)`,
    ),
    `sum(CASE WHEN ${untagged} THEN rows ELSE 0 END)`,
    ...metrics.map((metric) => `sum(rows - ${metric}_known)`),
    ...rules.map(({ broken }) => `sum(${broken})`),
  ];
  const series = await sumSeries(connection, bill);
  const [row = {}] = await queryRows(
    connection,
    `SELECT ${counts.map((sql, i) => `CAST(${sql} AS BIGINT) AS c${i}`).join(', ')}
     FROM series_${bill.id} JOIN (SELECT h, sum(rows) AS rows, ${metrics
       .map((metric) => `sum(${metric}_known) AS ${metric}_known`)
       .join(', ')} FROM ${series} GROUP BY h) USING (h)
       LEFT JOIN (SELECT service, count(DISTINCT category) AS categories
         FROM series_${bill.id} GROUP BY service) USING (service)`,
  );
  const values = counts.map((_, i) => Number(row[`c${i}`] ?? 0));
  const names = [
    ...Object.values(columnsShown),
    'Tags',
    ...metrics.map((metric) => costsShown[metric]),
  ];
  const sheet: HealthSheet = {
    rows: bill.rows,
    ...(await daysOf(connection, bill)),
    nulls: names.map((column, i) => ({ column, rows: values[i] ?? 0 })),
    rulesChecked: rules.length,
    findings: rules
      .map(({ id, message }, i) => ({
        rule: id,
        message,
        rows: values[names.length + i] ?? 0,
      }))
      .filter((finding) => finding.rows > 0),
    untagged: await untaggedOf(connection, bill, series),
    negativeRows: bill.negativeRows,
    ...(await invoicesOf(connection, bill, series)),
  };
  await connection.run(`DROP TABLE ${series}`);
  return sheet;
}

/** The cells of each series and billing period as one row, in a table whose name is answered. */
async function sumSeries(connection: DuckDBConnection, { id, cellLimbs }: Bill): Promise<string> {
  const sums = [
    ...(cellLimbs['billed'] ?? []).map((limb) => `sum(billed_${limb}) AS billed_${limb}`),
    ...metrics.map((metric) => `sum(${metric}_known) AS ${metric}_known`),
  ];
  await connection.run(
    `CREATE TEMP TABLE summed_${id} AS
     SELECT h, period, sum(rows) AS rows, ${sums.join(', ')} FROM cell_${id} GROUP BY h, period`,
  );
  return `summed_${id}`;
}

/** Rows of a bill's view that cost less than nothing; asked before it is dropped. */
export async function negativeRowsOf(
  connection: DuckDBConnection,
  view: string,
  typed: boolean,
): Promise<number> {
  // A minus before nothing but zeros is no negative amount.
  const negative = typed
    ? `${typedColumn('billed')} < 0`
    : "starts_with(billed, '-') AND regexp_matches(billed, '^-[0.]*[1-9]')";
  const [row] = await queryRows(connection, `SELECT count(*) AS n FROM ${view} WHERE ${negative}`);
  return Number(row?.['n']);
}

async function daysOf(
  connection: DuckDBConnection,
  { id }: Bill,
): Promise<Pick<HealthSheet, 'firstDay' | 'lastDay' | 'gaps'>> {
  const rows = await queryRows(connection, `SELECT DISTINCT day FROM cell_${id} ORDER BY day`);
  const days = rows.map((row) => Number(row['day']));
  const [first, last] = [days[0], days.at(-1)];
  const gaps = days.flatMap((day, i) => {
    const before = days[i - 1];
    if (before === undefined || day === before + 1) return [];
    return [{ from: dayText(before + 1), to: dayText(day - 1), days: day - before - 1 }];
  });
  return {
    firstDay: first === undefined ? null : dayText(first),
    lastDay: last === undefined ? null : dayText(last),
    gaps,
  };
}

async function untaggedOf(
  connection: DuckDBConnection,
  bill: Bill,
  series: string,
): Promise<HealthSheet['untagged']> {
  const rows = await queryRows(
    connection,
    `SELECT currency, CAST(coalesce(sum(rows) FILTER (WHERE ${untagged}), 0) AS BIGINT) AS rows,
       ${billedSums(bill, 'total', null)}, ${billedSums(bill, 'untagged', untagged)}
     FROM ${series} JOIN series_${bill.id} USING (h) GROUP BY currency ORDER BY currency`,
  );
  return rows.map((row) => ({
    currency: String(row['currency']),
    rows: Number(row['rows']),
    billed: billedText(bill, row, 'untagged'),
    total: billedText(bill, row, 'total'),
  }));
}

async function invoicesOf(
  connection: DuckDBConnection,
  bill: Bill,
  series: string,
): Promise<Pick<HealthSheet, 'invoices' | 'moreInvoices'>> {
  const rows = await queryRows(
    connection,
    `SELECT invoice, period, currency, CAST(sum(rows) AS BIGINT) AS rows,
       ${billedSums(bill, 'billed', null)}, CAST(count(*) OVER () AS BIGINT) AS groups
     FROM ${series} JOIN series_${bill.id} USING (h)
     GROUP BY invoice, period, currency
     ORDER BY abs(coalesce(sum(billed_nano), 0)) DESC, invoice, period, currency
     LIMIT ${invoicesListed}`,
  );
  return {
    invoices: rows.map((row) => ({
      invoice: (row['invoice'] as string | null) ?? null,
      period: String(row['period']),
      currency: String(row['currency']),
      rows: Number(row['rows']),
      billed: billedText(bill, row, 'billed'),
    })),
    moreInvoices: Math.max(0, Number(rows[0]?.['groups'] ?? 0) - rows.length),
  };
}

/** Exact sums of the billed limbs as text, and of the rows that deliver it. */
function billedSums(bill: Bill, name: string, where: string | null): string {
  const filter = where === null ? '' : ` FILTER (WHERE ${where})`;
  const limbs = bill.cellLimbs['billed'] ?? [];
  return [
    ...limbs.map((limb) => `CAST(sum(billed_${limb})${filter} AS VARCHAR) AS ${name}_${limb}`),
    `CAST(coalesce(sum(billed_known)${filter}, 0) AS BIGINT) AS ${name}_known`,
  ].join(', ');
}

const limbWeight = { nano: 10n ** 18n, atto: 10n ** 9n, rest: 1n };

function billedText({ cellLimbs }: Bill, row: Row, name: string): string | null {
  if (Number(row[`${name}_known`]) === 0) return null;
  const limb = (key: keyof typeof limbWeight) =>
    cellLimbs['billed']?.includes(key)
      ? BigInt((row[`${name}_${key}`] as string | null) ?? 0) * limbWeight[key]
      : 0n;
  return formatExact(limb('nano') + limb('atto') + limb('rest'));
}
