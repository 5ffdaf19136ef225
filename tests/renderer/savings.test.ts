import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitmentsCsv, planCsv } from '../../renderer/data/exportSavings.ts';
import { stepsText } from '../../renderer/pages/savings/Decide.tsx';
import { waterfallOf } from '../../renderer/pages/savings/words.ts';
import { defaultChoices, nothingElse } from '../../renderer/stores/choices.ts';
import {
  advisedPolicy,
  isAdvised,
  planInput,
  simulateInput,
} from '../../renderer/stores/savingsInput.ts';
import { chance, rateWords } from '../../renderer/stores/words.ts';
import { niceSpan } from '../../shared/charts/axis.ts';
import { costCurveReadout, costCurveSummary } from '../../shared/charts/costCurve.ts';
import { ladderBlocks } from '../../shared/charts/ladder.ts';
import { planChartReadout, planGapWords, planPoints } from '../../shared/charts/planChart.ts';
import {
  type WaterfallData,
  waterfallFrom,
  waterfallReadout,
  waterfallRows,
  waterfallTip,
} from '../../shared/charts/waterfall.ts';
import { savingsPolicy } from '../../shared/contract/savings.ts';
import { addDays, dayNumber } from '../../shared/domain/calendar.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { formatDecimal } from '../../shared/domain/format.ts';
import { commitmentsAnswer } from './commitmentsAnswers.ts';
import { actions, figuresOf, planAnswer, seriesAnswer } from './savingsAnswers.ts';

const cents = (most: number) =>
  fc.integer({ min: 0, max: most * 100 }).map((value) => (value / 100).toFixed(2));

describe('the waterfall', () => {
  const data = fc
    .tuple(
      cents(2_000_000),
      fc.array(fc.record({ label: fc.string(), marginal: cents(90_000), lastIn: cents(99_000) }), {
        maxLength: 6,
      }),
    )
    .map(([baseline, steps]): WaterfallData => {
      const planned = steps.reduce(
        (rest, step) => rest - exactOf(step.marginal),
        exactOf(baseline),
      );
      return {
        currency: 'USD',
        from: { label: 'Bill', cost: baseline },
        to: { label: 'Planned bill', cost: formatExact(planned) },
        steps,
      };
    });

  it('begins its axis at 0 or below the lowest bar, never above', () => {
    fc.assert(
      fc.property(data, (one) => {
        const from = waterfallFrom(one);
        expect(from).toBeGreaterThanOrEqual(0);
        if (from > 0) expect(from).toBeLessThan(Number(one.to.cost));
      }),
    );
  });

  it('says every step with both of its sums', () => {
    const one = waterfallOf(figuresOf(actions), figuresOf(actions), 'USD');
    if (!one) throw new Error('a waterfall is expected');
    expect(waterfallReadout(one, 0)).toBe("Bill at today's volumes: $1,941,201");
    expect(waterfallReadout(one, 1)).toBe('Stop: \u221260,206, last-in 54,186');
    expect(waterfallReadout(one, 7)).toBe('Planned bill: $1,482,626');
    expect(waterfallTip(one, 1)?.lines.map(({ value }) => value)).toEqual([
      '60,206.25',
      '54,185.63',
      '6,020.63',
    ]);
    const synergy = { label: 'Spot', marginal: '5', lastIn: '7.5' };
    expect(waterfallTip({ ...one, steps: [synergy] }, 1)?.lines[2]).toEqual({
      label: 'More together with others',
      value: '2.50',
    });
    expect(waterfallRows(one)).toHaveLength(8);
  });

  it('leaves out levers that neither the plan nor the what-if uses', () => {
    const some = actions.filter(({ lever }) => lever === 'stop' || lever === 'spot');
    const labels = (of: ReturnType<typeof waterfallOf>) => of?.steps.map(({ label }) => label);
    expect(labels(waterfallOf(figuresOf(some), figuresOf(some), null))).toEqual(['Stop', 'Spot']);
    // What is switched off stays where it was, at 0.
    expect(labels(waterfallOf(figuresOf([]), figuresOf(some), null))).toEqual(['Stop', 'Spot']);
  });
});

describe('spend against the plan', () => {
  it('adds what was spent to the forecast of the rest of the month, exactly', () => {
    fc.assert(
      fc.property(cents(1e6), cents(1e5), cents(1e5), cents(1e5), (spent, cost, plan, width) => {
        const points = planPoints(
          [
            { period: '2026-10', cost: '5', partial: false },
            { period: '2026-11', cost: spent, partial: true },
          ],
          [
            { period: '2026-11', cost, low: cost, high: width, partial: true },
            { period: '2026-12', cost: '7', low: '6', high: '8', partial: false },
            { period: '2027-01', cost: '1', low: '1', high: '1', partial: true },
          ],
          [{ period: '2026-11', cost: plan }],
        );
        const sum = (a: string, b: string) => formatExact(exactOf(a) + exactOf(b));
        expect(points.map(({ period }) => period)).toEqual(['2026-10', '2026-11', '2026-12']);
        expect(points[0]).toEqual({
          period: '2026-10',
          spent: '5',
          partial: false,
          forecast: null,
          planned: null,
        });
        expect(points[1]).toEqual({
          period: '2026-11',
          spent,
          partial: true,
          forecast: { cost: sum(spent, cost), low: sum(spent, cost), high: sum(spent, width) },
          planned: sum(spent, plan),
        });
        expect(points[2]?.forecast?.cost).toBe('7');
        expect(points[2]?.planned).toBeNull();
      }),
    );
  });

  it('says a month in words, and the gap that the plan leaves', () => {
    const { history, forecast, planned } = seriesAnswer();
    const data = {
      currency: 'USD',
      granularity: 'month' as const,
      points: planPoints(history, forecast, planned),
    };
    expect(planChartReadout(data, 0)).toBe('December 2025: Spent 1,180,000');
    expect(planChartReadout(data, data.points.length - 1)).toBe(
      'May 2027: Forecast 2,190,000, Interval 1,870,000 to 2,510,000, With the plan 1,650,000, Gap 540,000',
    );
    expect(planGapWords(data)).toBe('gap 0.54 in May');
    expect(planGapWords({ ...data, points: planPoints(history, forecast, null) })).toBeNull();
  });
});

describe('an axis of lines', () => {
  it('covers its values with 3 to 6 round ticks', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e7, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e7, noNaN: true }),
        (low, span) => {
          const high = low + span;
          const scale = niceSpan(low, high);
          const slack = scale.step * 1e-6;
          expect(scale.min).toBeLessThanOrEqual(low + slack);
          expect(scale.max).toBeGreaterThanOrEqual(high - slack);
          const ticks = Math.round((scale.max - scale.min) / scale.step) + 1;
          expect(ticks).toBeGreaterThanOrEqual(2);
          expect(ticks).toBeLessThanOrEqual(6);
        },
      ),
    );
  });
});

describe('the ladder', () => {
  const tranche = fc
    .tuple(fc.nat(400), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 90 }))
    .map(([start, term, amount]) => {
      const day = addDays('2026-01-01', start);
      return { day, ends: addDays(day, term), amount };
    });

  it('is on every day as high as the tranches that run then, with nothing between them', () => {
    fc.assert(
      fc.property(fc.array(tranche, { minLength: 1, maxLength: 6 }), fc.nat(800), (all, at) => {
        const { blocks, most } = ladderBlocks(all);
        const day = dayNumber('2026-01-01') + at;
        const running = all.filter((one) => dayNumber(one.day) <= day && day < dayNumber(one.ends));
        const high = running.reduce((sum, { amount }) => sum + amount, 0);
        const on = blocks
          .filter(({ from, to }) => from <= day && day < to)
          .sort((a, b) => a.bottom - b.bottom);
        expect(on.reduce((sum, { bottom, top }) => sum + top - bottom, 0)).toBe(high);
        on.forEach(({ bottom }, index) => expect(bottom).toBe(on[index - 1]?.top ?? 0));
        expect(high).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('the cost curve in words', () => {
  it('gives cents to money an hour and none to whole units', () => {
    const curve = commitmentsAnswer('2026-11-21').curves[0];
    if (!curve) throw new Error('a curve is expected');
    const data = { ...curve, currency: 'USD' };
    expect(costCurveSummary(data)).toContain('Chosen 118.40 $/h, bill 623,000.');
    expect(costCurveSummary(data)).toContain('From 101.00 to 137.00');
    expect(costCurveReadout({ ...data, kind: 'ri', unit: 'machines' }, 1)).toMatch(
      /^10 machines: /,
    );
  });
});

describe('the question for the plan', () => {
  it('holds only what differs from the advice, and the contract takes it', () => {
    expect(planInput(defaultChoices)).toEqual({});
    expect(isAdvised(nothingElse)).toBe(true);
    const whatIf = { ...nothingElse, mostLoss: 0.05, maxCash: 0, off: ['stop:a'] };
    const choices = { ...defaultChoices, currency: 'EUR', provider: 'AWS', whatIf };
    expect(planInput(choices)).toEqual({
      currency: 'EUR',
      provider: 'AWS',
      policy: { mostLoss: 0.05, maxCash: 0 },
    });
    expect(simulateInput(choices).policy).toEqual({ mostLoss: 0.05, maxCash: 0, off: ['stop:a'] });
    expect(isAdvised(whatIf)).toBe(false);
    expect(savingsPolicy.parse(simulateInput(choices).policy).off).toEqual(['stop:a']);
    // The window knows the defaults by heart, as schemas belong to the core.
    expect(savingsPolicy.parse({})).toMatchObject(advisedPolicy);
    const anyTerm = { ...nothingElse, maxTermMonths: 'any' as const };
    expect(planInput({ ...choices, whatIf: anyTerm }).policy).toEqual({ maxTermMonths: null });
  });
});

describe('words', () => {
  it('never round a chance that is there to nothing, nor unknown to 0', () => {
    expect([0, 0.0004, 0.04, 0.126, 1].map(chance)).toEqual(['0%', '<1%', '4%', '13%', '100%']);
    expect(chance(null)).toBe('unknown');
    expect(rateWords(null)).toBe('n/a');
    expect(rateWords(0.614)).toBe('61.4%');
    expect(rateWords(-0.02)).toBe('\u22122.0%');
  });

  it('copy the steps with their commands', () => {
    expect(stepsText({ title: 'A', steps: actions[0]?.steps ?? [] })).toBe(
      'A\n1. Set the checkpoint interval to 32 minutes\n2. Create the Spot node pool, Kubernetes Engine, Clusters\n   gcloud container node-pools create spot-a3 --spot\n',
    );
  });
});

describe('the plan as CSV', () => {
  it('has marginals that add up to its last row, every digit, and no formula', () => {
    const answer = planAnswer();
    const first = answer.plan?.actions[0];
    if (first) first.title = '=cmd';
    const lines = planCsv(answer).trimEnd().split('\r\n');
    expect(lines).toHaveLength(actions.length + 2);
    expect(lines[1]).toMatch(/^'=cmd,/);
    const marginals = lines.slice(1, -1).map((line) => /,USD,([\d.]+),/.exec(line)?.[1] ?? '');
    const sum = marginals.reduce((all, one) => all + exactOf(one), 0n);
    expect(lines.at(-1)).toContain(`,USD,${formatExact(sum)},`);
    expect(formatDecimal(formatExact(sum), 2)).toBe('458,575.25');
  });

  it('of commitments has what is owned, then the ladder', () => {
    const answer = commitmentsAnswer('2026-11-21');
    const lines = commitmentsCsv(answer).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + answer.owned.length + answer.ladder.length);
    expect(lines[1]).toMatch(/^Owned,"Compute Savings Plan, 62.00\/h",AWS,/);
    expect(lines.at(-1)).toMatch(
      /^To buy,Compute Savings Plan,,,,16.4,\$\/h,2027-03-09,2028-03-09,/,
    );
  });
});
