import { expect, it } from 'vitest';
import { createSessions } from '../../electron/hosts/session.ts';

it('gives a key for a launch token once, within 60 s', () => {
  let now = 1_000_000;
  const sessions = createSessions(() => now);
  const early = sessions.issue();
  const late = sessions.issue();
  now += 59_999;
  const key = sessions.exchange(early);
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(sessions.exchange(early)).toBeNull();
  now += 1;
  expect(sessions.exchange(late)).toBeNull();
  expect(sessions.holds(key ?? '')).toBe(true);
});

it('knows no other key: not a launch token, not nothing, not one of another server', () => {
  const sessions = createSessions(() => 0);
  const launch = sessions.issue();
  const foreign = createSessions(() => 0);
  const key = foreign.exchange(foreign.issue()) ?? '';
  expect([launch, '', key, 'undefined'].map((text) => sessions.holds(text))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

it('keeps a session for as long as the server runs, beside others', () => {
  let now = 0;
  const sessions = createSessions(() => now);
  const first = sessions.exchange(sessions.issue()) ?? '';
  now += 30 * 24 * 3_600_000;
  const second = sessions.exchange(sessions.issue()) ?? '';
  expect(first).not.toBe(second);
  expect(sessions.holds(first) && sessions.holds(second)).toBe(true);
});
