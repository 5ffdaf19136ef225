import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision, DecisionEntry, Promised } from '../../shared/contract/decisions.ts';
import { addDays } from '../../shared/domain/calendar.ts';
import { decisionKey } from '../../shared/decisions/decisionKey.ts';
import { itemOf, promiseOf, refusalOf, repeats } from '../../shared/decisions/history.ts';
import { campaign } from '../builders/campaign.ts';

const today = '2026-11-24';
const names = {
  key: 'USD spot:llm-pretrain-b',
  action: 'spot:llm-pretrain-b',
  title: 'Run llm-pretrain-b on Spot',
  detail: '5 × p5.48xlarge, us-east-1',
  lever: 'spot' as const,
};

function promise(monthly: string): Promised {
  return {
    currency: 'USD',
    monthly,
    standalone: monthly,
    lastIn: monthly,
    interval: { low: '0', high: monthly, level: 0.8 },
    pLoss: 0.08,
    window: { from: '2026-10-22', to: '2026-11-21' },
    inputs: `inputs of ${monthly}`,
    prices: [{ source: 'aws-offers.json', date: '2026-11-20' }],
  };
}

function history(...entries: [Decision, Promised | null][]): DecisionEntry[] {
  return entries.map(([decision, promised], i) => ({
    id: i + 1,
    at: `2026-11-${String(i + 1).padStart(2, '0')}T08:00:00.000Z`,
    decision,
    promise: promised,
  }));
}

describe('the state of an action', () => {
  test.each<[string, Decision, string, string | null, boolean]>([
    ['accepted', { kind: 'accept' }, today, null, false],
    ['scheduled', { kind: 'schedule', on: today }, today, today, false],
    ['scheduled', { kind: 'schedule', on: '2026-11-23' }, today, '2026-11-23', true],
    ['done', { kind: 'done', on: '2026-11-01' }, today, '2026-11-01', false],
    ['dismissed', { kind: 'dismiss', reason: 'Contract ends' }, today, null, false],
    ['snoozed', { kind: 'snooze', until: '2026-11-25' }, today, '2026-11-25', false],
    ['open', { kind: 'snooze', until: '2026-11-25' }, '2026-11-25', null, false],
    ['open', { kind: 'reopen' }, today, null, false],
  ])('is %s after %j on %s', (state, decision, day, shown, overdue) => {
    const item = itemOf(names, history([decision, null]), day);
    expect(item).toMatchObject({ state, day: shown, overdue });
    expect(item.reason).toBe(decision.kind === 'dismiss' ? decision.reason : null);
  });

  test('without any decision it is open', () => {
    expect(itemOf(names, [], today)).toMatchObject({ state: 'open', promise: null, history: [] });
  });
});

describe('the promise that counts', () => {
  test('is the one that was agreed to, whatever later plans say', () => {
    const of = history(
      [{ kind: 'snooze', until: '2026-11-10' }, promise('1')],
      [{ kind: 'accept' }, promise('2')],
      [{ kind: 'schedule', on: '2026-12-01' }, promise('3')],
      [{ kind: 'done', on: '2026-11-20' }, null],
    );
    expect(promiseOf(of)?.monthly).toBe('2');
  });

  test('begins anew after a dismissal or a reopening', () => {
    const dismissed = history(
      [{ kind: 'accept' }, promise('2')],
      [{ kind: 'dismiss', reason: 'No quota' }, promise('3')],
      [{ kind: 'accept' }, promise('4')],
    );
    expect(promiseOf(dismissed)?.monthly).toBe('4');
    const reopened = history([{ kind: 'accept' }, promise('2')], [{ kind: 'reopen' }, null]);
    expect(promiseOf(reopened)?.monthly).toBe('2');
  });

  test('is unknown where no plan ever promised anything', () => {
    expect(promiseOf(history([{ kind: 'done', on: today }, null]))).toBeNull();
  });
});

describe('refusals', () => {
  test.each<[Decision, RegExp]>([
    [{ kind: 'schedule', on: '2026-11-23' }, /^decision\.on: 2026-11-23 has passed/],
    [{ kind: 'done', on: '2026-11-25' }, /^decision\.on: 2026-11-25 is still to come/],
    [{ kind: 'snooze', until: today }, /^decision\.until: .* is not later than today/],
    [{ kind: 'reopen' }, /^decision: nothing is decided/],
  ])('%j', (decision, reason) => {
    expect(refusalOf(decision, [], today)).toMatch(reason);
  });

  test('the borders are allowed', () => {
    expect(refusalOf({ kind: 'schedule', on: today }, [], today)).toBeNull();
    expect(refusalOf({ kind: 'done', on: today }, [], today)).toBeNull();
    expect(refusalOf({ kind: 'snooze', until: addDays(today, 1) }, [], today)).toBeNull();
    const decided = history([{ kind: 'dismiss', reason: 'No' }, null]);
    expect(refusalOf({ kind: 'reopen' }, decided, today)).toBeNull();
  });
});

test('only the very same decision on the same plan repeats the last one', () => {
  const of = history([{ kind: 'schedule', on: '2026-12-01' }, promise('2')]);
  expect(repeats(of, { kind: 'schedule', on: '2026-12-01' }, promise('2'))).toBe(true);
  expect(repeats(of, { kind: 'schedule', on: '2026-12-02' }, promise('2'))).toBe(false);
  expect(repeats(of, { kind: 'schedule', on: '2026-12-01' }, promise('3'))).toBe(false);
  expect(repeats(of, { kind: 'accept' }, promise('2'))).toBe(false);
  expect(repeats([], { kind: 'accept' }, null)).toBe(false);
  const dismissed = history([{ kind: 'dismiss', reason: 'No quota' }, null]);
  expect(repeats(dismissed, { kind: 'dismiss', reason: 'No budget' }, null)).toBe(false);
});

test('keys of different actions differ, whatever stands in them', () => {
  fc.assert(
    fc.property(
      fc.option(fc.constantFrom('USD', 'EUR', 'JPY'), { nil: null }),
      fc.string({ minLength: 1 }),
      fc.option(fc.constantFrom('USD', 'EUR', 'JPY'), { nil: null }),
      fc.string({ minLength: 1 }),
      (currency, id, other, otherId) => {
        const same = currency === other && id === otherId;
        expect(decisionKey(currency, id) === decisionKey(other, otherId)).toBe(same);
      },
    ),
    campaign('decision keys', 500),
  );
});
