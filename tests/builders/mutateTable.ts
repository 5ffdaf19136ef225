import { cellsOf } from '../core/sampleBill.ts';
import type { Random } from './random.ts';

/** A CSV bill as cells; rows may have other widths than the header. */
interface Table {
  columns: string[];
  rows: string[][];
}

/** Cells that mean trouble in an amount, a date, a name or a tag set. */
const cells: readonly string[] = [
  '',
  ' ',
  '0',
  '-0',
  '+1.50',
  '1e5',
  '1E-27',
  '1e-28',
  '1e999999999',
  '1e-999999999',
  '1e9223372036854775808',
  '999999999999999.999999999999999999999999999',
  '-999999999999999.999999999999999999999999999',
  '1000000000000000',
  '9'.repeat(1000),
  `0.${'3'.repeat(1000)}`,
  '.5',
  '5.',
  '.',
  '-',
  '1,5',
  '$1.50',
  '($1.50)',
  '-$1,234.50',
  '€1',
  '1.2.3',
  '٣',
  '１',
  'NaN',
  'Infinity',
  'null',
  'None',
  'N/A',
  '\0',
  'a\0b',
  '\u0007\u001b[31m',
  '\uFEFF',
  '\u202E',
  '😀'.repeat(50),
  'two\nlines',
  'two\rlines',
  '"',
  '""""',
  '2026-02-30',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00+99:99',
  '2026-01-01T00:00:00-14:00',
  '1900-01-01',
  '2099-12-31T23:59:60Z',
  '9999-12-31',
  '0001-01-01',
  '99999999-01-01',
  '202601',
  '2026-13',
  'USD ',
  'usd',
  'US',
  '{}',
  '[]',
  '{"a":',
  '{"a":{"b":[1,2,{"c":null}]}}',
  '{"__proto__":"x","constructor":"y"}',
  '{"":""}',
  '{"a":"1","a":"2"}',
  "{'a': 'b'}",
  "[{'key': 'a', 'value': None}]",
  '[{"key":1}]',
  '[null]',
  '"text"',
  '12',
  '{"k":"\\u0000"}',
  '{"k":"\\ud800"}',
  '\u0001[{"p":null,"k":null,"m":false,"t":"{}"}]',
  '\u0001not json',
  '=HYPERLINK("x")',
  "'; DROP TABLE load; --",
  '../../etc/passwd',
];

export interface TableMutation {
  name: string;
  apply: (table: Table, random: Random) => void;
}

function eachRow(table: Table, change: (row: string[]) => void): void {
  change(table.columns);
  for (const row of table.rows) change(row);
}

export const tableMutations: readonly TableMutation[] = [
  {
    name: 'columns shuffled',
    apply: (table, random) => {
      const order = random.shuffled(table.columns.map((_, i) => i));
      eachRow(table, (row) => row.splice(0, row.length, ...order.map((i) => row[i] ?? '')));
    },
  },
  {
    name: 'columns dropped',
    apply: (table, random) => {
      for (let n = 1 + random.below(4); n > 0; n--) {
        const at = random.below(table.columns.length);
        eachRow(table, (row) => void row.splice(at, 1));
      }
    },
  },
  {
    name: 'header shuffled alone',
    apply: (table, random) => void (table.columns = random.shuffled(table.columns)),
  },
  {
    name: 'columns renamed',
    apply: (table, random) => {
      for (let n = 1 + random.below(3); n > 0; n--) {
        const at = random.below(table.columns.length);
        const name = table.columns[at] ?? '';
        table.columns[at] = random.pick([
          '',
          name.toUpperCase(),
          name.toLowerCase(),
          ` ${name} `,
          `${name}\u200B`,
          name.replaceAll(/[aeo]/g, 'а'),
          `"${name}`,
          `${name}"; DROP`,
          `${name}.x`,
          `x_${name}`,
          `${name}\n`,
          '\0',
          '__proto__',
          'row',
          'record',
          'file_row_number',
          'period start',
          '*',
        ]);
      }
    },
  },
  {
    name: 'columns duplicated',
    apply: (table, random) => {
      const at = random.below(table.columns.length);
      const to = random.below(table.columns.length + 1);
      eachRow(table, (row) => void row.splice(to, 0, row[at] ?? ''));
      if (random.chance(0.3)) table.columns[to] = `${table.columns[to]}`.toUpperCase();
    },
  },
  {
    name: 'very many columns',
    apply: (table, random) => {
      const most = random.pick([100, 1_900, 2_100, 20_000]);
      const more = Math.min(most, Math.ceil(1_000_000 / table.rows.length));
      const start = table.columns.length;
      for (let i = 0; i < more; i++) table.columns.push(`x_more ${start + i}`);
      for (const row of table.rows) row.push(...Array<string>(more).fill(''));
    },
  },
  {
    name: 'cells replaced',
    apply: (table, random) => {
      for (let n = 1 + random.below(3); n > 0; n--) {
        const row = random.pick([table.rows[0] ?? [], ...table.rows]);
        row[random.below(table.columns.length)] = random.pick(cells);
      }
    },
  },
  {
    name: 'a column of one cell',
    apply: (table, random) => {
      const at = random.below(table.columns.length);
      const cell = random.pick(cells);
      for (const row of table.rows) row[at] = cell;
    },
  },
  {
    name: 'a huge cell',
    apply: (table, random) => {
      const length = random.pick([10_000, 300_000, 1_000_000, 5_000_000, 20_000_000]);
      const row = random.chance(0.1) ? table.columns : random.pick(table.rows);
      row[random.below(table.columns.length)] = random
        .pick(['x', '9', 'é', '"', '[', '\n'])
        .repeat(length);
    },
  },
  {
    name: 'deep tags',
    apply: (table, random) => {
      const depth = random.pick([10, 40, 5_000, 100_000]);
      const at = table.columns.findIndex((name) => /tags|labels/i.test(name));
      const cell = random.pick([
        `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`,
        `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
        '['.repeat(depth),
      ]);
      random.pick(table.rows)[at < 0 ? random.below(table.columns.length) : at] = cell;
    },
  },
  {
    name: 'ragged rows',
    apply: (table, random) => {
      for (let n = 1 + random.below(3); n > 0; n--) {
        const row = random.pick(table.rows);
        if (random.chance(0.5)) row.pop();
        else row.push(random.pick(cells));
      }
    },
  },
  { name: 'every row one cell short', apply: (table) => table.rows.forEach((row) => row.pop()) },
  {
    name: 'rows repeated',
    apply: (table, random) => {
      const rows = table.rows;
      const letters = rows.flat().reduce((sum, cell) => sum + cell.length + 1, 0);
      const count = Math.min(random.pick([2, 50, 3_000]), Math.ceil(10_000_000 / letters));
      table.rows = Array.from({ length: count * rows.length }, (_, i) => [
        ...(rows[i % rows.length] ?? []),
      ]);
    },
  },
  { name: 'no rows', apply: (table) => void (table.rows = []) },
  {
    name: 'the header again',
    apply: (table, random) =>
      void table.rows.splice(random.below(table.rows.length + 1), 0, [...table.columns]),
  },
];

/** CSV text with some mutations of its cells, in one dialect or another. */
export function mutateCsv(text: string, random: Random): { text: string; names: string[] } {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const table = { columns: cellsOf(head), rows: lines.map(cellsOf) };
  const mutations = random.shuffled(tableMutations).slice(0, random.chance(0.7) ? 1 : 2);
  for (const { apply } of mutations) {
    if (table.columns.length > 0 && table.rows.length > 0) apply(table, random);
  }
  const delimiter = random.chance(0.8) ? ',' : random.pick([';', '\t', '|', ':']);
  const end = random.chance(0.8) ? '\n' : random.pick(['\r\n', '\r', '\n\n']);
  const unclosed = random.chance(0.03);
  const write = (cell: string) => {
    if (unclosed && random.chance(0.05)) return `"${cell}`;
    return cell.includes(delimiter) || /["\r\n]/.test(cell)
      ? `"${cell.replaceAll('"', '""')}"`
      : cell;
  };
  const all = [table.columns, ...table.rows];
  return {
    text: all.map((row) => row.map(write).join(delimiter) + end).join(''),
    names: mutations.map(({ name }) => name),
  };
}

/** Values that mean trouble in JSON. */
const values: readonly string[] = [
  'null',
  'true',
  '0',
  '-0',
  '1e5',
  '1E+2',
  '1e999999999',
  '1e-999999999',
  '123456789012345678901234567890',
  `0.${'3'.repeat(1000)}`,
  '01',
  '+1',
  '.5',
  '5.',
  '-',
  '1e',
  '--1',
  'NaN',
  'Infinity',
  'undefined',
  "'text'",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\x41"',
  '"\u0001"',
  '"a\nb"',
  '[]',
  '{}',
  '[1,[2,[3]]]',
  '{"a":{"b":{}}}',
  '[null]',
  '[{"key":"team"}]',
  '[{"amount":"x"}]',
  '[{"amount":{"a":1}}]',
  '"2026-02-30"',
  '"1e999999999"',
  '/* x */ 1',
];

/** JSON text with one structural mutation. */
export function mutateJson(text: string, random: Random): { text: string; names: string[] } {
  const names = [...text.matchAll(/"[^"\\]*"\s*:/g)];
  const spots = [...text.matchAll(/:\s*(?:"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*)/g)];
  const replace = (value: string) => {
    const spot = random.pick(spots);
    return `${text.slice(0, spot.index)}:${value}${text.slice(spot.index + spot[0].length)}`;
  };
  const addKey = (what: string) => {
    const name = random.pick(names);
    return `${text.slice(0, name.index)}${what},${text.slice(name.index)}`;
  };
  const deep = () => {
    const depth = random.pick([20, 31, 33, 5_000, 100_000]);
    return random.chance(0.5)
      ? '['.repeat(depth) + ']'.repeat(random.chance(0.8) ? depth : 0)
      : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  };
  const changes: Record<string, () => string> = {
    'a JSON value replaced': () => replace(random.pick(values)),
    'deep JSON': () =>
      random.chance(0.7) ? replace(deep()) : random.chance(0.5) ? deep() : addKey(`"a":${deep()}`),
    'a huge JSON text': () =>
      replace(
        `"${random.pick(['x', '\\u0041', 'é']).repeat(random.pick([10_000, 1_000_000, 4_100_000]))}"`,
      ),
    'a huge JSON number': () => replace(random.pick(['9', '0.', '1e']) + '1'.repeat(1_000_000)),
    'very many JSON keys': () => {
      const count = random.pick([100, 1_900, 2_100, 50_000]);
      return addKey(Array.from({ length: count }, (_, i) => `"more ${i}":${i}`).join(','));
    },
    'a JSON key twice': () => {
      const { index, 0: name } = random.pick(names);
      return `${text.slice(0, index)}${name}${random.pick(values)},${text.slice(index)}`;
    },
    'a JSON key renamed': () => {
      const { index, 0: name } = random.pick(names);
      const other = random.pick([
        '""',
        '"a/b~c"',
        '"a.b"',
        '"\\u0000"',
        '"__proto__"',
        '"é"',
        '"\'"',
      ]);
      return `${text.slice(0, index)}${other}:${text.slice(index + name.length)}`;
    },
    'a list around it': () =>
      `${random.pick(['[', '[[', '{"a":['])}${text}${random.pick([']', ']]', ']}', ''])}`,
    'commas more or less': () =>
      random.chance(0.5) ? text.replace(',', ',,') : text.replace(/,(?=[^,]*$)/, ''),
    'records repeated': () => `${text}\n`.repeat(random.pick([2, 30])),
  };
  const name = random.pick(Object.keys(changes));
  return { text: (changes[name] as () => string)(), names: [name] };
}
