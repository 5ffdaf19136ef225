import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  firstClosedVersion,
  type MonthHistory,
  monthState,
  usualDelayDays,
} from '../../shared/domain/months.ts';

const at = (text: string) => ({ at: `${text}T00:00:00.000Z`, invoiced: false });
const invoiced = (text: string) => ({ ...at(text), invoiced: true });
const october = (...versions: MonthHistory['versions']): MonthHistory => ({
  period: '2026-10',
  provider: 'AWS',
  versions,
});
const state = (history: MonthHistory, now: string) => monthState(history, `${now}T00:00:00.000Z`);

describe('a month', () => {
  test('is open while it runs and for ten days after, then closed', () => {
    const history = october(at('2026-10-15'));
    expect(state(history, '2026-10-20')).toBe('open');
    expect(state(history, '2026-11-10')).toBe('open');
    expect(monthState(history, '2026-11-10T23:59:59.999Z')).toBe('open');
    expect(state(history, '2026-11-11')).toBe('closed');
  });

  test('that changes in those days starts to wait again', () => {
    const history = october(at('2026-10-15'), at('2026-11-08'));
    expect(state(history, '2026-11-12')).toBe('open');
    expect(state(history, '2026-11-18')).toBe('closed');
  });

  test('closes with its invoice, but not before its provider is used to issue it', () => {
    expect(usualDelayDays('AWS')).toBe(5);
    const early = october(invoiced('2026-10-20'));
    expect(state(early, '2026-11-02')).toBe('open');
    expect(state(early, '2026-11-06')).toBe('closed');
    const late = october(at('2026-10-20'), invoiced('2026-11-07'));
    expect(state(late, '2026-11-06')).toBe('open');
    expect(state(late, '2026-11-07')).toBe('closed');
  });

  test('that was closed and changes is restating until it is left alone again', () => {
    const history = october(at('2026-11-02'), at('2026-11-20'));
    expect(state(october(at('2026-11-02')), '2026-11-19')).toBe('closed');
    expect(state(history, '2026-11-20')).toBe('restating');
    expect(state(history, '2026-11-29')).toBe('restating');
    expect(state(history, '2026-11-30')).toBe('closed');
  });

  test('loaded long after its end is closed at once', () => {
    expect(state(october(at('2027-05-01')), '2027-05-01')).toBe('closed');
  });
});

describe('the version a month first closed with', () => {
  test('is the last one from before it closed', () => {
    const history = october(at('2026-11-01'), at('2026-11-03'), at('2026-12-01'), at('2026-12-02'));
    expect(firstClosedVersion(history, '2026-11-12T00:00:00.000Z')).toBeNull();
    expect(firstClosedVersion(history, '2026-12-03T00:00:00.000Z')).toBe(1);
  });

  test('is the first where all came later', () => {
    const history = october(at('2027-05-01'), at('2027-05-02'));
    expect(firstClosedVersion(history, '2027-05-02T00:00:00.000Z')).toBe(0);
  });
});

test('random histories: closed stays the same version, and open never follows closed', () => {
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 6 });
  const isoDay = (n: number) => new Date(Date.UTC(2026, 9, 1 + n)).toISOString();
  fc.assert(
    fc.property(days, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (numbers, bills) => {
      const all = numbers
        .sort((a, b) => a - b)
        .map((n, i) => ({ at: isoDay(n), invoiced: bills[i] ?? false }));
      let first: number | null = null;
      for (let n = numbers[0] ?? 0; n < 140; n++) {
        const now = isoDay(n);
        const known = all.filter((version) => version.at <= now);
        const history = october(...known);
        const closed = firstClosedVersion(history, now);
        expect(closed === null).toBe(monthState(history, now) === 'open');
        if (first !== null) expect(closed).toBe(first);
        first = closed;
      }
    }),
  );
});
