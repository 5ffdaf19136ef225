import { describe, expect, it } from 'vitest';
import { dateReadings, questionOf } from '../../shared/domain/loadQuestions.ts';

const refused = (code: string, reason: string, hint: string) =>
  questionOf({ status: 'refused', code, reason, hint });
const dateHint = 'Where the year comes last, say with --date-order mdy or dmy what comes first.';

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
    const of = (value: string) =>
      refused('DATE_BAD', `a.csv, row 2, ChargePeriodStart: "${value}" is not a date.`, dateHint);
    expect(of('03/04/2026')).toMatchObject({ kind: 'date-order', value: '03/04/2026' });
    expect(of('soon')).toBeNull();
  });

  it('asks for a currency that the file lacks, and not for another one than it has', () => {
    const hint = 'Where the file names none, say it with --currency USD, for example.';
    const reason = 'a.csv, row 2, BillingCurrency:';
    expect(refused('CURRENCY_BAD', `${reason} no value is not a currency code.`, hint)).toEqual({
      kind: 'currency',
    });
    expect(refused('CURRENCY_BAD', `${reason} "coins" is not a currency code.`, hint)).toBeNull();
    expect(
      refused('COLUMN_MISSING', 'a.csv lacks the column BilledCost.', 'Export it.'),
    ).toBeNull();
  });

  it('asks nothing once it is loaded', () => {
    expect(questionOf({ status: 'loaded', hint: dateHint })).toBeNull();
  });
});
