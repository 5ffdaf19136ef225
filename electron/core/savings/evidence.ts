import { gateOf } from '../../../shared/analysis/gates.ts';
import type { EffectiveRate } from '../../../shared/catalog/effectiveRate.ts';
import type { EvidenceLine } from '../../../shared/contract/savings.ts';
import { dayText, isDay } from '../../../shared/domain/calendar.ts';
import type { FigureId } from '../../../shared/telemetry/figures.ts';
import type { Cube } from '../store/cube.ts';
import { countWords, moneyWords, rateWords, spanWords } from './describe.ts';
import type { Gathered } from './gather.ts';
import { hasFallen } from './going-on.ts';
import type { KnownFleet } from './model.ts';
import { skuOf } from './measured.ts';

/** Most resources that a link names. */
const mostLinked = 500;

const blank = { threshold: null, holds: null, date: null, link: null };

/** What the bill says of a fleet in the window. */
export function billEvidence(
  known: KnownFleet,
  { window, span }: Gathered,
  cube: Cube,
): EvidenceLine[] {
  const { use, live } = known;
  const { fleet, cost, hours, rows, hourlyShare, hoursKnown, levelShift } = use;
  const texts = cube.values('resource');
  const days = spanWords(window.firstDay, window.lastDay);
  const total = cost.onDemand + cost.committed + cost.spot;
  const link = {
    from: dayText(window.firstDay),
    to: dayText(window.lastDay + 1),
    resources: [...fleet.resources].slice(0, mostLinked).map((id) => texts[id] ?? ''),
  };
  const lines: EvidenceLine[] = [
    {
      ...blank,
      kind: 'bill',
      what: 'Effective cost',
      value: moneyWords(total),
      source: `${rows.toLocaleString('en-US')} charges of your bill, ${days}`,
      date: dayText(window.lastDay),
      link,
    },
    {
      ...blank,
      kind: 'bill',
      what: 'Machine-hours',
      value: hours.toLocaleString('en-US', { maximumFractionDigits: 1 }),
      source: hourlySource(hourlyShare, hoursKnown),
      date: dayText(window.lastDay),
      link,
    },
  ];
  if (live.size < fleet.resources.size) {
    lines.push({
      ...blank,
      kind: 'bill',
      what: 'Machines charged in the last 7 days',
      value: `${live.size} of ${fleet.resources.size}`,
      source: `resources of your bill since ${dayText(span.firstDay)}`,
      date: dayText(window.lastDay),
    });
  }
  if (hasFallen(use)) {
    lines.push({
      ...blank,
      kind: 'bill',
      what: 'Use of the last week against four weeks',
      value: `−${(100 * (1 - levelShift)).toFixed(0)}%`,
      source: 'the plan goes on from the last week',
      date: dayText(window.lastDay),
    });
  }
  return lines;
}

function hourlySource(share: number, known: boolean): string {
  if (share > 0.995) return 'hour rows of your bill';
  if (share > 0)
    return `hour rows of your bill for ${(100 * share).toFixed(0)}%, day rows spread evenly`;
  return known
    ? 'day rows of your bill, spread evenly: it ran nearly all day'
    : 'day rows of your bill: in which hours it ran is not known';
}

export function priceEvidence(what: string, rate: EffectiveRate | null): EvidenceLine[] {
  if (!rate) return [];
  return [
    {
      ...blank,
      kind: 'price',
      what,
      value: rateWords(Number(rate.amount)),
      source: rate.reason,
      date: isDay(rate.date) ? rate.date : null,
    },
  ];
}

const figureWords: Partial<Record<FigureId, [what: string, write: (value: number) => string]>> = {
  lookback_days: ['Days measured', (value) => value.toFixed(0)],
  gpu_active_share: ['GPU active, share of the time', (value) => `${(100 * value).toFixed(1)}%`],
  gpu_util_p95: ['GPU busy, P95', (value) => `${value.toFixed(1)}%`],
  gpu_mem_peak_gib: ['GPU memory, peak', (value) => `${value.toFixed(1)} GiB`],
  busy_gpus_max: ['GPUs busy at once', (value) => value.toFixed(0)],
  cpu_p99_5: ['CPU, P99.5', (value) => `${value.toFixed(1)}%`],
  mem_p99_5: ['Memory, P99.5', (value) => `${value.toFixed(1)}%`],
  cpu_max_pct: ['CPU, maximum', (value) => `${value.toFixed(1)}%`],
  network_mb_day: [
    'Network a day',
    (value) => `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`,
  ],
  invocations_14d: ['Calls in 14 days', (value) => value.toLocaleString('en-US')],
};

/** What was measured, of the machine that counts for the rule: the busiest. */
export function telemetryEvidence({ measured }: KnownFleet, lastDay: number): EvidenceLine[] {
  if (!measured) return [];
  const lines: EvidenceLine[] = [];
  for (const [id, entry] of Object.entries(figureWords) as [
    FigureId,
    NonNullable<(typeof figureWords)[FigureId]>,
  ][]) {
    const figures = measured.machines.flatMap(({ summary }) => summary.figures[id] ?? []);
    if (figures.length < measured.machines.length) continue;
    const least = id === 'lookback_days';
    const values = figures.map(({ value }) => value);
    const value = least
      ? Math.min(...values)
      : id === 'invocations_14d'
        ? values.reduce((sum, one) => sum + one, 0)
        : Math.max(...values);
    const hours = figures.reduce((sum, figure) => sum + figure.hours, 0);
    const sources = [...new Set(figures.flatMap((figure) => figure.sources))];
    const notes = [...new Set(figures.map(({ note }) => note).filter((note) => note !== ''))];
    lines.push({
      ...blank,
      kind: 'telemetry',
      what: entry[0],
      value: entry[1](value),
      source: [
        `${measured.measured} of ${countWords(measured.resources, 'machine')}, ${hours.toLocaleString('en-US')} hours: ${sources.join(', ')}`,
        ...notes,
      ].join('; '),
      date: dayText(lastDay),
    });
  }
  return lines;
}

/** The rule that allows an option, with what was compared with what. */
export function ruleEvidence(known: KnownFleet, option: string, lastDay: number): EvidenceLine[] {
  const shape = known.shapes.find(({ shape: own }) => own.option === option)?.shape;
  if (!shape) return [];
  const { fleet } = known.use;
  const gate = gateOf(
    shape,
    {
      current: skuOf(fleet.sku, fleet.machine),
      target: shape.machine ? skuOf(shape.sku, shape.machine) : null,
    },
    known.measured?.telemetry ?? {},
  );
  return gate.checks.map(({ what, observed, limit, holds }) => ({
    ...blank,
    kind: 'rule',
    what,
    value: observed === null ? 'unknown' : limitWords(observed),
    threshold: `${/^(?:days looked|hours with)/.test(what) ? 'at least' : 'at most'} ${limitWords(limit)}`,
    holds,
    source: `rule ${gate.rule}`,
    date: dayText(lastDay),
  }));
}

function limitWords(value: number): string {
  const digits = Math.abs(value) >= 10 ? 1 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
