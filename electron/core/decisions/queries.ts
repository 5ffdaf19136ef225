import type { Decision, DecisionEntry, Promised } from '../../../shared/contract/decisions.ts';
import type { SavingsLever } from '../../../shared/contract/savings.ts';
import type { ActionNames } from '../../../shared/decisions/history.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import type { ActionScope } from './planned.ts';

/** Everything ever decided about one action. */
export interface Decided {
  /** As the plan named it last. */
  names: ActionNames;
  /** Oldest first. */
  history: DecisionEntry[];
  /** What of the bill it changes, as the plan said it last; null where no plan ever did. */
  scope: ActionScope | null;
}

interface Row {
  id: number;
  key: string;
  action: string;
  title: string;
  detail: string;
  lever: SavingsLever;
  at: string;
  decision: string;
  promise: string | null;
  scope: string | null;
}

const columns = 'id, key, action, title, detail, lever, at, decision, promise, scope';

/** By action, the one decided about last first. */
export function allDecided(db: ReadableDb): Decided[] {
  const rows = db.prepare(`SELECT ${columns} FROM decision ORDER BY id`).all() as Row[];
  return decidedOf(rows).sort((a, b) => (b.history.at(-1)?.id ?? 0) - (a.history.at(-1)?.id ?? 0));
}

/** About one action; null where nothing ever was. */
export function decidedAbout(db: ReadableDb, key: string): Decided | null {
  const rows = db
    .prepare(`SELECT ${columns} FROM decision WHERE key = ? ORDER BY id`)
    .all(key) as Row[];
  return decidedOf(rows)[0] ?? null;
}

function decidedOf(rows: readonly Row[]): Decided[] {
  const found = new Map<string, Decided>();
  for (const { id, at, decision, promise, scope, ...names } of rows) {
    let decided = found.get(names.key);
    if (!decided) found.set(names.key, (decided = { names, history: [], scope: null }));
    decided.names = names;
    decided.history.push({
      id,
      at,
      decision: JSON.parse(decision) as Decision,
      promise: promise === null ? null : (JSON.parse(promise) as Promised),
    });
    if (scope !== null) decided.scope = JSON.parse(scope) as ActionScope;
  }
  return [...found.values()];
}

/** Adds one; what is there stays. */
export function addDecision(
  db: WritableDb,
  names: ActionNames,
  entry: Omit<DecisionEntry, 'id'>,
  scope: ActionScope | null,
): void {
  db.prepare(
    `INSERT INTO decision (key, action, title, detail, lever, at, decision, promise, scope)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    names.key,
    names.action,
    names.title,
    names.detail,
    names.lever,
    entry.at,
    JSON.stringify(entry.decision),
    entry.promise === null ? null : JSON.stringify(entry.promise),
    scope === null ? null : JSON.stringify(scope),
  );
}
