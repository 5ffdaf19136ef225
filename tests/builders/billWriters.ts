import { zstdCompressSync } from 'node:zlib';
import { type Duck, sqlText } from './duckdb.ts';
import { focusCsv } from './focus.ts';
import {
  type ExpectedCharge,
  type GoogleRecord,
  type RandomLine,
  snakeName,
} from './randomFormats.ts';
import type { Workspace } from './workspace.ts';

/** Where bills are written, and what writes those in Parquet. */
export interface BillFolder extends Pick<Workspace, 'file'> {
  duck: Duck;
}

/** How a bill of random lines is written down in one format, and what it then must hold. */
export interface BillWriter {
  write: (place: BillFolder, lines: readonly RandomLine[]) => Promise<string>;
  expected: (lines: readonly RandomLine[]) => ExpectedCharge[];
}

const cur = (lines: readonly RandomLine[]) => lines.map((line) => line.cur);
const google = (lines: readonly RandomLine[]) => lines.flatMap((line) => line.googleCharges);
const focus = (lines: readonly RandomLine[]) => lines.map((line) => line.focus.charge);

/** Rows of text as Parquet; `select` may give columns other types. */
async function parquet({ file, duck }: BillFolder, csv: string, select: string): Promise<string> {
  const source = file('source.csv', csv);
  const path = file('bill.parquet', '');
  await duck.connection.run(
    `COPY (SELECT ${select} FROM read_csv(${sqlText(source)}, all_varchar = true, header = true,
       delim = ',', quote = '"', escape = '"', strict_mode = true))
     TO ${sqlText(path)} (FORMAT parquet)`,
  );
  return path;
}

function renamed(
  { cells }: RandomLine,
  name: (column: string) => string,
  teamColumn: string,
  tag: (value: string) => string = (value) => value,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cells).map(([column, cell]) =>
      column === 'team' ? [teamColumn, cell && tag(cell)] : [name(column), cell],
    ),
  );
}

const json = (value: unknown) => JSON.stringify(value);

/** A line of the nested export; BigQuery leaves out what is null. */
function googleJson(record: GoogleRecord): string {
  const credits = record.credits.map(
    ({ name, type, amount }) =>
      `{"name":${json(name)},"amount":${amount},"type":${json(type)},"id":"c"}`,
  );
  const fields = [
    `"billing_account_id":${json(record.account)}`,
    `"service":{"id":"S","description":${json(record.service)}}`,
    `"sku":{"id":"K","description":"thing"}`,
    `"usage_start_time":${json(record.start)}`,
    `"project":{"id":${json(record.project)}}`,
    `"labels":[${record.team === null ? '' : `{"key":"team","value":${json(record.team)}}`}]`,
    ...(record.region === null ? [] : [`"location":{"region":${json(record.region)}}`]),
    ...(record.resource === null ? [] : [`"resource":{"global_name":${json(record.resource)}}`]),
    `"cost":${record.cost}`,
    ...(record.list === null ? [] : [`"cost_at_list":${record.list}`]),
    `"currency":${json(record.currency)}`,
    `"credits":[${credits.join(',')}]`,
    `"invoice":{"month":"${record.month}"}`,
    `"cost_type":"${record.costType}"`,
  ];
  return `{${fields.join(', ')}}`;
}

/** As a program in Python prints it. */
function python(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`) + mark;
}

function googleCells(record: GoogleRecord, quote: (text: string) => string) {
  const credits = record.credits.map(
    ({ name, type, amount }) =>
      `{${quote('name')}: ${quote(name)}, ${quote('amount')}: ${amount}, ${quote('type')}: ${quote(type)}}`,
  );
  const labels =
    record.team === null
      ? ''
      : `{${quote('key')}: ${quote('team')}, ${quote('value')}: ${quote(record.team)}}`;
  return {
    billing_account_id: record.account,
    'service.description': record.service,
    'sku.id': 'K',
    'sku.description': 'thing',
    usage_start_time: record.start,
    'project.id': record.project ?? '',
    labels: `[${labels}]`,
    'location.region': record.region ?? '',
    'resource.global_name': record.resource ?? '',
    cost: record.cost ?? '',
    cost_at_list: record.list ?? '',
    currency: record.currency,
    credits: `[${credits.join(', ')}]`,
    'invoice.month': record.month,
    cost_type: record.costType,
  };
}

/** Every written format by its name; `duck` writes the Parquet files. */
export const billWriters: Record<string, BillWriter> = {
  'FOCUS as zstd CSV': {
    write: async (place, lines) =>
      place.file('b.zst', zstdCompressSync(focusCsv(lines.map(({ focus: { cells } }) => cells)))),
    expected: focus,
  },
  'FOCUS as JSON lines, amounts as numbers': {
    write: async (place, lines) => {
      const record = ({ cells }: RandomLine['focus']) =>
        Object.entries(cells)
          .filter(([, cell]) => cell !== '')
          .map(([name, cell]) => `${json(name)}: ${name.endsWith('Cost') ? cell : json(cell)}`);
      return place.file(
        'b.jsonl',
        lines.map((line) => `{${record(line.focus).join(', ')}}`).join('\n'),
      );
    },
    expected: focus,
  },
  'legacy CUR as CSV': {
    write: async (place, lines) =>
      place.file(
        'b.csv',
        focusCsv(lines.map((line) => renamed(line, (name) => name, 'resourceTags/user:team'))),
      ),
    expected: cur,
  },
  'legacy CUR as Athena names it': {
    write: async (place, lines) =>
      place.file(
        'b.csv',
        focusCsv(lines.map((line) => renamed(line, snakeName, 'resource_tags_user_team'))),
      ),
    expected: cur,
  },
  'CUR 2.0 as CSV': {
    write: async (place, lines) =>
      place.file(
        'b.csv',
        focusCsv(
          lines.map((line) =>
            renamed(line, snakeName, 'resource_tags', (value) => json({ user_team: value })),
          ),
        ),
      ),
    expected: cur,
  },
  'CUR 2.0 as Parquet with maps': {
    write: (place, lines) =>
      parquet(
        place,
        focusCsv(lines.map((line) => renamed(line, snakeName, 'resource_tags'))),
        `* REPLACE (CASE WHEN resource_tags IS NULL THEN MAP {}
           ELSE MAP {'user_team': resource_tags} END AS resource_tags)`,
      ),
    expected: cur,
  },
  'Google Cloud as flat CSV of Python': {
    write: async (place, lines) =>
      place.file('b.csv', focusCsv(lines.map((line) => googleCells(line.google, python)))),
    expected: google,
  },
  'Google Cloud as flat CSV of JSON': {
    write: async (place, lines) =>
      place.file('b.csv', focusCsv(lines.map((line) => googleCells(line.google, json)))),
    expected: google,
  },
  'Google Cloud as nested JSON lines': {
    write: async (place, lines) =>
      place.file('b.json', lines.map((line) => googleJson(line.google)).join('\n')),
    expected: google,
  },
  'Google Cloud as a JSON list': {
    write: async (place, lines) =>
      place.file('b.json', `[\n${lines.map((line) => googleJson(line.google)).join(',\n')}\n]\n`),
    expected: google,
  },
  'Google Cloud as nested Parquet': {
    write: (place, lines) =>
      parquet(
        place,
        focusCsv(
          lines.map(({ google: record }) => ({
            ...googleCells(record, json),
            // Numbers as text: the file has what the record has, digit for digit.
            credits: json(record.credits.map((credit) => ({ id: 'c', ...credit }))),
          })),
        ),
        `billing_account_id, {'description': "service.description"} AS service,
         {'id': "sku.id", 'description': "sku.description"} AS sku, usage_start_time,
         {'id': "project.id"} AS project,
         from_json(labels, '[{"key": "VARCHAR", "value": "VARCHAR"}]') AS labels,
         {'region': "location.region"} AS location,
         {'global_name': "resource.global_name"} AS resource, cost, cost_at_list, currency,
         {'list': list_transform(from_json(credits,
           '[{"name": "VARCHAR", "type": "VARCHAR", "amount": "VARCHAR", "id": "VARCHAR"}]'),
           lambda credit: {'element': credit})} AS credits,
         {'month': "invoice.month"} AS invoice, cost_type`,
      ),
    expected: google,
  },
  'Cost Explorer by service and account': {
    write: async (place, lines) => {
      const results = lines.map(({ focus: { cells, charge } }) => {
        const metric = (name: string, cell: string | undefined) =>
          cell ? [`"${name}": {"Amount": "${cell}", "Unit": "${charge.currency}"}`] : [];
        const group = [
          ...metric('UnblendedCost', cells['BilledCost']),
          ...metric('AmortizedCost', cells['EffectiveCost']),
          ...metric('BlendedCost', '1'),
        ];
        return `{"TimePeriod": {"Start": "${charge.day}", "End": "x"}, "Total": {}, "Estimated": false,
          "Groups": [{"Keys": [${json(charge.service)}, ${json(charge.account)}], "Metrics": {${group.join(', ')}}}]}`;
      });
      return place.file(
        'b.json',
        `{"GroupDefinitions": [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}],
          "ResultsByTime": [${results.join(', ')}]}`,
      );
    },
    expected: (lines) =>
      focus(lines).map((charge) => ({
        ...charge,
        period: charge.day.slice(0, 7),
        region: null,
        resource: null,
        team: null,
        charge: null,
        list: null,
        contracted: null,
      })),
  },
};
