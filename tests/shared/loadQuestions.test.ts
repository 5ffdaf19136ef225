import { describe, expect, it } from 'vitest';
import { dateReadings, questionOf } from '../../shared/domain/loadQuestions.ts';

describe('the readings of a date with the year last', () => {
  it('are two where both its numbers can be months', () => {
    expect(dateReadings('03/04/2026')).toEqual([
      { order: 'mdy', day: '2026-03-04' },
      { order: 'dmy', day: '2026-04-03' },
    ]);
    expect(dateReadings('3.4.26 00:00').map(({ day }) => day)).toEqual([
      '2026-03-04',
      '2026-04-03',
    ]);
  });

  it('are those that exist', () => {
    expect(dateReadings('13/04/2026')).toEqual([{ order: 'dmy', day: '2026-04-13' }]);
    expect(dateReadings('02/29/2026')).toEqual([]);
    expect(dateReadings('2026/03/04')).toEqual([]);
    expect(dateReadings('yesterday')).toEqual([]);
  });
});

describe('a refused load', () => {
  it('asks what comes first only of a date that an answer makes readable', () => {
    const of = (value: string) => questionOf({ asks: { kind: 'dateOrder', value } });
    expect(of('03/04/2026')).toMatchObject({ kind: 'date-order', value: '03/04/2026' });
    expect(of('soon')).toBeNull();
  });

  it('asks for a currency, or nothing', () => {
    expect(questionOf({ asks: { kind: 'currency' } })).toEqual({ kind: 'currency' });
    expect(questionOf({})).toBeNull();
  });
});
