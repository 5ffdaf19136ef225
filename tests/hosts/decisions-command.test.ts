import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contract } from '../../shared/contract/contract.ts';
import { decisionKey } from '../../shared/decisions/decisionKey.ts';
import { type Workspace, workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let place: Workspace;
let action: string;

beforeAll(async () => {
  place = workspace();
  await place.call('import.sample', { job: 'sample' });
  const { plan } = await place.call('savings.plan', {});
  action = plan?.actions[0]?.id ?? '';
  await place.closeCore();
});
afterAll(() => place.close());

test('decides, lists and measures, as text and as the documents of the contract', async () => {
  const none = await place.cli('decisions');
  expect(none).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Nothing has been decided yet\./),
  });
  const accepted = await place.cli('decide', action, 'accept', '--json');
  expect(accepted.code).toBe(0);
  const item = contract['decisions.record'].output.parse(JSON.parse(accepted.out));
  expect(item).toMatchObject({ key: decisionKey('USD', action), state: 'accepted' });
  expect(item.promise?.inputs).toMatch(/^[0-9a-f]{64}$/);

  const done = await place.cli('decisions', 'record', action, 'done', '--on', '2026-10-05');
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(done.out).toMatch(/: done since 2026-10-05\.\nPromised: .* USD a month/);
  const listed = await place.cli('decisions', 'list', '--json');
  const list = contract['decisions.list'].output.parse(JSON.parse(listed.out));
  expect(list.items).toMatchObject([{ state: 'done', history: [{ id: 1 }, { id: 2 }] }]);
  expect((await place.cli('decisions')).out).toContain('done since 2026-10-05');

  const banked = await place.cli('decisions', 'banked', '--to', '2026-11', '--json');
  const answer = contract['decisions.banked'].output.parse(JSON.parse(banked.out));
  expect(answer.items).toMatchObject([{ key: item.key, doneOn: '2026-10-05' }]);
  const text = await place.cli('decisions', 'banked', '--to', '2026-11');
  expect(text.out).toMatch(/promised +banked/);
  // By key, from the list, the plan need not be asked which currency it is in.
  const reopened = await place.cli('decide', item.key, 'reopen');
  expect(reopened.out).toContain(': open.');
});

test.each([
  [['decide'], 'decide needs the id of an action.'],
  [
    ['decide', 'x', 'approve'],
    'decide needs one of accept, schedule, done, dismiss, snooze, reopen.',
  ],
  [['decide', 'x', 'done'], 'decide ID done needs --on.'],
  [['decide', 'x', 'accept', '--on', '2026-11-01'], 'decide ID accept takes no --on.'],
  [['decide', 'x', 'snooze', '--until', '2999-01-01', 'y'], 'decide takes no "y".'],
  [['decisions', 'show'], 'decisions needs list, record or banked.'],
  [['decisions', 'list', '--from', '2026-10'], 'decisions list takes no --from.'],
])('%j is refused with what is wrong', async (argv, message) => {
  const answer = await place.cli(...argv, '--json');
  expect(answer.code).toBe(2);
  expect(JSON.parse(answer.out)).toMatchObject({ error: { code: 'USAGE', message } });
});

test('what the plan does not have and a day that does not fit are refused by the core', async () => {
  const unknown = await place.cli('decide', 'stop:nothing', 'accept', '--json');
  expect(unknown.code).toBe(2);
  expect(JSON.parse(unknown.out)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  const late = await place.cli('decide', action, 'done', '--on', '2999-01-01', '--json');
  expect(late.code).toBe(2);
  expect(JSON.parse(late.out)).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  const unreal = await place.cli('decide', action, 'schedule', '--on', '2999-02-30', '--json');
  expect(JSON.parse(unreal.out)).toMatchObject({
    error: { code: 'INVALID_INPUT', message: 'decision.on: not a day that exists' },
  });
});
