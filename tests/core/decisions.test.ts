import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { contract } from '../../shared/contract/contract.ts';
import type { Decision, DecisionItem } from '../../shared/contract/decisions.ts';
import { decisionKey } from '../../shared/decisions/decisionKey.ts';
import { campaign } from '../builders/campaign.ts';
import { decisionCalls } from '../builders/decisionCalls.ts';
import { plannedAction, readyPlan } from '../builders/plannedAction.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

const key = decisionKey('USD', 'spot:trainer');

let place: Workspace;
let db: Database.Database;
const closeAll = async () => {
  db.close();
  await place.close();
};
afterEach(closeAll);

function opened(at = '2026-03-20T12:00:00Z') {
  place = workspace();
  const calls = decisionCalls(place.data, at);
  db = calls.db;
  return calls;
}

describe('recording', () => {
  test('keeps the promise as it stood: amounts, window, inputs and price dates', async () => {
    const { record, state } = opened();
    const item = await record({ kind: 'accept' });
    expect(item).toMatchObject({
      key,
      action: 'spot:trainer',
      title: 'Run trainer on Spot',
      lever: 'spot',
      state: 'accepted',
      promise: {
        currency: 'USD',
        monthly: '730',
        standalone: '800',
        lastIn: '700',
        interval: { low: '500', high: '900', level: 0.8 },
        pLoss: 0.08,
        window: { from: '2026-01-01', to: '2026-02-01' },
        prices: [{ source: 'aws-offers.json', date: '2026-02-20' }],
      },
    });
    expect(item.promise?.inputs).toMatch(/^[0-9a-f]{64}$/);
    expect(item.history).toHaveLength(1);
    expect(contract['decisions.record'].output.parse(item)).toEqual(item);
    state.plan = readyPlan([plannedAction({ marginal: '10' })]);
    const later = await record({ kind: 'done', on: '2026-03-20' });
    expect(later.promise?.monthly).toBe('730');
    expect(later.history.map(({ promise }) => promise?.monthly)).toEqual(['730', '10']);
    expect(state.changes).toBe(2);
  });

  test('the same decision again adds nothing, that of another plan does', async () => {
    const { record, state } = opened();
    await record({ kind: 'accept' });
    expect((await record({ kind: 'accept' })).history).toHaveLength(1);
    expect(state.changes).toBe(1);
    state.plan = readyPlan([plannedAction()], { inputs: 'e'.repeat(64) });
    const other = await record({ kind: 'accept' });
    expect(other.history).toHaveLength(2);
    const inputs = other.history.map(({ promise }) => promise?.inputs);
    expect(inputs[0]).not.toBe(inputs[1]);
  });

  test('an action that the next plan leaves out keeps its history and takes decisions', async () => {
    const { record, state, list } = opened();
    await record({ kind: 'accept' });
    state.plan = readyPlan([]);
    const item = await record({ kind: 'done', on: '2026-03-19' });
    expect(item.history.at(-1)?.promise).toBeNull();
    expect(item.promise?.monthly).toBe('730');
    state.plan = readyPlan([plannedAction({ title: 'Run trainer on Spot, 2 zones' })]);
    await record({ kind: 'reopen' });
    expect(await list()).toMatchObject([{ title: 'Run trainer on Spot, 2 zones', state: 'open' }]);
  });

  test('what no plan has and nothing was decided about is not found', async () => {
    const { record, state } = opened();
    await expect(record({ kind: 'accept' }, { action: 'stop:nothing' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message:
        'The plan has no action "USD stop:nothing", and nothing was ever decided about one. Nothing was recorded.',
    });
    state.plan = readyPlan([], { status: 'withheld', plan: null });
    await expect(record({ kind: 'accept' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(state.changes).toBe(0);
  });

  test('days are those of UTC, whatever the clock on the wall says', async () => {
    const { record, state, list } = opened('2026-03-20T23:30:00-05:00');
    await expect(record({ kind: 'schedule', on: '2026-03-20' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await record({ kind: 'done', on: '2026-03-21' })).toMatchObject({ state: 'done' });
    await record({ kind: 'snooze', until: '2026-03-22' });
    state.now = new Date('2026-03-21T23:59:59.999Z');
    expect(await list()).toMatchObject([{ state: 'snoozed' }]);
    state.now = new Date('2026-03-22T00:00:00Z');
    expect(await list()).toMatchObject([{ state: 'open' }]);
  });
});

test('history never loses or changes an entry, whatever is decided', async () => {
  const day = fc.integer({ min: -3, max: 3 }).map((by) => `2026-03-${20 + by}`);
  const decision: fc.Arbitrary<Decision> = fc.oneof(
    fc.record({ kind: fc.constant('accept' as const) }),
    fc.record({ kind: fc.constant('schedule' as const), on: day }),
    fc.record({ kind: fc.constant('done' as const), on: day }),
    fc.record({ kind: fc.constant('dismiss' as const), reason: fc.constantFrom('No', 'Not yet') }),
    fc.record({ kind: fc.constant('snooze' as const), until: day }),
    fc.record({ kind: fc.constant('reopen' as const) }),
  );
  const step = fc.record({
    decision,
    action: fc.constantFrom('spot:trainer', 'stop:rerank', 'commit:csp-1y'),
    planned: fc.boolean(),
    marginal: fc.constantFrom('1', '2'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { record, state, list } = opened();
      try {
        let before: DecisionItem[] = [];
        for (const { decision: decided, action, planned, marginal } of steps) {
          const actions = planned ? [plannedAction({ id: action, marginal })] : [];
          state.plan = readyPlan(actions);
          await record(decided, { action }).catch((error: unknown) => {
            expect(error).toMatchObject({
              code: expect.stringMatching(/^(INVALID_INPUT|NOT_FOUND)$/),
            });
          });
          const after = await list();
          for (const item of before) {
            const now = after.find((other) => other.key === item.key)?.history ?? [];
            expect(now.slice(0, item.history.length)).toEqual(item.history);
          }
          const ids = after.flatMap(({ history }) => history.map(({ id }) => id));
          expect(new Set(ids).size).toBe(ids.length);
          before = after;
        }
      } finally {
        await closeAll();
      }
    }),
    campaign('decision histories', 40),
  );
});

test('entries can be neither changed nor removed in the database', async () => {
  const { record } = opened();
  await record({ kind: 'accept' });
  await place.closeCore();
  const other = new Database(join(place.data, 'outlay.db'));
  try {
    expect(() => other.exec(`UPDATE decision SET promise = '{}'`)).toThrow(/never changed/);
    expect(() => other.exec('DELETE FROM decision')).toThrow(/never removed/);
  } finally {
    other.close();
  }
});
