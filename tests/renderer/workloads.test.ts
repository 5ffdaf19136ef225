import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workloadsCsv } from '../../renderer/data/exportWorkloads.ts';
import { offsetOf } from '../../renderer/pages/workloads/RuleText.tsx';
import { type Column, columns, sortRows } from '../../renderer/pages/workloads/sortRows.ts';
import { sumOf, sumPoints } from '../../renderer/pages/workloads/sums.ts';
import {
  percentOf,
  telemetryWords,
  unitPrice,
  withoutGpu,
} from '../../renderer/pages/workloads/words.ts';
import {
  heatByDay,
  heatByWeekday,
  heatReadout,
  heatStep,
  heatSteps,
  heatSummary,
  type MeasuredHour,
} from '../../shared/charts/heatGrid.ts';
import { purposeColours } from '../../shared/charts/purposeColours.ts';
import { trendLine } from '../../shared/charts/trendLine.ts';
import type { WorkloadRow } from '../../shared/contract/workloads.ts';
import { addDays } from '../../shared/domain/calendar.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { compareDecimals } from '../../shared/domain/format.ts';
import { purposes } from '../../shared/workloads/purposes.ts';

const hour: fc.Arbitrary<MeasuredHour | null> = fc.option(
  fc.record({
    value: fc.double({ min: 0, max: 100, noNaN: true }),
    samples: fc.integer({ min: 1, max: 1000 }),
    subjects: fc.integer({ min: 1, max: 64 }),
  }),
  { nil: null },
);

const measured = fc.integer({ min: 1, max: 40 }).chain((length) =>
  fc.record({
    days: fc.constant(Array.from({ length }, (_, day) => addDays('2026-11-01', day))),
    hours: fc.array(fc.array(hour, { minLength: 24, maxLength: 24 }), {
      minLength: length,
      maxLength: length,
    }),
  }),
);

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

describe('the heat map', () => {
  it('folds days to weekdays without losing or inventing an hour', () => {
    fc.assert(
      fc.property(measured, ({ days, hours }) => {
        const grid = heatByWeekday(days, hours);
        const weight = (cells: readonly (MeasuredHour | null)[]) =>
          cells.reduce((sum, cell) => sum + (cell ? cell.samples : 0), 0);
        expect(grid.rows.reduce((sum, { cells }) => sum + weight(cells), 0)).toBe(
          hours.reduce((sum, day) => sum + weight(day), 0),
        );
        expect(grid.rows.reduce((sum, { of }) => sum + of, 0)).toBe(days.length);
        for (const { name, cells } of grid.rows) {
          cells.forEach((cell, at) => {
            const of = days.flatMap((day, index) => {
              const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()];
              return weekday === name ? [hours[index]?.[at] ?? null] : [];
            });
            const known = of.filter((one) => one !== null);
            // Unknown only where every day is; else between the least and the most of them.
            expect(cell === null).toBe(known.length === 0);
            if (!cell) return;
            expect(cell.hours).toBe(known.length);
            const values = known.map(({ value }) => value);
            expect(cell.value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
            expect(cell.value).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
          });
        }
      }),
    );
  });

  it('counts each day of a weekday by the GPUs it was measured on', () => {
    const dayOf = (value: number, subjects: number) =>
      Array.from({ length: 24 }, () => ({ value, samples: 4, subjects }));
    // Two Mondays.
    const grid = heatByWeekday(['2026-11-02', '2026-11-09'], [dayOf(10, 3), dayOf(50, 1)]);
    expect(grid.rows[0]?.cells[5]).toEqual({ value: 20, samples: 8, subjects: 3, hours: 2 });
  });

  it('gives more a darker step, and says the exact value and what it rests on', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(heatStep(low, 100)).toBeLessThanOrEqual(heatStep(high, 100));
          expect(heatStep(high, 100)).toBeLessThan(heatSteps);
        },
      ),
    );
    const cells: (MeasuredHour | null)[] = Array.from({ length: 24 }, () => null);
    cells[14] = { value: 38.25, samples: 1440, subjects: 1 };
    const grid = heatByDay(['2026-11-03'], [cells]);
    expect(grid.top).toBe(75);
    expect(heatReadout(grid, 0, 14, 'busy')).toEqual({
      head: '3 Nov 2026, 14:00 to 15:00 UTC',
      value: '38.3% busy',
      basis: '1 GPU, 1,440 samples',
    });
    expect(heatReadout(grid, 0, 3, 'busy')).toEqual({
      head: '3 Nov 2026, 03:00 to 04:00 UTC',
      value: 'unknown',
      basis: 'no samples',
    });
    expect(heatReadout(grid, 1, 3, 'busy')).toBeNull();
    expect(heatSummary(grid, 'busy')).toContain('23 hours are unknown');
  });
});

describe('a trend', () => {
  it('leaves a gap where nothing is known and never draws it as 0', () => {
    const trend = trendLine([4, 5, null, 6, null, 7, 8], 100, 20);
    expect(trend?.lines).toHaveLength(2);
    // The lone point, and the last one.
    expect(trend?.marks).toHaveLength(2);
    const drawn = trend?.lines.join(' ').match(/,(\d+\.\d)/g) ?? [];
    expect(drawn).toHaveLength(4);
    for (const y of drawn) expect(Number(y.slice(1))).toBeLessThan(11);
    expect(trendLine([null, 3, null], 100, 20)).toBeNull();
  });
});

describe('purposes', () => {
  it('own a colour each, as far as there are six', () => {
    const named = purposes.map((purpose) => purposeColours[purpose]).filter((colour) => colour < 7);
    expect(new Set(named).size).toBe(named.length);
    expect([...named].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

const decimal = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.nat({ max: 999_999_999 }))
  .map(([whole, fraction]) => formatExact(exactOf(`${whole}.${fraction}`)));
const maybe = fc.option(decimal, { nil: null });

function row(over: Partial<WorkloadRow>): WorkloadRow {
  return {
    id: 'job:a',
    kind: 'job',
    name: 'a',
    from: 'tag workload',
    purpose: 'training',
    reason: 'The tag states it.',
    rule: 'tag-purpose',
    purposes: [],
    cost: '1',
    shared: '0',
    notAi: '0',
    unknownRows: 0,
    share: 1,
    previous: null,
    spark: [],
    gpu: {
      hours: null,
      cost: null,
      perHour: null,
      unknownCharges: 0,
      measuredHours: null,
      busyHours: null,
      busyShare: null,
      activeShare: null,
      perBusyHour: null,
    },
    telemetry: {
      level: 'none',
      reason: 'Nothing was measured.',
      resources: 0,
      measured: 0,
      coverage: null,
      metrics: [],
      samples: 0,
    },
    unit: null,
    resources: 1,
    ...over,
  };
}

describe('amounts', () => {
  it('add up exactly, unknown ones aside', () => {
    fc.assert(
      fc.property(fc.array(maybe), (amounts) => {
        const known = amounts.filter((amount) => amount !== null);
        const sum = known.reduce((all, amount) => all + exactOf(amount), 0n);
        expect(sumOf(amounts)).toBe(known.length === 0 ? null : formatExact(sum));
      }),
    );
    expect(
      sumPoints([
        ['1.1', null],
        ['2.2', null],
      ]),
    ).toEqual(['3.3', null]);
    expect(sumPoints([])).toEqual([]);
  });

  it('are sorted with what is unknown last, whichever way', () => {
    const rows = fc.array(
      fc
        .record({ cost: maybe, busy: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) })
        .map(({ cost, busy }) =>
          row({ cost, previous: '1', gpu: { ...row({}).gpu, busyShare: busy } }),
        ),
    );
    const figures: Partial<Record<Column, (of: WorkloadRow) => string | null>> = {
      cost: ({ cost }) => cost,
      change: ({ cost }) => cost,
      busy: ({ gpu }) => gpu.busyShare?.toFixed(9) ?? null,
    };
    fc.assert(
      fc.property(rows, fc.constantFrom(...columns), fc.boolean(), (all, column, descending) => {
        const sorted = sortRows(all, { column, descending });
        expect(new Set(sorted)).toEqual(new Set(all));
        const figure = figures[column];
        // The core answers in the order of cost.
        if (!figure || (column === 'cost' && descending)) return;
        const shown = sorted.map(figure);
        const known = shown.filter((one) => one !== null);
        expect(shown.slice(0, known.length)).toEqual(known);
        known.slice(1).forEach((one, index) => {
          const order = compareDecimals(known[index] ?? '0', one);
          expect(descending ? order >= 0 : order <= 0).toBe(true);
        });
      }),
    );
  });
});

describe('words', () => {
  it('say unknown, never 0', () => {
    expect(percentOf(null)).toBe('unknown');
    expect(percentOf(0)).toBe('0.0%');
    expect(percentOf(0.1 + 0.2)).toBe('30.0%');
    expect(unitPrice(null)).toBe('unknown');
    expect(unitPrice('15.534')).toBe('15.53');
    expect(unitPrice('0.00042')).toBe('0.000420');
    expect(telemetryWords({ ...row({}).telemetry, level: 'good', coverage: 0.97 })).toBe(
      'good, 97.0%',
    );
    expect(telemetryWords(row({}).telemetry)).toBe('none');
  });

  it('tell no GPU from hours that the bill does not say', () => {
    const { gpu, telemetry } = row({});
    expect(withoutGpu({ gpu: { ...gpu, hours: '0' }, telemetry })).toBe(true);
    expect(withoutGpu({ gpu: { ...gpu, hours: '12.5' }, telemetry })).toBe(false);
    expect(withoutGpu({ gpu: { ...gpu, unknownCharges: 2 }, telemetry })).toBe(false);
  });
});

describe('the rows as CSV', () => {
  it('are empty where unknown, safe in a spreadsheet, and followed by what makes up the total', () => {
    const csv = workloadsCsv({
      metric: 'effective',
      currency: 'USD',
      workloads: [row({ name: '=cmd', cost: '10.000000001' }), row({ name: 'b, c', cost: null })],
      restCost: '5',
      unassigned: { cost: '0.5', unknownRows: 0, rows: [], rowCount: 0, restCost: null },
      ai: { currency: 'USD', cost: '15.500000001', unknownRows: 0 },
    });
    const lines = csv.trimEnd().split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toContain('"AI cost, effective"');
    expect(lines[1]).toMatch(/^'=cmd,job,Training,.*,USD,10\.000000001,0,0,,,,/);
    expect(lines[2]).toMatch(/^"b, c",job,.*,USD,,0,0,/);
    expect(lines[3]).toMatch(/^Further workloads,,,,,USD,5,/);
    expect(lines[5]).toMatch(/^All AI cost,,,,,USD,15\.500000001,/);
  });
});

describe('the place of a message', () => {
  it('is the line and column that an editor shows', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ maxLength: 12 }).map((s) => s.replaceAll('\n', ' ')),
          { minLength: 1 },
        ),
        fc.nat(),
        fc.nat(),
        (lines, a, b) => {
          const line = (a % lines.length) + 1;
          const column = (b % ((lines[line - 1]?.length ?? 0) + 1)) + 1;
          const before = lines.join('\n').slice(0, offsetOf(lines.join('\n'), { line, column }));
          expect(before.split('\n')).toHaveLength(line);
          expect(before.split('\n').at(-1)).toHaveLength(column - 1);
        },
      ),
    );
    expect(offsetOf('ab', { line: 9, column: 9 })).toBe(2);
  });
});
