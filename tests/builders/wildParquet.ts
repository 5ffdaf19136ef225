import { type Duck, sqlText } from './duckdb.ts';
import type { Random } from './random.ts';

/** Expressions of every type that Parquet can carry, with values at their ends. */
const expressions: readonly string[] = [
  'NULL',
  'true',
  "'x'",
  "'\\x00\\xFF'::BLOB",
  '1::TINYINT',
  '18446744073709551615::UBIGINT',
  '170141183460469231731687303715884105727::HUGEINT',
  "'nan'::DOUBLE",
  "'inf'::DOUBLE",
  "'-inf'::FLOAT",
  '-0.0::DOUBLE',
  '1e308::DOUBLE',
  '5e-324::DOUBLE',
  '0.1::FLOAT',
  '1.1::DOUBLE',
  '99999999999999999999999999999999999999::DECIMAL(38,0)',
  '0.00000000000000000000000000000000000001::DECIMAL(38,38)',
  '12.34::DECIMAL(9,2)',
  "DATE '2026-01-05'",
  "DATE '5877641-06-23'",
  "'infinity'::DATE",
  "TIMESTAMP '2026-01-05 10:11:12.123456'",
  "'infinity'::TIMESTAMP",
  "'-infinity'::TIMESTAMPTZ",
  "TIMESTAMPTZ '294246-01-01 00:00:00+00'",
  "TIMESTAMP '1900-01-01 00:00:00'",
  "TIMESTAMP_NS '2026-01-05 10:11:12.123456789'",
  "TIME '10:11:12'",
  "INTERVAL '1 month'",
  "'5f2c1f2e-0000-4000-8000-000000000000'::UUID",
  "'a'::ENUM('a', 'b')",
  '[1, 2, NULL]',
  "[['a'], []]",
  "{'a': 1, 'b': {'c': [1]}}",
  "{'list': [{'element': {'key': 'a', 'value': 'b'}}]}",
  "{'list': [1]}",
  "MAP {'team': 'red'}",
  "MAP {'team': NULL::VARCHAR}",
  'MAP {1: [2]}',
  "[{'key': 'team', 'value': 'red'}]",
  "[{'name': 'c', 'amount': 1.5, 'type': 't'}]",
  "[{'amount': 'nan'::DOUBLE}]",
  '[]::INTEGER[]',
  "repeat('x', 2000000)",
  "chr(1) || '[]'",
];

/** A Parquet bill with some columns of other types, values and names. */
export async function wildParquet(
  duck: Duck,
  from: string,
  to: string,
  random: Random,
): Promise<void> {
  const source = `read_parquet(${sqlText(from)})`;
  const columns = (await duck.rows(`DESCRIBE SELECT * FROM ${source}`)).map((row) =>
    String(row['column_name']),
  );
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const wild = new Set(random.shuffled(columns).slice(0, 1 + random.below(3)));
  const select = columns.map((name) => {
    if (!wild.has(name)) return quoted(name);
    const own = quoted(name);
    const expression = random.chance(0.7)
      ? random.pick(expressions)
      : random.pick([
          `try_cast(${own} AS DOUBLE)`,
          `try_cast(${own} AS DECIMAL(38,10))`,
          `try_cast(${own} AS TIMESTAMP)`,
          `try_cast(${own} AS TIMESTAMPTZ)`,
          `try_cast(${own} AS FLOAT)`,
          `CAST(${own} AS VARCHAR)`,
          `to_json(${own})`,
          `[${own}]`,
          `{'a': ${own}}`,
        ]);
    const alias = random.chance(0.85)
      ? name
      : random.pick([
          '',
          'row',
          'file_row_number',
          `${name} `,
          name.toUpperCase(),
          'a"b',
          "a'b",
          'a.b',
        ]);
    return `${expression} AS ${quoted(alias || 'x')}`;
  });
  const more = random.chance(0.05) ? random.pick([200, 2_100]) : 0;
  for (let i = 0; i < more; i++) select.push(`${i} AS "more ${i}"`);
  const repeat = random.chance(0.1) ? ' CROSS JOIN range(2000)' : '';
  const codec = random.pick(['snappy', 'zstd', 'gzip', 'uncompressed']);
  await duck.connection.run(
    `COPY (SELECT ${select.join(', ')} FROM ${source} bill${repeat}) TO ${sqlText(to)}
     (FORMAT parquet, COMPRESSION ${codec}, ROW_GROUP_SIZE ${random.pick([2048, 122_880])})`,
  );
}
