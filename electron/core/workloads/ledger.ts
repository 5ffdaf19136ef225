import { readRules, type UserRule } from '../../../shared/workloads/userRules.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import type { WritableDb } from '../store/open.ts';
import { type CountedTokens, type Days, readTokenCounts } from '../tokens/counts.ts';
import { type Classified, classifySeries, emptyClassified } from './classification.ts';
import { highestIds } from './classify-ledger.ts';
import {
  nameReader,
  packClassification,
  readClassification,
  readRuleText,
  storedStamp,
  writeClassification,
} from './queries.ts';
import { allSeriesFacts, seriesFacts, type SeriesFacts } from './series-facts.ts';
import { type Decided, decide } from './user-rules.ts';

/** Every series with its purpose and workload. */
export interface ClassifiedLedger {
  base: Classified;
  decided: Decided;
  rules: readonly UserRule[];
  /** What model vendors counted on some days, each token once. */
  tokenCounts: (days: Days) => CountedTokens;
}

export interface LedgerDeps {
  db: WritableDb;
  cube: Cube;
  axes: Axes;
  /** A job is writing: it keeps the classification itself. */
  busy: () => boolean;
  /** The file was written; the bills are as they were. */
  written: () => void;
}

export interface WorkloadLedger {
  /** Classified up to the last series, with the rules that hold now. */
  read: () => Promise<ClassifiedLedger>;
  /** The same with other rules, which are not kept. */
  withRules: (rules: readonly UserRule[]) => Promise<Decided>;
  /** For reasons, asked of few series. */
  facts: () => SeriesFacts;
}

/** Steps are taken together this long; whoever asks something else meanwhile waits no longer. */
const togetherMs = 4;

/**
 * What every charge is for. Read from the store where it is there, worked out in short steps where it
 * is not, and kept in memory until series or rules are added: each question of the page needs it.
 */
export function createWorkloadLedger(deps: LedgerDeps): WorkloadLedger {
  const { db, cube, axes } = deps;
  const nameOf = nameReader(db);
  let base: Classified | null = null;
  let stamp: string | null = null;
  let revision = -1;
  let rules: { id: number; rules: UserRule[] } | null = null;
  let decided: { of: Classified; rules: number; decided: Decided } | null = null;
  let facts: { revision: number; facts: SeriesFacts } | null = null;
  let reading: Promise<ClassifiedLedger> | null = null;
  const counts = new Map<string, CountedTokens>();

  function fewFacts(): SeriesFacts {
    const now = cube.revision();
    if (facts?.revision !== now) facts = { revision: now, facts: seriesFacts(cube, nameOf) };
    return facts.facts;
  }

  /** Asked several times for one answer. */
  function tokenCounts({ firstDay, lastDay }: Days): CountedTokens {
    // Written by others, or by us.
    const state = [
      db.pragma('data_version', { simple: true }),
      db.prepare('SELECT total_changes()').pluck().get(),
    ];
    const key = JSON.stringify([state, firstDay, lastDay]);
    const known = counts.get(key) ?? readTokenCounts(db, { firstDay, lastDay });
    if (!counts.has(key) && counts.size > 3) counts.clear();
    counts.set(key, known);
    return known;
  }

  async function classified(): Promise<Classified> {
    const now = cube.revision();
    if (base && revision === now) return base;
    const count = cube.seriesCount();
    const stored = storedStamp(db);
    // What is in memory goes on from what is stored, as long as that is the same.
    if (!base || stored !== stamp) base = readClassification(db) ?? emptyClassified();
    stamp = stored;
    if (base.series < count) {
      base = await inSteps(classifySeries(base, await allSeriesFacts(cube)));
      await keep(base);
    }
    revision = cube.revision();
    return base;
  }

  async function keep(of: Classified): Promise<void> {
    if (deps.busy()) return;
    const packed = await packClassification(of);
    try {
      db.pragma('busy_timeout = 0');
      stamp = writeClassification(db, packed, highestIds(cube, of));
      deps.written();
    } catch (error) {
      // Read-only, full, or another process is writing: it is worked out again next time.
      if (typeof (error as { code?: unknown }).code !== 'string') throw error;
    } finally {
      db.pragma(`busy_timeout = 10000`);
    }
  }

  async function read(): Promise<ClassifiedLedger> {
    const of = await classified();
    const stored = readRuleText(db);
    if (rules?.id !== stored.id) {
      rules = { id: stored.id, rules: (await readRules(stored.text)).rules };
    }
    if (decided?.of !== of || decided.rules !== rules.id) {
      const now = await inSteps(decide(cube, axes, of, rules.rules));
      decided = { of, rules: rules.id, decided: now };
    }
    return { base: of, decided: decided.decided, rules: rules.rules, tokenCounts };
  }

  return {
    // One at a time: a second question waits for the first one's answer.
    read: () => (reading ??= read().finally(() => (reading = null))),
    withRules: async (own) => inSteps(decide(cube, axes, await classified(), own)),
    facts: fewFacts,
  };
}

/** Takes the steps, letting others go first every few milliseconds. */
export async function inSteps<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + togetherMs;
    while (performance.now() < until) {
      const step = steps.next();
      if (step.done) return step.value;
    }
    await giveWay();
  }
}
