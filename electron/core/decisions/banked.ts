import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { levers } from '../../../shared/contract/savings.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import type { ReadableDb } from '../store/open.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import { bankedAnswer } from './banked-answer.ts';
import { chargedDays } from './charged-days.ts';
import { boughtCommitments } from './discount.ts';
import { type Done, doneOf, type Found, overlaps } from './done.ts';
import { commitmentFound, type MeasureDeps, savedOn, usageFound } from './measure.ts';
import { allDecided } from './queries.ts';

export interface BankedDeps {
  db: ReadableDb;
  cube: Cube;
  axes: Axes;
  now: () => Date;
}

/**
 * Promised beside banked of all that was done. What is banked is read off the bill (effective cost of
 * usage): docs/decisions.md says how each kind is measured. Nothing is counted for two decisions.
 */
export async function bankedDecisions(
  deps: BankedDeps,
  ledger: ClassifiedLedger,
  input: HandlerInput<'decisions.banked'>,
): Promise<CallOutput<'decisions.banked'>> {
  const { db, cube } = deps;
  const range = {
    from: input.from === undefined ? -Infinity : dayNumber(input.from),
    to: input.to === undefined ? Infinity : dayNumber(input.to),
  };
  const done = allDecided(db)
    .flatMap((decided) => doneOf(cube, ledger, decided))
    .filter(({ doneOn }) => doneOn < range.to)
    .sort(
      (a, b) => a.doneOn - b.doneOn || rank(a) - rank(b) || (a.names.key < b.names.key ? -1 : 1),
    );
  const accounts = new Set(
    cube.segments().map((segment) => cube.idOf('billing-account', segment.billingAccount)),
  );
  const charged = await chargedDays(db, cube, accounts, deps.now().toISOString());
  const measure = { ...deps, charged, range };
  const found = new Map<string, Found>();
  const together = new Map<string, Done[]>();

  const bought = boughtBy(cube, done);
  for (const one of done) {
    if (one.names.lever !== 'commitment') continue;
    const ids = bought.get(one.names.key) ?? new Set();
    const first = done.find(
      (other) =>
        other !== one &&
        other.names.lever === 'commitment' &&
        other.doneOn === one.doneOn &&
        other.scope?.provider === one.scope?.provider &&
        other.scope?.currency === one.scope?.currency &&
        ids.size === 0 &&
        (bought.get(other.names.key)?.size ?? 0) > 0,
    );
    if (first) found.set(one.names.key, joined(together, first, one));
    else found.set(one.names.key, await commitmentFound(measure, one, ids));
  }
  const creditedTo = new Map<number, string>();
  for (const [key, ids] of bought) {
    if (found.get(key)?.status === 'measured') for (const id of ids) creditedTo.set(id, key);
  }
  for (const one of done) {
    if (one.names.lever === 'commitment') continue;
    const first = done.find(
      (other) =>
        other !== one &&
        other.doneOn === one.doneOn &&
        found.get(other.names.key)?.status === 'measured' &&
        overlaps(other.mask, one.mask),
    );
    found.set(
      one.names.key,
      first ? joined(together, first, one) : await usageFound(measure, ledger, one, creditedTo),
    );
  }
  const shared = await sharedBy(measure, ledger, done, found, creditedTo);
  return bankedAnswer(done, found, shared, together, charged);
}

/** What each later decision saved on the charges of an earlier one, by both keys. */
async function sharedBy(
  deps: MeasureDeps,
  ledger: ClassifiedLedger,
  done: readonly Done[],
  found: ReadonlyMap<string, Found>,
  creditedTo: ReadonlyMap<number, string>,
): Promise<Map<string, Map<string, Exact>>> {
  const usage = done.flatMap((one) => {
    const own = found.get(one.names.key);
    return own?.status === 'measured' && own.before !== null
      ? [{ ...one, before: own.before, counted: own.counted }]
      : [];
  });
  const shared = new Map<string, Map<string, Exact>>();
  for (const [place, earlier] of usage.entries()) {
    const own = new Map<string, Exact>();
    for (const later of usage.slice(place + 1)) {
      const saved = await savedOn(deps, ledger, earlier, later, creditedTo);
      if (saved !== null) own.set(later.names.key, saved);
    }
    shared.set(earlier.names.key, own);
  }
  return shared;
}

function rank({ names }: Done): number {
  return levers.indexOf(names.lever);
}

function boughtBy(cube: Cube, done: readonly Done[]): Map<string, Set<number>> {
  return boughtCommitments(
    cube,
    done.flatMap(({ names, scope, doneOn }) =>
      names.lever === 'commitment' && scope ? [{ ...scope, key: names.key, doneOn }] : [],
    ),
  );
}

function joined(together: Map<string, Done[]>, first: Done, one: Done): Found {
  const others = together.get(first.names.key);
  if (others) others.push(one);
  else together.set(first.names.key, [one]);
  return {
    status: 'unknown',
    reason: `Done on the same day as “${first.names.title}”, on the same charges: the bill shows both together, and they are counted there.`,
  };
}
