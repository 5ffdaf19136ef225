import { OutlayError } from '../../../shared/contract/errors.ts';
import { notABill } from './csv-scan.ts';
import { focusMarks, focusPeriodStart, focusRequired, focusSince, invoiceMonths } from './focus.ts';

export interface Format {
  family: 'FOCUS';
  version: string;
}

/** Layouts that are bills but not read by this version, by columns that only they have. */
const foreign: readonly { name: string; columns: readonly string[]; export: string }[] = [
  {
    name: 'a legacy AWS Cost and Usage Report',
    columns: ['lineItem/UnblendedCost', 'lineItem/LineItemType'],
    export: 'Create a Data Export of type FOCUS in the AWS console and import that.',
  },
  {
    name: 'an AWS CUR 2.0 export',
    columns: ['line_item_unblended_cost', 'line_item_line_item_type'],
    export: 'Create a Data Export of type FOCUS in the AWS console and import that.',
  },
  {
    name: 'a Google Cloud billing export',
    columns: ['billing_account_id', 'usage_start_time'],
    export: 'Export the FOCUS view of the detailed usage export and import that.',
  },
  {
    name: 'a native Azure cost export',
    columns: ['SubscriptionId', 'MeterCategory'],
    export: 'Create a Cost Management export of type FOCUS and import that.',
  },
];

/**
 * Recognises a file by its columns. Refuses what is no bill, a bill of a layout that this
 * version does not read (saying what to export instead), and FOCUS that lacks what totals need.
 */
export function detectFormat(file: string, columns: readonly string[]): Format {
  const has = lookup(columns);
  const marks = focusMarks.filter(has).length;
  if (marks < 3) {
    const known = foreign.find((layout) => layout.columns.every(has));
    if (!known) throw notABill(file);
    throw new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${file} is ${known.name}, which this version does not read. Nothing was changed.`,
      known.export,
    );
  }
  const missing: string[] = focusRequired.filter((column) => !has(column));
  if (!has(focusPeriodStart) && !invoiceMonths.some(has)) missing.push(focusPeriodStart);
  if (missing.length > 0) {
    throw new OutlayError(
      'COLUMN_MISSING',
      `${file} lacks the column ${missing.join(', ')}. Nothing was changed.`,
      'Export it again with all FOCUS columns.',
    );
  }
  const version = focusSince.find(([, since]) => since.some(has))?.[0] ?? '1.0';
  return { family: 'FOCUS', version };
}

/** Refuses a header that names one column twice: which one counts would be a guess. */
export function assertDistinct(file: string, columns: readonly string[]): void {
  const seen = new Set<string>();
  for (const column of columns) {
    const key = column.toLowerCase();
    if (key !== '' && seen.has(key)) {
      throw new OutlayError(
        'COLUMN_DUPLICATE',
        `${file} has two columns named ${column}. Nothing was changed.`,
        'Remove or rename one of them.',
      );
    }
    seen.add(key);
  }
}

/** Column names compare without regard to case. */
export function lookup(columns: readonly string[]): (name: string) => boolean {
  const names = new Set(columns.map((column) => column.toLowerCase()));
  return (name) => names.has(name.toLowerCase());
}
