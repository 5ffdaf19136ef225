import * as z from 'zod/mini';
import { createReadStream } from 'node:fs';
import type { Hash } from 'node:crypto';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { SheetKind } from '../../../shared/contract/prices.ts';
import { emptyFile } from '../ingest/csv-scan.ts';
import { isJson, isParquet, packingOf, refuseBinary } from '../ingest/file-kind.ts';
import { createJsonScanner } from '../ingest/json-scan.ts';
import { damaged, type FileFacts } from '../ingest/source-file.ts';
import {
  awsOfferCsv,
  awsOfferFile,
  awsOfferShape,
  awsProduct,
  awsProductShape,
  isAwsOfferCsv,
} from './aws-offers.ts';
import { azureItem, azureItemShape } from './azure-retail.ts';
import { csvRecords } from './csv-records.ts';
import { googleSku, googleSkuShape } from './google-skus.ts';
import { isOwnLayout, ownLayout } from './own-layout.ts';
import { plainTable } from './plain-tables.ts';
import { maybeText, type SheetContext } from './sheet-row.ts';
import {
  isModelPrices,
  modelPrices,
  modelsShape,
  vendorPrices,
  vendorShape,
} from './token-lists.ts';

export const readableSheets =
  'Outlay reads its own price layout (docs/prices.md), AWS price lists, Google Cloud SKU lists and Azure retail prices: CSV or JSON, also compressed.';

/** Which layout a file was found to have. */
export interface SheetFormat {
  format: string;
  kind: SheetKind;
}

export interface SheetInput {
  file: FileFacts;
  hash: Hash;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/** A price list of a service in one region stays below this. */
const textLimit = 4 * 2 ** 30;
const jsonLimit = 256 * 2 ** 20;

/**
 * Reads a price list to its end and gives each price to the sink. The layout is known by the content,
 * never by the name. Throws an OutlayError that names the file and, where there is one, row and column.
 */
export async function readSheet(input: SheetInput, context: SheetContext): Promise<SheetFormat> {
  const chunks = textOfFile(input);
  try {
    const first = await chunks.next();
    if (first.done) throw emptyFile(input.file.name);
    const text = startingWith(first.value, chunks);
    return isJson(first.value.subarray(0, 4096))
      ? await readJson(text, context)
      : await readCsv(text, context);
  } catch (error) {
    throw fileError(error, input.file.name);
  } finally {
    await chunks.return(undefined);
  }
}

async function readCsv(text: AsyncIterable<Buffer>, context: SheetContext): Promise<SheetFormat> {
  const { file } = context;
  let reader: ((record: { row: number; cells: string[] }) => void) | null = null;
  let format: SheetFormat | null = null;
  let end = () => {};
  let width = 0;
  for await (const record of csvRecords(file, text)) {
    if (reader === null) {
      const { cells } = record;
      if (isAwsOfferCsv(cells)) {
        const offer = awsOfferCsv(context);
        ({ end } = offer);
        reader = offer.record;
        format = { format: 'AWS price list', kind: 'published' };
        reader(record);
        continue;
      }
      const table = plainTable(cells, context);
      if (table) {
        format = { format: table.format, kind: 'published' };
        reader = table.record;
      } else if (isOwnLayout(cells)) {
        format = { format: 'Outlay price sheet', kind: 'negotiated' };
        reader = ownLayout(cells, context);
      } else {
        throw notPrices(file, cells);
      }
      width = cells.length;
      continue;
    }
    // The lines before the header of an AWS offer have two cells, its rows a hundred.
    if (width > 0 && record.cells.length !== width) {
      throw new OutlayError(
        'ROW_BAD',
        `${file}, row ${record.row}: ${record.cells.length} cells, the header has ${width}. Nothing was changed.`,
        'The file is cut or an unquoted cell holds the delimiter. Export it again.',
      );
    }
    reader(record);
  }
  end();
  if (!format) throw emptyFile(file);
  return format;
}

async function readJson(text: AsyncIterable<Buffer>, context: SheetContext): Promise<SheetFormat> {
  const { file } = context;
  const scanner = createJsonScanner(file, () => {});
  let format: SheetFormat | null = null;
  let row = 0;
  let parts: Buffer[] = [];
  let size = 0;
  const line = (end: Buffer) => {
    const bytes = Buffer.concat([...parts, end]);
    parts = [];
    size = 0;
    if (bytes.length === 0) return;
    const record = parsed(bytes.toString(), file, row + 1);
    const found = readRecord(record, ++row, context);
    if (format && found.format !== format.format) throw mixed(file, row);
    format = found;
  };
  for await (const chunk of text) {
    let rest = scanner.push(chunk);
    for (let at = rest.indexOf(0x0a); at >= 0; at = rest.indexOf(0x0a)) {
      line(rest.subarray(0, at));
      rest = rest.subarray(at + 1);
    }
    // What the scanner writes into is used again.
    if (rest.length > 0) parts.push(Buffer.from(rest));
    size += rest.length;
    if (size > jsonLimit) throw tooLarge(file);
  }
  scanner.end();
  line(Buffer.alloc(0));
  if (!format) throw notPrices(file, []);
  return format;
}

/** One record: a whole list, or one element of it. Numbers are text here, digit for digit. */
function readRecord(
  record: Record<string, unknown>,
  row: number,
  context: SheetContext,
): SheetFormat {
  const { file, sink } = context;
  const published = (format: string): SheetFormat => ({ format, kind: 'published' });
  const listed = <S extends z.ZodMiniType>(
    name: string,
    shape: S,
    read: (element: z.output<S>, at: number) => void,
  ) => {
    const list = shaped(z.array(z.unknown()), record[name], file, name);
    for (const [i, element] of list.entries()) {
      read(shaped(shape, element, file, `${name} ${i + 1}`), i + 1);
    }
    if (record['nextPageToken'] || record['NextPageLink'] || record['NextToken']) {
      sink.leaveOut('MORE_PAGES', 'The list goes on: import its other pages too.');
    }
  };
  const one = <S extends z.ZodMiniType>(shape: S) => shaped(shape, record, file, `record ${row}`);
  if ('products' in record && 'terms' in record) {
    awsOfferFile(one(awsOfferShape), context);
    return published('AWS price list');
  }
  if ('PriceList' in record) {
    listed('PriceList', z.unknown(), (element, at) => {
      const product = typeof element === 'string' ? parsed(element, file, at) : element;
      awsProduct(shaped(awsProductShape, product, file, `PriceList ${at}`), at, context);
    });
    return published('AWS price list');
  }
  if ('product' in record && 'terms' in record) {
    awsProduct(one(awsProductShape), row, context);
    return published('AWS price list');
  }
  if ('skus' in record) {
    listed('skus', googleSkuShape, (sku, at) => googleSku(sku, at, context));
    return published('Google Cloud SKU list');
  }
  if ('skuId' in record && 'pricingInfo' in record) {
    googleSku(one(googleSkuShape), row, context);
    return published('Google Cloud SKU list');
  }
  if ('Items' in record) {
    const currency = shaped(maybeText, record['BillingCurrency'], file, 'BillingCurrency');
    listed('Items', azureItemShape, (item, at) =>
      azureItem({ ...item, currencyCode: item.currencyCode ?? currency }, at, context),
    );
    return published('Azure retail prices');
  }
  if ('retailPrice' in record && 'meterName' in record) {
    azureItem(one(azureItemShape), row, context);
    return published('Azure retail prices');
  }
  if ('vendor' in record && 'models' in record) {
    vendorPrices(one(vendorShape), context);
    return published('Model price list');
  }
  if (isModelPrices(record)) {
    modelPrices(one(modelsShape), context);
    return published('Model price list');
  }
  throw notPrices(file, Object.keys(record));
}

/** A part of a list as its shape has it; a part of another shape is named. */
function shaped<S extends z.ZodMiniType>(
  shape: S,
  value: unknown,
  file: string,
  where: string,
): z.output<S> {
  const found = z.safeParse(shape, value);
  if (found.success) return found.data;
  const path = found.error.issues[0]?.path.join('.') ?? '';
  throw new OutlayError(
    'ROW_BAD',
    `${file}, ${where}${path === '' ? '' : `, ${path}`} is not formed as such a price list is. Nothing was changed.`,
    'Export or download it again.',
  );
}

function parsed(text: string, file: string, row: number): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new OutlayError(
      'FILE_DAMAGED',
      `${file}, record ${row}: not valid JSON. Nothing was changed.`,
      'The file is cut or damaged. Export or copy it again.',
      { cause: error },
    );
  }
}

/** Bytes of the text: unpacked where the file is packed. */
async function* textOfFile({ file, hash, signal, onBytes }: SheetInput): AsyncGenerator<Buffer> {
  const raw = createReadStream(file.path, { highWaterMark: 1 << 20, signal });
  let unpack: Transform | null = null;
  try {
    let first = true;
    let bytes = 0;
    const queue = raw[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const counted = async function* (): AsyncGenerator<Buffer> {
      for (let next = await queue.next(); !next.done; next = await queue.next()) {
        hash.update(next.value);
        onBytes(next.value.length);
        yield next.value;
      }
    };
    const source = counted();
    const head = await source.next();
    if (head.done) return;
    const packing = packingOf(head.value);
    const all = startingWith(head.value, source);
    let text: AsyncIterable<Buffer> = all;
    if (packing !== null) {
      const { Readable } = await import('node:stream');
      const packed = Readable.from(all, { objectMode: false });
      const through = packing === 'gz' ? createGunzip() : createZstdDecompress();
      unpack = through;
      packed.on('error', (error) => through.destroy(error));
      text = packed.pipe(through);
    }
    for await (const chunk of text) {
      if (first) {
        first = false;
        if (isParquet(chunk)) throw notPrices(file.name, []);
        refuseBinary(chunk.subarray(0, 4096), file.name);
      }
      bytes += chunk.length;
      if (bytes > textLimit) throw tooLarge(file.name);
      yield chunk;
    }
  } finally {
    unpack?.destroy();
    raw.destroy();
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function fileError(error: unknown, name: string): unknown {
  const code = (error as { code?: string } | null)?.code;
  if (error instanceof OutlayError || code === undefined) return error;
  if (code === 'ABORT_ERR') return new OutlayError('CANCELLED', 'Cancelled. Nothing was changed.');
  if (code === 'Z_BUF_ERROR') return damaged(name, 'the compressed data ends early');
  if (code === 'Z_DATA_ERROR' || code.startsWith('ZSTD_error_')) {
    return damaged(name, `the compressed data is damaged (${(error as Error).message})`);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new OutlayError(
      'FILE_UNREADABLE',
      `${name} cannot be read: no permission.`,
      'Give yourself read permission and import it again.',
    );
  }
  return error;
}

function tooLarge(name: string): OutlayError {
  return new OutlayError(
    'FILE_TOO_LARGE',
    `${name} holds more text than a price list of one service and region does. Nothing was changed.`,
    'Take the list of one region, as CSV.',
  );
}

function mixed(file: string, row: number): OutlayError {
  return new OutlayError(
    'UNSUPPORTED_FORMAT',
    `${file}, record ${row}: the records before are of another price list. Nothing was changed.`,
    'Import one list a file.',
  );
}

/** Files that look like price lists and are none, with what they lack. */
function notPrices(file: string, names: readonly string[]): OutlayError {
  if (names.includes('spot_advisor')) {
    return new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${file} is Spot Advisor data: percentages and bands of interruptions, no prices. Nothing was changed.`,
      'Spot prices come from a bill or a price sheet.',
    );
  }
  if (names.length > 0 && names.every((name) => /^[\w.-]+\/[a-z]{2}-[a-z]+-\d$/.test(name))) {
    return new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${file} lists prices by type and region without saying of which day, currency and term. Nothing was changed.`,
      'Write them as a price sheet with these columns (docs/prices.md).',
    );
  }
  return new OutlayError(
    'UNSUPPORTED_FORMAT',
    `${file} is no price list that is known. Nothing was changed.`,
    readableSheets,
  );
}
