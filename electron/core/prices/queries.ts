import type { Price, PriceSheet, SheetKind } from '../../../shared/contract/prices.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import type { SheetRow } from './sheet-row.ts';

export interface NewSheet {
  file: string;
  sha256: string;
  /** JSON of what the import was told. */
  reading: string;
  bytes: number;
  importedAt: string;
}

/** The sheet of the same bytes, read in the same way. */
export function sheetWith(db: ReadableDb, sha256: string, reading: string): PriceSheet | null {
  const row = db
    .prepare('SELECT * FROM price_sheet WHERE sha256 = ? AND reading = ?')
    .get(sha256, reading) as SheetRecord | undefined;
  return row ? sheetOf(row) : null;
}

export function listSheets(db: ReadableDb): PriceSheet[] {
  const rows = db
    .prepare('SELECT * FROM price_sheet ORDER BY dated DESC, id DESC')
    .all() as SheetRecord[];
  return rows.map(sheetOf);
}

/** Begins a sheet; `finishSheet` says what it turned out to hold. Both in one transaction. */
export function addSheet(db: WritableDb): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO price_sheet (file, format, kind, dated, sha256, reading, bytes, prices, left_out, imported_at)
       VALUES ('', '', 'published', '', hex(randomblob(16)), '', 0, 0, '[]', '')`,
    )
    .run();
  return Number(lastInsertRowid);
}

export function finishSheet(
  db: WritableDb,
  id: number,
  sheet: NewSheet & {
    format: string;
    kind: SheetKind;
    dated: string;
    prices: number;
    leftOut: PriceSheet['leftOut'];
  },
): PriceSheet {
  db.prepare(
    `UPDATE price_sheet SET file = @file, format = @format, kind = @kind, dated = @dated,
       sha256 = @sha256, reading = @reading, bytes = @bytes, prices = @prices,
       left_out = @leftOut, imported_at = @importedAt
     WHERE id = @id`,
  ).run({ ...sheet, leftOut: JSON.stringify(sheet.leftOut), id });
  return sheetOf(db.prepare('SELECT * FROM price_sheet WHERE id = ?').get(id) as SheetRecord);
}

/** A function that stores one price of a sheet. */
export function priceWriter(db: WritableDb, sheetId: number): (row: SheetRow) => void {
  const insert = db.prepare(
    `INSERT INTO price VALUES (${sheetId}, @row, @provider, @sku, @skuId, @variant, @region,
       @currency, @unit, @purchase, @offer, @termMonths, @payment, @tier, @amount, @upfront,
       @validFrom, @validTo)`,
  );
  return (row) => void insert.run(row);
}

/** What makes two prices the price of the same thing. */
const key =
  'provider, sku, variant, region, currency, unit, purchase, offer, term_months, payment, tier';

/**
 * Takes out what a sheet says twice, and answers how many prices are left. Where two rows give the same
 * thing two prices: the rows where `strict`, else neither is kept, as there is no telling which holds.
 * Done here and not while reading: a list can hold millions.
 */
export function settleSheet(
  db: WritableDb,
  sheetId: number,
  strict: boolean,
): { prices: number; unclear: number } | { sku: string; rows: [number, number] } {
  const same = `${key}, sku_id, valid_from`;
  const several = `WHERE sheet_id = @id GROUP BY ${same}
    HAVING count(DISTINCT amount || ' ' || ifnull(upfront, '')) > 1`;
  const conflict = db
    .prepare(
      `SELECT sku, min(file_row) AS first, max(file_row) AS last FROM price ${several} LIMIT 1`,
    )
    .get({ id: sheetId }) as { sku: string; first: number; last: number } | undefined;
  if (conflict && strict) return { sku: conflict.sku, rows: [conflict.first, conflict.last] };
  const unclear = conflict
    ? db
        .prepare(
          `DELETE FROM price WHERE rowid IN
             (SELECT rowid FROM
               (SELECT rowid, min(stated) OVER same AS least, max(stated) OVER same AS most FROM
                 (SELECT *, rowid, amount || ' ' || ifnull(upfront, '') AS stated FROM price WHERE sheet_id = ?)
                WINDOW same AS (PARTITION BY ${same}))
              WHERE least <> most)`,
        )
        .run(sheetId).changes
    : 0;
  db.prepare(
    `DELETE FROM price WHERE sheet_id = @id AND rowid NOT IN
       (SELECT min(rowid) FROM price WHERE sheet_id = @id GROUP BY ${same})`,
  ).run({ id: sheetId });
  const prices = db.prepare('SELECT count(*) FROM price WHERE sheet_id = ?').pluck().get(sheetId);
  return { prices: prices as number, unclear };
}

export interface PriceFilter {
  provider?: string | undefined;
  /** Exactly, or what begins so where it ends in "*". */
  sku?: string | undefined;
  region?: string | undefined;
  currency?: string | undefined;
  purchase?: string | undefined;
  sheet?: number | undefined;
  kind?: SheetKind | undefined;
  at: string;
  history: boolean;
  limit: number;
}

/**
 * Which of them holds: a negotiated one before a published one, then the later dated sheet, then the
 * one that begins later, then the later import.
 */
const order = "kind = 'negotiated' DESC, dated DESC, valid_from DESC, sheet_id DESC";

/** Prices that match, by sku; without `history` the one that holds on the day, for each thing. */
export function findPrices(
  db: ReadableDb,
  filter: PriceFilter,
): { prices: Price[]; matched: number } {
  const where: string[] = [];
  const values: Record<string, unknown> = { at: filter.at, limit: filter.limit };
  const equal = (column: string, name: 'provider' | 'currency' | 'purchase' | 'sheet' | 'kind') => {
    if (filter[name] === undefined) return;
    where.push(`${column} = @${name}`);
    values[name] = filter[name];
  };
  equal('provider', 'provider');
  equal('currency', 'currency');
  equal('purchase', 'purchase');
  equal('sheet_id', 'sheet');
  equal('kind', 'kind');
  if (filter.region !== undefined) {
    // A price of every region is one of each.
    where.push("region IN (@region, '')");
    values['region'] = filter.region;
  }
  if (filter.sku !== undefined) {
    const prefix = filter.sku.endsWith('*') ? filter.sku.slice(0, -1) : null;
    where.push(prefix === null ? 'sku = @sku' : "sku LIKE @sku || '%' ESCAPE '\\'");
    values['sku'] = prefix?.replaceAll(/[\\%_]/g, String.raw`\$&`) ?? filter.sku;
  }
  if (!filter.history) {
    where.push('valid_from <= @at', '(valid_to IS NULL OR valid_to > @at)');
  }
  const rank = filter.history ? '1' : `ROW_NUMBER() OVER (PARTITION BY ${key} ORDER BY ${order})`;
  const from = `
    FROM (SELECT price.*, kind, dated, ${rank} AS place
          FROM price JOIN price_sheet ON price_sheet.id = sheet_id
          ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''})
    WHERE place = 1`;
  const used = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
  const named = [...from.matchAll(/@(\w+)/g)].map((match) => match[1] ?? '');
  const matched = db.prepare(`SELECT count(*) ${from}`).pluck().get(used(named)) as number;
  const rows = db
    .prepare(`SELECT * ${from} ORDER BY ${key}, ${order}, file_row LIMIT @limit`)
    .all(used([...named, 'limit'])) as PriceRecord[];
  return { prices: rows.map(priceOf), matched };
}

interface SheetRecord {
  id: number;
  file: string;
  format: string;
  kind: SheetKind;
  dated: string;
  sha256: string;
  bytes: number;
  prices: number;
  left_out: string;
  imported_at: string;
}

function sheetOf(row: SheetRecord): PriceSheet {
  const { id, file, format, kind, dated, sha256, bytes, prices } = row;
  return {
    id,
    file,
    format,
    kind,
    dated,
    sha256,
    bytes,
    prices,
    leftOut: JSON.parse(row.left_out) as PriceSheet['leftOut'],
    importedAt: row.imported_at,
  };
}

interface PriceRecord {
  sheet_id: number;
  file_row: number;
  kind: SheetKind;
  provider: string;
  sku: string;
  sku_id: string;
  variant: string;
  region: string;
  currency: string;
  unit: string;
  purchase: Price['purchase'];
  offer: string;
  term_months: number;
  payment: NonNullable<Price['payment']> | '';
  tier: string;
  amount: string;
  upfront: string | null;
  valid_from: string;
  valid_to: string | null;
}

function priceOf(row: PriceRecord): Price {
  return {
    sheet: row.sheet_id,
    row: row.file_row,
    kind: row.kind,
    provider: row.provider,
    sku: row.sku,
    skuId: row.sku_id || null,
    variant: row.variant,
    region: row.region || null,
    currency: row.currency,
    unit: row.unit,
    purchase: row.purchase,
    offer: row.offer || null,
    termMonths: row.term_months || null,
    payment: row.payment || null,
    tier: row.tier,
    amount: row.amount,
    upfront: row.upfront,
    validFrom: row.valid_from || null,
    validTo: row.valid_to,
  };
}
