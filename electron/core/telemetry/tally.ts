import type { TelemetryFinding } from '../../../shared/contract/telemetry.ts';
import type { BlankReason } from '../../../shared/telemetry/values.ts';

/**
 * What became of every value of a file. Nothing is lost in silence: `read` is what was kept, what
 * was there already, what is unknown, what no figure uses, and what a rising counter needs as its
 * start.
 */
export interface Tally {
  read: number;
  kept: number;
  duplicates: number;
  /** Of the duplicates, those that came with another value. */
  conflicts: number;
  blanks: Map<BlankReason, number>;
  /** Counter name -> values. */
  notUsed: Map<string, number>;
  /** Readings of rising counters that begin a series. */
  starts: number;
  /** Readings of rising counters that lie before the one read last. */
  outOfOrder: number;
  resets: number;
  /** What a reader has to say beside: code -> how often, and in words. */
  notes: Map<string, { count: number; message: string }>;
}

export function newTally(): Tally {
  return {
    read: 0,
    kept: 0,
    duplicates: 0,
    conflicts: 0,
    blanks: new Map(),
    notUsed: new Map(),
    starts: 0,
    outOfOrder: 0,
    resets: 0,
    notes: new Map(),
  };
}

export function count<K>(into: Map<K, number>, key: K, by = 1): void {
  into.set(key, (into.get(key) ?? 0) + by);
}

export function note(tally: Tally, code: string, message: string, by = 1): void {
  const known = tally.notes.get(code);
  if (known) known.count += by;
  else tally.notes.set(code, { count: by, message });
}

const namesShown = 6;

export function findingsOf(tally: Tally): TelemetryFinding[] {
  const findings: TelemetryFinding[] = [];
  const add = (code: string, number: number, one: string, many: string) => {
    if (number > 0) findings.push({ code, count: number, message: number === 1 ? one : many });
  };
  for (const [reason, n] of [...tally.blanks].sort(([a], [b]) => (a < b ? -1 : 1))) {
    add('UNKNOWN', n, `One value is unknown: ${reason}.`, `${n} values are unknown: ${reason}.`);
  }
  const { duplicates, conflicts, starts, outOfOrder, resets } = tally;
  add(
    'DUPLICATE',
    duplicates,
    'One sample was there already.',
    `${duplicates} samples were there already.`,
  );
  add(
    'CONFLICT',
    conflicts,
    'One of them came with another value for the same moment; the larger one is kept.',
    `${conflicts} of them came with another value for the same moment; the larger one is kept.`,
  );
  add(
    'COUNTER_START',
    starts,
    'One reading of a rising counter only begins a series.',
    `${starts} readings of rising counters only begin a series.`,
  );
  add(
    'OUT_OF_ORDER',
    outOfOrder,
    'One reading of a rising counter lies before the one read last, and is left out.',
    `${outOfOrder} readings of rising counters lie before the one read last, and are left out.`,
  );
  add(
    'COUNTER_RESET',
    resets,
    'One counter began again from 0.',
    `Counters began again from 0, ${resets} times.`,
  );
  const unused = [...tally.notUsed].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const values = unused.reduce((sum, [, n]) => sum + n, 0);
  const names = unused.slice(0, namesShown).map(([name]) => name);
  const more = unused.length > namesShown ? ` and ${unused.length - namesShown} more` : '';
  const named = `${names.join(', ')}${more}`;
  add(
    'NOT_USED',
    values,
    `One value of a counter that no figure uses: ${named}.`,
    `${values} values of counters that no figure uses: ${named}.`,
  );
  for (const [code, { count: n, message }] of tally.notes) add(code, n, message, message);
  return findings;
}
