import { OutlayError } from '../../../shared/contract/errors.ts';
import { notABill } from './csv-scan.ts';

export type Packing = 'gz' | 'zst' | null;

/** How the bytes of a file are packed, by their first ones. */
export function packingOf(head: Buffer): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gz';
  return head.subarray(0, 4).toString('hex') === '28b52ffd' ? 'zst' : null;
}

export function isParquet(head: Buffer): boolean {
  return head.subarray(0, 4).toString('latin1') === 'PAR1';
}

/** Whether the text begins as JSON does, behind a byte-order mark and white space. */
export function isJson(head: Buffer): boolean {
  return /^(?:\uFEFF)?\s*(?:\{|\[\s*\{)/.test(head.toString('utf8'));
}

const spreadsheet = 'Save the sheet as CSV (UTF-8), or import the export that it was made from.';

/** Documents that people mistake for a bill's data, by bytes that only they have. */
const documents: readonly { name: string; is: (head: Buffer) => boolean; instead: string }[] = [
  {
    name: 'an Excel workbook',
    is: (head) =>
      startsWith(head, '504b0304') &&
      /\[Content_Types\]\.xml|xl\/|_rels\/|docProps\//.test(head.toString('latin1')),
    instead: spreadsheet,
  },
  {
    name: 'an OpenDocument sheet',
    is: (head) => startsWith(head, '504b0304') && head.includes('opendocument.spreadsheet'),
    instead: spreadsheet,
  },
  {
    name: 'an old Excel workbook',
    is: (head) => startsWith(head, 'd0cf11e0'),
    instead: spreadsheet,
  },
  {
    name: 'a PDF document',
    is: (head) => head.subarray(0, 5).toString('latin1') === '%PDF-',
    instead: 'A PDF invoice holds no rows. Export the bill as FOCUS, CSV or Parquet.',
  },
];

/** Refuses what is not text: by its name where it is known. */
export function refuseBinary(head: Buffer, name: string): void {
  if (startsWith(head, 'fffe') || startsWith(head, 'feff')) {
    throw new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${name} is UTF-16 text. Nothing was changed.`,
      'Save it as UTF-8 and import it again.',
    );
  }
  const known = documents.find(({ is }) => is(head));
  if (known) {
    throw new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${name} is ${known.name}, which this version does not read. Nothing was changed.`,
      known.instead,
    );
  }
  if (head.includes(0)) throw notABill(name);
}

function startsWith(head: Buffer, hex: string): boolean {
  return head.subarray(0, hex.length / 2).toString('hex') === hex;
}
