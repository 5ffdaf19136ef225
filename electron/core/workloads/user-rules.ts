import { purposes } from '../../../shared/workloads/purposes.ts';
import {
  type Condition,
  patternTest,
  type RuleField,
  type UserRule,
} from '../../../shared/workloads/userRules.ts';
import { type WorkloadKind, workloadKinds } from '../../../shared/workloads/workload.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import type { NamedDimension, SeriesDimension } from '../store/measures.ts';
import { type Classified, workloadKey } from './classification.ts';

/** What holds for each series after the user's rules. */
export interface Decided {
  series: number;
  purpose: Uint8Array;
  /** Place in `workloads`; 0: none. */
  workload: Uint32Array;
  workloads: DecidedWorkload[];
  /** Place in the user's rules; -1: none of them decided. */
  rule: Int32Array;
  /** Place in the user's rules of the one that splits it; -1: none. */
  split: Int32Array;
}

export interface DecidedWorkload {
  id: string;
  kind: WorkloadKind;
  name: string;
  from: string;
}

const none: DecidedWorkload = { id: '', kind: 'workload', name: '', from: '' };
/** Values or series between two looks at the clock. */
const atOnce = 8192;

/**
 * Lets the user's rules decide before Outlay's own: the first that holds gives purpose, workload or
 * split, and what it leaves open stays as found. Conditions are tried once a value, not once a charge,
 * so that a change of rules reaches all months at once.
 */
export function* decide(
  cube: Cube,
  axes: Axes,
  base: Classified,
  rules: readonly UserRule[],
): Generator<void, Decided> {
  const { series } = base;
  const workloads = base.workloads.map((one) =>
    one ? { id: workloadKey(one), ...one } : { ...none },
  );
  if (rules.length === 0) {
    const untouched = new Int32Array(series).fill(-1);
    return {
      series,
      purpose: base.purpose,
      workload: base.workload,
      workloads,
      rule: untouched,
      split: untouched,
    };
  }
  const places = new Map(workloads.map(({ id }, place) => [id, place]));
  const placeOf = (id: string, from: string): number => {
    let place = places.get(id);
    if (place === undefined) {
      const at = id.indexOf(':');
      const kind = workloadKinds.find((name) => name === id.slice(0, at)) ?? 'workload';
      place = workloads.push({ id, kind, name: id.slice(at + 1), from }) - 1;
      places.set(id, place);
    }
    return place;
  };
  const purpose = base.purpose.slice(0, series);
  const workload = base.workload.slice(0, series);
  const rule = new Int32Array(series).fill(-1);
  const split = new Int32Array(series).fill(-1);
  const fields = new Map<RuleField, Field>();
  const fieldOf = (name: RuleField): Field => {
    let field = fields.get(name);
    if (!field) fields.set(name, (field = readField(cube, axes, base, name)));
    return field;
  };
  for (const [number, one] of rules.entries()) {
    const holds = new Uint8Array(series);
    for (let i = 0; i < series; i++) holds[i] = rule[i] === -1 ? 1 : 0;
    for (const condition of one.when) {
      yield* narrow(holds, fieldOf(condition.field), condition);
    }
    const given = one.purpose === null ? -1 : purposes.indexOf(one.purpose);
    const from = `rule "${one.name}"`;
    const template = one.workload === null ? null : templateOf(one.workload, fieldOf);
    for (let i = 0; i < series; i++) {
      if (i % atOnce === 0) yield;
      if (holds[i] === 0) continue;
      let place = -1;
      if (template) {
        const id = template(i);
        if (id === null) continue;
        place = placeOf(id, from);
      }
      rule[i] = number;
      if (given >= 0) purpose[i] = given;
      if (place >= 0) workload[i] = place;
      if (one.split) split[i] = number;
    }
  }
  return { series, purpose, workload, workloads, rule, split };
}

/** A field of series: the number of each series' value, and its text. */
interface Field {
  ids: ArrayLike<number>;
  values: number;
  text: (id: number) => string;
}

function* narrow(holds: Uint8Array, field: Field, condition: Condition): Generator<void> {
  const fits = patternTest(condition.patterns);
  const passes = new Uint8Array(field.values);
  for (let id = 0; id < field.values; id++) {
    if (id % atOnce === 0) yield;
    passes[id] = fits(field.text(id)) === condition.not ? 0 : 1;
  }
  yield;
  for (let i = 0; i < holds.length; i++) {
    holds[i] = (holds[i] as number) & (passes[field.ids[i] as number] as number);
  }
}

const named: Partial<Record<RuleField, NamedDimension>> = {
  'account-name': 'account',
  meter: 'sku',
  'resource-name': 'resource',
};

function readField(cube: Cube, axes: Axes, base: Classified, name: RuleField): Field {
  if (name === 'purpose') {
    return { ids: base.purpose, values: purposes.length, text: (id) => purposes[id] ?? '' };
  }
  if (name === 'workload') {
    const texts = base.workloads.map((one) => (one ? workloadKey(one) : ''));
    return { ids: base.workload, values: texts.length, text: (id) => texts[id] ?? '' };
  }
  if (name.startsWith('tag:')) {
    const { ids, values } = axes.axis(name as `tag:${string}`);
    return { ids, values: values.length, text: (id) => values[id] ?? '' };
  }
  const dimension = named[name] ?? (name as SeriesDimension);
  const texts = cube.values(dimension);
  const names = named[name] ? cube.names(dimension as NamedDimension) : null;
  return {
    ids: cube.series(dimension),
    values: texts.length,
    text: (id) => names?.get(id) ?? texts[id] ?? '',
  };
}

/** The workload id of a series; null where a field it is made of has no value. */
function templateOf(
  template: string,
  fieldOf: (name: RuleField) => Field,
): (series: number) => string | null {
  const parts = template.split(/\{([^{}]*)\}/);
  if (parts.length === 1) return () => template;
  const fields = parts.map((part, place) => (place % 2 === 1 ? fieldOf(part as RuleField) : null));
  return (series) => {
    let id = '';
    for (const [place, field] of fields.entries()) {
      if (!field) id += parts[place] ?? '';
      else {
        const value = field.text(field.ids[series] as number);
        if (value === '') return null;
        id += value;
      }
    }
    return id;
  };
}
