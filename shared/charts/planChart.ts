import type { EChartsCoreOption } from 'echarts/core';
import { exactOf, formatExact } from '../domain/exact.ts';
import { formatDay, formatDecimal, formatMonth, monthName, subtract } from '../domain/format.ts';
import { amountsOverTime } from './amountsOverTime.ts';
import { axisLabel, type AxisUnit, axisUnit, niceScale } from './axis.ts';
import { fontFamily, type Tokens } from './palette.ts';

/** One day or month; amounts are exact decimals of the whole period, null where there is none. */
export interface PlanPoint {
  period: string;
  /** Spent so far in it. */
  spent: string | null;
  /** The period is not over: `spent` is part of the forecast. */
  partial: boolean;
  forecast: { cost: string; low: string; high: string } | null;
  planned: string | null;
}

export interface PlanChartData {
  currency: string | null;
  granularity: 'day' | 'month';
  points: readonly PlanPoint[];
}

interface Spent {
  period: string;
  cost: string;
  partial: boolean;
}
interface Ahead {
  period: string;
  partial: boolean;
  cost: string;
  low: string;
  high: string;
}

function add(a: string, b: string): string {
  return formatExact(exactOf(a) + exactOf(b));
}

/**
 * History, forecast and plan as one row of periods. The forecast of a period that has begun holds
 * its remaining days only, so what was spent in it is added; a last part of a period is left out, as
 * it would look like a fall.
 */
export function planPoints(
  history: readonly Spent[],
  forecast: readonly Ahead[],
  planned: readonly { period: string; cost: string }[] | null,
): PlanPoint[] {
  const spentIn = new Map(history.map((one) => [one.period, one]));
  const plannedIn = new Map((planned ?? []).map(({ period, cost }) => [period, cost]));
  const shown = forecast.filter(({ period, partial }) => !partial || spentIn.has(period));
  const ahead = shown.map(({ period, cost, low, high }): PlanPoint => {
    const begun = spentIn.get(period)?.cost ?? null;
    const whole = (rest: string) => (begun === null ? rest : add(begun, rest));
    const plan = plannedIn.get(period);
    return {
      period,
      spent: begun,
      partial: begun !== null,
      forecast: { cost: whole(cost), low: whole(low), high: whole(high) },
      planned: plan === undefined ? null : whole(plan),
    };
  });
  const known = new Set(ahead.map(({ period }) => period));
  const before = history
    .filter(({ period }) => !known.has(period))
    .map(({ period, cost, partial }): PlanPoint => {
      return { period, spent: cost, partial, forecast: null, planned: null };
    });
  return [...before, ...ahead];
}

function scaleOf(data: PlanChartData) {
  const values = data.points.flatMap(({ spent, forecast, planned }) => [
    Number(spent ?? 0),
    Number(forecast?.high ?? 0),
    Number(planned ?? 0),
  ]);
  const scale = niceScale(Math.min(0, ...values), Math.max(0, ...values));
  return { scale, unit: axisUnit(scale) };
}

/** "US$ million a month": what the axis counts. */
export function planChartUnit(data: PlanChartData): string {
  const { unit } = scaleOf(data);
  const money = data.currency === 'USD' ? 'US$' : (data.currency ?? 'amount');
  return `${money}${unit.word === '' ? '' : ` ${unit.word}`} a ${data.granularity}`;
}

function nameOf(data: PlanChartData, period: string): string {
  return data.granularity === 'month' ? formatMonth(period) : formatDay(period);
}

/** The figures of a period. */
export function planChartTip(
  data: PlanChartData,
  index: number,
): { head: string; lines: { label: string; value: string }[] } | null {
  const point = data.points[index];
  if (!point) return null;
  const { spent, partial, forecast, planned } = point;
  const lines: { label: string; value: string }[] = [];
  const say = (label: string, value: string) => lines.push({ label, value });
  if (spent !== null) say(partial ? 'Spent so far' : 'Spent', formatDecimal(spent));
  if (forecast) {
    say('Forecast', formatDecimal(forecast.cost));
    say('Interval', `${formatDecimal(forecast.low)} to ${formatDecimal(forecast.high)}`);
  }
  if (planned !== null) say('With the plan', formatDecimal(planned));
  if (forecast && planned !== null) say('Gap', formatDecimal(subtract(forecast.cost, planned)));
  return { head: nameOf(data, point.period), lines };
}

/** What is read aloud at a period. */
export function planChartReadout(data: PlanChartData, index: number): string {
  const tip = planChartTip(data, index);
  if (!tip) return '';
  return `${tip.head}: ${tip.lines.map(({ label, value }) => `${label} ${value}`).join(', ')}`;
}

/** The chart in a sentence, for those who do not see it. */
export function planChartSummary(data: PlanChartData): string {
  const last = data.points.at(-1);
  if (!last) return 'No values.';
  const parts = [
    last.forecast && `forecast ${formatDecimal(last.forecast.cost)}`,
    last.planned !== null && `with the plan ${formatDecimal(last.planned)}`,
  ].filter((part) => typeof part === 'string');
  const ahead = parts.length === 0 ? '' : ` In ${nameOf(data, last.period)} ${parts.join(', ')}.`;
  return `Spend by ${data.granularity} with its forecast and the plan.${ahead}`;
}

export interface PlanChartLook {
  tokens: Tokens;
  /** Pixels between the plot and the right edge, for the names of the lines. */
  right: number;
  tween: number;
}

/** Bars of what was spent, the forecast with its band, the plan and the gap between them. */
export function planChart(data: PlanChartData, look: PlanChartLook): EChartsCoreOption {
  const { tokens } = look;
  const { scale, unit } = scaleOf(data);
  const { points } = data;
  const values = (of: (point: PlanPoint) => string | null | undefined) =>
    points.map((point) => {
      const value = of(point);
      return value === null || value === undefined ? null : Number(value);
    });
  const difference = (a: string | null | undefined, b: string | null | undefined) =>
    a === null || a === undefined || b === null || b === undefined ? null : subtract(a, b);
  const area = (stack: string, data_: (number | null)[], color: string | null, opacity = 1) => ({
    type: 'line',
    stack,
    // The lower edge may lie below zero, and stacks of both signs would part there.
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
    lineStyle: { width: 0 },
    ...(color !== null && { areaStyle: { color, opacity } }),
    data: data_,
    z: 1,
  });
  const planned = points.some((point) => point.planned !== null);
  const named = precise(unit);
  const lastIndex = points.findLastIndex((point) => point.forecast !== null);
  const label = (name: string, color: string, weight: number) => ({
    show: look.right > 24,
    distance: 8,
    formatter: ({ value }: { value: number }) => `${name} ${axisLabel(value, named)}`,
    color,
    fontFamily,
    fontSize: 12,
    fontWeight: weight,
  });
  return {
    animation: look.tween > 0,
    animationDuration: 0,
    animationDurationUpdate: look.tween,
    ...amountsOverTime({
      periods: points.map(({ period }) => period),
      granularity: data.granularity,
      scale,
      unit,
      tokens,
      right: look.right,
    }),
    series: [
      {
        type: 'bar',
        name: 'Spent',
        stack: 'spent',
        barCategoryGap: '40%',
        barMaxWidth: 40,
        itemStyle: { color: tokens.actual },
        emphasis: { disabled: true },
        data: values(({ spent }) => spent).map((value) => value ?? '-'),
      },
      {
        type: 'bar',
        name: 'Rest of the period',
        stack: 'spent',
        silent: true,
        itemStyle: { color: 'transparent', borderColor: tokens.muted, borderType: 'dashed' },
        data: values(({ partial, spent, forecast }) =>
          partial ? difference(forecast?.cost, spent) : null,
        ).map((value) => (value !== null && value > 0 ? value : '-')),
      },
      area(
        'band',
        values(({ forecast }) => forecast?.low),
        null,
      ),
      area(
        'band',
        values(({ forecast }) => difference(forecast?.high, forecast?.low)),
        tokens.muted,
        0.2,
      ),
      ...(planned
        ? [
            area(
              'gap',
              values((point) => point.planned),
              null,
            ),
            {
              ...area(
                'gap',
                values((point) => difference(point.forecast?.cost, point.planned)),
                tokens.saveWeak,
                0.85,
              ),
              z: 2,
            },
          ]
        : []),
      {
        type: 'line',
        name: 'Forecast',
        symbol: 'none',
        silent: true,
        lineStyle: { color: tokens.text, width: 1.5, type: [4, 3] },
        endLabel: label('Forecast', tokens.text, 600),
        labelLayout: { moveOverlap: 'shiftY' },
        data: values(({ forecast }) => forecast?.cost).slice(0, lastIndex + 1),
        z: 4,
      },
      ...(planned
        ? [
            {
              type: 'line',
              name: 'With the plan',
              symbol: 'none',
              silent: true,
              lineStyle: { color: tokens.save, width: 2 },
              endLabel: label('With the plan', tokens.save, 600),
              labelLayout: { moveOverlap: 'shiftY' },
              data: values((point) => point.planned).slice(0, lastIndex + 1),
              z: 5,
            },
          ]
        : []),
    ],
  };
}

/** A label names a value where the axis only marks a step: one digit more. */
function precise(unit: AxisUnit): AxisUnit {
  return { ...unit, places: unit.word === 'million' || unit.word === 'billion' ? 2 : 1 };
}

/** "gap 0.54 in May", in the unit of the axis; null without a plan. */
export function planGapWords(data: PlanChartData): string | null {
  const last = data.points.findLast(({ forecast, planned }) => forecast && planned !== null);
  if (!last?.forecast || last.planned === null) return null;
  const { unit } = scaleOf(data);
  const gap = Number(subtract(last.forecast.cost, last.planned));
  const when = data.granularity === 'month' ? monthName(last.period) : formatDay(last.period);
  return `gap ${axisLabel(gap, precise(unit))} in ${when}`;
}
