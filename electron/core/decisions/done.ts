import type { Promised } from '../../../shared/contract/decisions.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import type { Measured } from '../../../shared/decisions/banked.ts';
import { type ActionNames, promiseOf } from '../../../shared/decisions/history.ts';
import type { Cube } from '../store/cube.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import type { DaySpan } from './charged-days.ts';
import { chargesOf } from './charges.ts';
import type { ActionScope } from './planned.ts';
import type { Decided } from './queries.ts';

/** Something that was done, and the charges it changes. */
export interface Done {
  names: ActionNames;
  promise: Promised | null;
  scope: ActionScope | null;
  /** Days since 1970-01-01 UTC. */
  doneOn: number;
  mask: Uint8Array;
}

/** How far the bill tells what it saved. */
export type Found =
  | {
      status: 'measured';
      reason: string;
      measure: 'days' | 'rate' | 'discount';
      before: DaySpan | null;
      counted: DaySpan;
      measured: Measured;
    }
  | Unmeasured;

export interface Unmeasured {
  status: 'waiting' | 'unknown';
  reason: string;
}

/** What is decided, where that is done; none otherwise. */
export function doneOf(cube: Cube, ledger: ClassifiedLedger, decided: Decided): Done[] {
  const { names, history, scope } = decided;
  const last = history.at(-1)?.decision;
  if (last?.kind !== 'done') return [];
  const mask =
    scope === null || names.lever === 'commitment'
      ? new Uint8Array(0)
      : chargesOf(cube, ledger, names.lever, scope);
  return [{ names, promise: promiseOf(history), scope, doneOn: dayNumber(last.on), mask }];
}

/** Both are about some of the same charges. */
export function overlaps(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] === 1 && b[i] === 1) return true;
  return false;
}
