import { formatDecimal, formatDayShort, monthShort } from '../domain/format.ts';

export interface Scale {
  min: number;
  max: number;
  step: number;
}

const roundSteps = [1, 2, 2.5, 5, 10];

/** A scale that holds zero and covers `low` to `high` with 4 to 6 round ticks. */
export function niceScale(low: number, high: number): Scale {
  const top = Math.max(0, high);
  const bottom = Math.min(0, low);
  const span = top - bottom;
  if (!(span > 0)) return { min: 0, max: 1, step: 0.25 };
  const magnitude = 10 ** Math.floor(Math.log10(span / 4));
  let best: { scale: Scale; span: number } | null = null;
  for (const round of roundSteps) {
    const step = round * magnitude;
    // A top that lies on a tick must not gain another one by an error in the last bit.
    const above = Math.ceil(top / step - 1e-9);
    const below = Math.ceil(-bottom / step - 1e-9);
    const intervals = above + below;
    if (intervals < 3 || intervals > 5) continue;
    // The tightest scale wins; of equal ones the coarser, which comes later.
    if (best === null || intervals * step <= best.span * (1 + 1e-9)) {
      best = {
        scale: { min: -below * step || 0, max: above * step, step },
        span: intervals * step,
      };
    }
  }
  // Values on both sides of zero can fall between: a half interval is lost on each side.
  const step = 5 * magnitude;
  return (
    best?.scale ?? {
      min: -Math.ceil(-bottom / step) * step || 0,
      max: Math.ceil(top / step) * step,
      step,
    }
  );
}

/** A scale with 4 to 6 round ticks that covers `low` to `high` and need not hold zero: for lines. */
export function niceSpan(low: number, high: number): Scale {
  const span = high - low;
  if (!(span > 0)) return niceScale(low, high);
  const magnitude = 10 ** Math.floor(Math.log10(span / 4));
  for (const round of [...roundSteps, 20]) {
    const step = round * magnitude;
    const min = Math.floor(low / step + 1e-9) * step;
    const max = Math.ceil(high / step - 1e-9) * step;
    if (Math.round((max - min) / step) <= 5) return { min, max, step };
  }
  return niceScale(low, high);
}

export interface AxisUnit {
  divisor: number;
  /** "thousand", "million", "billion" or nothing, for the caption. */
  word: '' | 'thousand' | 'million' | 'billion';
  /** Digits after the point that tell the ticks apart. */
  places: number;
}

/** The unit in which an axis is labelled, so that its labels are short. */
export function axisUnit(scale: Scale): AxisUnit {
  const largest = Math.max(scale.max, -scale.min);
  const [divisor, word] =
    largest >= 2e9
      ? ([1e9, 'billion'] as const)
      : largest >= 1e6
        ? ([1e6, 'million'] as const)
        : largest >= 1e4
          ? ([1e3, 'thousand'] as const)
          : ([1, ''] as const);
  return { divisor, word, places: placesOfStep(scale.step / divisor) };
}

/** Digits after the point that tell ticks `step` apart from each other. */
export function placesOfStep(step: number): number {
  let places = 0;
  while (places < 4 && Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) > 1e-6) {
    places++;
  }
  return places;
}

/** The label of a tick: "2.5", "−0.5". */
export function axisLabel(value: number, unit: AxisUnit): string {
  return formatDecimal((value / unit.divisor).toFixed(unit.places), unit.places);
}

/** Labels of days or months in order; "" where a label would crowd its neighbours. */
export function timeLabels(periods: string[], granularity: 'day' | 'month'): string[] {
  if (granularity === 'month') {
    return periods.map((period, index) =>
      index === 0 || period.slice(5, 7) === '01'
        ? `${monthShort(period)}\n${period.slice(0, 4)}`
        : monthShort(period),
    );
  }
  if (periods.length > 62) {
    return periods.map((day) => (day.endsWith('-01') ? monthShort(day) : ''));
  }
  const every = periods.length > 31 ? 2 : 1;
  return periods.map((day, index) => {
    if (index === 0 || day.endsWith('-01')) return formatDayShort(day);
    return index % every === 0 ? String(Number(day.slice(8, 10))) : '';
  });
}
