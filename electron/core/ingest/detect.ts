import { OutlayError } from '../../../shared/contract/errors.ts';
import { notABill } from './csv-scan.ts';
import { anthropicCosts } from './formats/anthropic-costs.ts';
import { cur2, curLegacy } from './formats/aws-cur.ts';
import { costExplorer } from './formats/cost-explorer.ts';
import { focus } from './formats/focus.ts';
import { foreignLayouts } from './formats/foreign.ts';
import { googleBilling } from './formats/google-billing.ts';
import { openaiCosts } from './formats/openai-costs.ts';
import {
  clipped,
  columnKey,
  type Format,
  type Layout,
  type ReadingOptions,
} from './formats/layout.ts';

const layouts: readonly Layout[] = [
  focus,
  curLegacy,
  cur2,
  googleBilling,
  costExplorer,
  openaiCosts,
  anthropicCosts,
];

export interface Detected {
  format: Format;
  layout: Layout;
}

/**
 * Recognises a file by its columns. Refuses what is no bill, a bill of a layout that this
 * version does not read (saying what to export instead), and one that lacks what totals need.
 */
export function detectFormat(
  file: string,
  columns: readonly string[],
  options: ReadingOptions = {},
  has: (name: string) => boolean = lookup(columns),
): Detected {
  for (const layout of layouts) {
    const version = layout.version(has, columns);
    if (version === null) continue;
    assertRequired(file, layout, has, options);
    return { format: { family: layout.family, version }, layout };
  }
  const known = foreignLayouts.find((layout) => layout.columns.every(has));
  if (!known) throw notABill(file);
  throw new OutlayError(
    'UNSUPPORTED_FORMAT',
    `${file} is ${known.name}, which this version does not read. Nothing was changed.`,
    known.instead,
  );
}

function assertRequired(
  file: string,
  layout: Layout,
  has: (name: string) => boolean,
  options: ReadingOptions,
): void {
  const isCurrency = (names: readonly string[]) => names.some((name) => /currency/i.test(name));
  const missing = layout.required.filter(
    (names) => !names.some(has) && !(options.currency && isCurrency(names)),
  );
  if (missing.length === 0) return;
  const onlyCurrency = missing.every(isCurrency);
  throw new OutlayError(
    'COLUMN_MISSING',
    `${file} lacks the column ${missing.map(([name]) => name).join(', ')}. Nothing was changed.`,
    onlyCurrency
      ? 'Say which currency its amounts have: outlay import --currency USD, for example.'
      : layout.exportHint,
    onlyCurrency ? { asks: { kind: 'currency' } } : {},
  );
}

/** No bill has a tenth of them; each costs the reader time and memory, whether it is kept or not. */
export const columnLimit = 2_000;

export function assertColumnCount(file: string, count: number): void {
  if (count <= columnLimit) return;
  throw new OutlayError(
    'FILE_TOO_LARGE',
    `${file} has more than ${columnLimit.toLocaleString('en')} columns. Nothing was changed.`,
    'Export it with tags in one column, or leave out columns that the bill does not need.',
  );
}

/** The name under which the reader numbers rows; it does not read a file with a column of it. */
const rowNumber = 'file_row_number';

export function assertNotReserved(file: string, columns: readonly string[]): void {
  const found = columns.find((column) => column.toLowerCase() === rowNumber);
  if (found === undefined) return;
  throw new OutlayError(
    'UNSUPPORTED_FORMAT',
    `${file} has a column named ${found}, a name that the reader uses itself. Nothing was changed.`,
    'Remove or rename that column.',
  );
}

/** Refuses a header that names one column twice: which one counts would be a guess. */
export function assertDistinct(file: string, columns: readonly string[]): void {
  const seen = new Set<string>();
  for (const column of columns) {
    const key = column.toLowerCase();
    if (key !== '' && seen.has(key)) {
      throw new OutlayError(
        'COLUMN_DUPLICATE',
        `${file} has two columns named ${clipped(column)}. Nothing was changed.`,
        'Remove or rename one of them.',
      );
    }
    seen.add(key);
  }
}

/** Whether a column is there; names compare as `columnKey` says. */
export function lookup(columns: readonly string[]): (name: string) => boolean {
  const names = new Set(columns.map(columnKey));
  return (name) => names.has(columnKey(name));
}
