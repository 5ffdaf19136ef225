import { createHash } from 'node:crypto';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { LeftOut, PricesImported } from '../../../shared/contract/prices.ts';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import { assertUnchanged, type FileFacts, fileFacts } from '../ingest/source-file.ts';
import type { WritableDb } from '../store/open.ts';
import { addSheet, finishSheet, priceWriter, settleSheet, sheetWith } from './queries.ts';
import { readableSheets, readSheet } from './read-sheet.ts';
import type { SheetReading, SheetRow } from './sheet-row.ts';

export interface SheetsRequest {
  paths: string[];
  reading: SheetReading;
}

export interface SheetsContext {
  db: WritableDb;
  now: () => Date;
  signal: AbortSignal;
  progress: (state: Partial<JobProgress>) => void;
}

type Outcome = PricesImported['sheets'][number];

const mostPrices = 3_000_000;

/** Imports price lists, each in a transaction of its own: a file is in wholly or not at all. */
export async function importSheets(
  context: SheetsContext,
  { paths, reading }: SheetsRequest,
): Promise<PricesImported> {
  const sheets: Outcome[] = [];
  context.progress({ files: paths.length });
  for (const path of paths) {
    try {
      const file = await fileFacts(path);
      context.progress({ step: 'reading', file: file.name });
      sheets.push(await importSheet(context, file, reading));
    } catch (error) {
      if (context.signal.aborted || !(error instanceof OutlayError)) throw error;
      const { code, message, hint } = error;
      const name = path.split(/[\\/]/).at(-1) ?? path;
      // What the readers of bills say of a file that is none.
      const [reason, next] =
        code === 'NOT_A_BILL'
          ? [`${name} is no price list that is known. Nothing was changed.`, readableSheets]
          : [message, hint];
      sheets.push({
        file: name,
        status: 'refused',
        sheet: null,
        code: code === 'NOT_A_BILL' ? 'UNSUPPORTED_FORMAT' : code,
        reason,
        ...(next === undefined ? {} : { hint: next }),
      });
    }
  }
  return { sheets };
}

async function importSheet(
  { db, now, signal, progress }: SheetsContext,
  file: FileFacts,
  reading: SheetReading,
): Promise<Outcome> {
  const importedAt = now().toISOString();
  const today = importedAt.slice(0, 10);
  const hash = createHash('sha256');
  const told = JSON.stringify(reading);
  let bytes = 0;
  let dated = '';
  let prices = 0;
  const leftOut = new Map<string, LeftOut>();
  db.exec('BEGIN IMMEDIATE');
  try {
    const id = addSheet(db);
    const write = priceWriter(db, id);
    const sink = {
      price: (row: SheetRow) => {
        if (++prices > mostPrices) throw tooMany(file.name);
        write(row);
      },
      leaveOut: (code: string, message: string) => {
        const entry = leftOut.get(message) ?? { code, count: 0, message };
        leftOut.set(message, { ...entry, count: entry.count + 1 });
      },
      dated: (day: string) => {
        if (day > dated) dated = day;
      },
    };
    const { format, kind } = await readSheet(
      {
        file,
        hash,
        signal,
        onBytes: (count) => {
          bytes += count;
          progress({ bytesDone: bytes, bytes: file.bytes });
        },
      },
      { file: file.name, reading, today, sink },
    );
    if (signal.aborted) throw new OutlayError('CANCELLED', 'Cancelled. Nothing was changed.');
    await assertUnchanged(file);
    const sha256 = hash.digest('hex');
    const same = sheetWith(db, sha256, told);
    if (same) {
      db.exec('ROLLBACK');
      return { file: file.name, status: 'unchanged', sheet: same };
    }
    progress({ step: 'storing' });
    const settled = settleSheet(db, id, kind === 'negotiated');
    if ('rows' in settled) throw twoPrices(file.name, settled.sku, settled.rows);
    if (settled.unclear > 0) {
      const message = 'Offers that price the same thing twice differently were not read.';
      leftOut.set(message, { code: 'UNCLEAR', count: settled.unclear, message });
    }
    if (settled.prices === 0) throw noPrices(file.name, [...leftOut.values()]);
    const sheet = finishSheet(db, id, {
      file: file.name,
      format,
      kind: reading.kind ?? kind,
      dated: reading.date ?? (dated || today),
      sha256,
      reading: told,
      bytes: file.bytes,
      prices: settled.prices,
      leftOut: [...leftOut.values()],
      importedAt,
    });
    db.exec('COMMIT');
    return { file: file.name, status: 'loaded', sheet };
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function twoPrices(file: string, sku: string, [first, last]: [number, number]): OutlayError {
  return new OutlayError(
    'ROW_BAD',
    `${file}, row ${last}: ${sku} has another price in row ${first}, for the same region, purchase and first day. Nothing was changed.`,
    'Keep one of them, or tell them apart by variant, unit or valid_from.',
  );
}

function noPrices(file: string, leftOut: readonly LeftOut[]): OutlayError {
  const why = leftOut.map(({ message, count }) => `${message} (${count})`).join(' ');
  return new OutlayError(
    'NO_DATA',
    `${file} holds no price. ${why ? `${why} ` : ''}Nothing was changed.`,
    'Check that it is the file you meant.',
  );
}

function tooMany(file: string): OutlayError {
  return new OutlayError(
    'TOO_LARGE',
    `${file} holds more than ${mostPrices / 1_000_000} million prices. Nothing was changed.`,
    'Take the list of one service in one region.',
  );
}
