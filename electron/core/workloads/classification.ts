import { createClassifier } from '../../../shared/workloads/classify.ts';
import { type Meter, meterOf } from '../../../shared/workloads/meters.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import type { Workload } from '../../../shared/workloads/workload.ts';
import { createSeriesIndex } from '../store/series-index.ts';
import type { SeriesFacts } from './series-facts.ts';

/** What Outlay's own rules say of each series. Numbers stand for the texts beside them. */
export interface Classified {
  /** Series from the first one on that are classified. */
  series: number;
  /** Place in the list of purposes. */
  purpose: Uint8Array;
  rule: Uint16Array;
  /** 0: none. */
  workload: Uint32Array;
  meter: Uint32Array;
  rules: string[];
  workloads: (Workload | null)[];
  meters: (Meter | null)[];
}

export function emptyClassified(): Classified {
  return {
    series: 0,
    purpose: new Uint8Array(0),
    rule: new Uint16Array(0),
    workload: new Uint32Array(0),
    meter: new Uint32Array(0),
    rules: [],
    workloads: [null],
    meters: [null],
  };
}

/** Series that are classified between two looks at the clock. */
const atOnce = 64;

/**
 * Classifies the series that are not yet, in steps of well below a millisecond. Series that agree in
 * all that rules look at are classified once.
 */
export function* classifySeries(known: Classified, of: SeriesFacts): Generator<void, Classified> {
  const { count } = of;
  const purpose = grown(known.purpose, new Uint8Array(count));
  const rule = grown(known.rule, new Uint16Array(count));
  const workload = grown(known.workload, new Uint32Array(count));
  const meter = grown(known.meter, new Uint32Array(count));
  const rules = numbering(known.rules, (id) => id);
  const workloads = numbering(known.workloads, (one) => (one ? workloadKey(one) : ''));
  const meters = numbering(known.meters, meterKey);
  const classify = createClassifier();
  const distinct = createSeriesIndex(Array.from({ length: of.width }, () => []));
  const first: number[] = [];
  const key = new Uint32Array(of.width);
  for (let series = known.series; series < count; series++) {
    if (series % atOnce === 0) yield;
    of.key(series, key);
    const number = distinct.numberOf(key);
    const like = first[number];
    if (like !== undefined) {
      purpose[series] = purpose[like] as number;
      rule[series] = rule[like] as number;
      workload[series] = workload[like] as number;
      meter[series] = meter[like] as number;
      continue;
    }
    first[number] = series;
    const found = classify(of.facts(series));
    purpose[series] = purposes.indexOf(found.purpose);
    rule[series] = rules.of(found.rule);
    workload[series] = workloads.of(found.workload);
    meter[series] = meters.of(meterOf(found.derived, of.meterFacts(series)));
  }
  return {
    series: count,
    purpose,
    rule,
    workload,
    meter,
    rules: rules.all,
    workloads: workloads.all,
    meters: meters.all,
  };
}

/** Told apart without the cost of JSON: there is one a series. */
function meterKey(meter: Meter | null): string {
  if (!meter) return '';
  const unit = meter.perUnit?.join('/') ?? '';
  if (meter.kind === 'gpu') return `gpu ${meter.accelerator} ${meter.count.join('/')} ${unit}`;
  const { model, direction, cache, batch } = meter;
  return `tokens ${direction} ${cache} ${batch} ${unit} ${model === null ? 0 : `1${model}`}`;
}

/** The id of a workload, stable and for people too: "endpoint:chat". */
export function workloadKey({ kind, name }: Pick<Workload, 'kind' | 'name'>): string {
  return `${kind}:${name}`;
}

function grown<A extends Uint8Array | Uint16Array | Uint32Array>(from: A, to: A): A {
  to.set(from.subarray(0, to.length));
  return to;
}

/** Numbers what is met, those of `known` first. */
function numbering<T>(known: readonly T[], keyOf: (item: T) => string) {
  const all = [...known];
  const numbers = new Map(all.map((item, number) => [keyOf(item), number]));
  return {
    all,
    of: (item: T): number => {
      const key = keyOf(item);
      let number = numbers.get(key);
      if (number === undefined) {
        number = all.push(item) - 1;
        numbers.set(key, number);
      }
      return number;
    },
  };
}
