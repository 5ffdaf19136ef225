import { classificationVersion } from '../../../shared/workloads/version.ts';
import {
  packColumnLater,
  type PackedColumn,
  packTexts,
  unpackColumn,
  unpackTexts,
} from '../store/columns.ts';
import type { ColumnType } from '../store/columns.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import type { Classified } from './classification.ts';

const columnNames = ['purpose', 'rule', 'workload', 'meter'] as const;

/** Which classification is stored; null where none is, or none that still holds. */
export function storedStamp(db: ReadableDb): string | null {
  const row = db.prepare('SELECT stamp, version, names FROM classification').get() as
    | { stamp: string; version: string; names: string }
    | undefined;
  if (!row || row.version !== classificationVersion()) return null;
  return sameNames(db, JSON.parse(row.names) as KnownNames) ? row.stamp : null;
}

/** The stored classification; null where there is none that still holds. */
export function readClassification(db: ReadableDb): Classified | null {
  if (storedStamp(db) === null) return null;
  const row = db.prepare('SELECT series, texts FROM classification').get() as {
    series: number;
    texts: Buffer;
  };
  const [rules = '[]', workloads = '[]', meters = '[]'] = unpackTexts(row.texts);
  const stored = db.prepare('SELECT name, type, data FROM classification_column').all() as {
    name: (typeof columnNames)[number];
    type: ColumnType;
    data: Buffer;
  }[];
  const column = (name: (typeof columnNames)[number]): ArrayLike<number> => {
    const found = stored.find((one) => one.name === name);
    if (!found) throw new RangeError(`the classification has no column ${name}`);
    return unpackColumn(found.type, found.data, row.series);
  };
  return {
    series: row.series,
    purpose: Uint8Array.from(column('purpose')),
    rule: Uint16Array.from(column('rule')),
    workload: Uint32Array.from(column('workload')),
    meter: Uint32Array.from(column('meter')),
    rules: JSON.parse(rules) as Classified['rules'],
    workloads: JSON.parse(workloads) as Classified['workloads'],
    meters: JSON.parse(meters) as Classified['meters'],
  };
}

/** A classification as it will lie in the store, packed on other threads. */
export interface PackedClassification {
  series: number;
  texts: Buffer;
  columns: ({ name: string } & PackedColumn)[];
}

export async function packClassification(of: Classified): Promise<PackedClassification> {
  const texts = packTexts([of.rules, of.workloads, of.meters].map((list) => JSON.stringify(list)));
  const columns: PackedClassification['columns'] = [];
  for (const name of columnNames) columns.push({ name, ...(await packColumnLater(of[name])) });
  return { series: of.series, texts, columns };
}

/**
 * Keeps a classification in place of the one before and answers its stamp. `highest`: value ids that
 * its series have.
 */
export function writeClassification(
  db: WritableDb,
  { series, texts, columns }: PackedClassification,
  highest: Highest,
): string {
  const stamp = crypto.randomUUID();
  const put = db.prepare(
    `INSERT INTO classification_column VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET type = excluded.type, data = excluded.data`,
  );
  db.transaction(() => {
    const names = JSON.stringify(namesUpTo(db, highest));
    db.prepare('DELETE FROM classification').run();
    db.prepare('INSERT INTO classification VALUES (1, ?, ?, ?, ?, ?)').run(
      stamp,
      classificationVersion(),
      series,
      names,
      texts,
    );
    for (const { name, type, data } of columns) put.run(name, type, data);
  }).immediate();
  return stamp;
}

/** The display name of a value; asked of few, as all of them take a while to read. */
export function nameReader(db: ReadableDb): (dimension: Named, id: number) => string | undefined {
  const find = db
    .prepare('SELECT name FROM value_name WHERE dimension = ? AND value_id = ?')
    .pluck();
  return (dimension, id) => find.get(dimension, id) as string | undefined;
}

export type Named = 'sku' | 'resource';
export type Highest = Record<Named, number>;
type KnownNames = Record<Named, { highest: number; names: number }>;

/** How many of the values that were there have a name: one that came later changes what is read. */
function namesUpTo(db: ReadableDb, highest: Highest): KnownNames {
  const count = db
    .prepare('SELECT count(*) FROM value_name WHERE dimension = ? AND value_id <= ?')
    .pluck();
  const of = (dimension: Named) => ({
    highest: highest[dimension],
    names: count.get(dimension, highest[dimension]) as number,
  });
  return { sku: of('sku'), resource: of('resource') };
}

function sameNames(db: ReadableDb, { sku, resource }: KnownNames): boolean {
  const now = namesUpTo(db, { sku: sku.highest, resource: resource.highest });
  return now.sku.names === sku.names && now.resource.names === resource.names;
}

export interface StoredRules {
  id: number;
  text: string;
  setAt: string | null;
  /** The text before; null where there was none. */
  previous: string | null;
}

export function readRuleText(db: ReadableDb): StoredRules {
  const [now, before] = db
    .prepare('SELECT id, text, set_at AS setAt FROM rule_text ORDER BY id DESC LIMIT 2')
    .all() as { id: number; text: string; setAt: string }[];
  if (!now) return { id: 0, text: '', setAt: null, previous: null };
  return { ...now, previous: before?.text ?? '' };
}

export function addRuleText(db: WritableDb, text: string, setAt: string): void {
  db.prepare('INSERT INTO rule_text (text, set_at) VALUES (?, ?)').run(text, setAt);
}
