import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  comparedDays,
  dayNumber,
  daysInMonth,
  dayText,
  isDay,
  lastDayOf,
  monthOf,
} from '../../shared/domain/calendar.ts';
import { campaign } from '../builders/campaign.ts';

const number = fc.integer({ min: dayNumber('1970-01-01'), max: dayNumber('2150-12-31') });

test('days are numbered one by one, as a counter that walks the months says', () => {
  const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let expected = 0;
  for (let year = 1970; year <= 2110; year++) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    for (const [index, length] of lengths.entries()) {
      const days = index === 1 && leap ? 29 : length;
      const month = `${year}-${String(index + 1).padStart(2, '0')}`;
      expect(dayNumber(`${month}-01`)).toBe(expected);
      expect(daysInMonth(month)).toBe(days);
      expect(lastDayOf(month)).toBe(`${month}-${days}`);
      expected += days;
    }
  }
});

test('number and text are two spellings of one day', () => {
  fc.assert(
    fc.property(number, (n) => {
      const day = dayText(n);
      expect(isDay(day)).toBe(true);
      expect(dayNumber(day)).toBe(n);
      expect(addDays(day, 1)).toBe(dayText(n + 1));
    }),
    campaign('calendar: days', 300),
  );
});

test.each([
  '2026-02-29',
  '2026-02-30',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2100-02-29',
  'soon',
])('%s does not exist', (day) => expect(isDay(day)).toBe(false));

test.each(['2024-02-29', '2000-02-29', '2026-12-31'])('%s exists', (day) => {
  expect(isDay(day)).toBe(true);
});

test('months are added across years, both ways', () => {
  expect(addMonths('2026-11', 2)).toBe('2027-01');
  expect(addMonths('2026-01', -1)).toBe('2025-12');
  expect(addMonths('2026-12', 0)).toBe('2026-12');
  expect(addMonths('2026-03', -15)).toBe('2024-12');
});

test.each([
  // from, to (exclusive), compared from, compared to (exclusive)
  ['2026-11-01', '2026-11-22', '2026-10-01', '2026-10-22'],
  ['2026-03-01', '2026-04-01', '2026-02-01', '2026-03-01'],
  ['2024-03-01', '2024-04-01', '2024-02-01', '2024-03-01'],
  ['2026-03-31', '2026-04-01', '2026-02-28', '2026-03-01'],
  ['2026-10-01', '2026-12-01', '2026-08-01', '2026-10-01'],
  ['2026-02-01', '2026-03-01', '2026-01-01', '2026-01-29'],
  ['2026-01-01', '2027-01-01', '2025-01-01', '2026-01-01'],
])('%s to %s compares with %s to %s', (from, to, earlierFrom, earlierTo) => {
  expect(comparedDays(from, to)).toEqual({ from: earlierFrom, to: earlierTo });
});

test('compared days lie wholly before, start on the same day of their month, and are no longer', () => {
  fc.assert(
    fc.property(number, fc.integer({ min: 1, max: 400 }), (start, length) => {
      const from = dayText(start);
      const to = dayText(start + length);
      const earlier = comparedDays(from, to);
      expect(earlier.to <= from || monthOf(addDays(earlier.to, -1)) < monthOf(from)).toBe(true);
      expect(earlier.from < earlier.to).toBe(true);
      const sameDay = Math.min(Number(from.slice(8)), daysInMonth(monthOf(earlier.from)));
      expect(Number(earlier.from.slice(8))).toBe(sameDay);
    }),
    campaign('calendar: compared days', 300),
  );
});
