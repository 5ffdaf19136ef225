import type { ClassDimension, Dimension } from '../../../shared/contract/values.ts';
import { purposes, purposeTitles } from '../../../shared/workloads/purposes.ts';
import { type Axis, isClass } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import type { ClassifiedLedger, WorkloadLedger } from './ledger.ts';

/** What charges are for and belong to, as dimensions of the bill beside its own. */
export interface Classes {
  /** Reads or works out what is asked for first; its code is loaded only then. */
  ledger: () => Promise<WorkloadLedger>;
  /** Throws `NotClassified` where `before` has not seen to it. */
  axis: (dimension: ClassDimension) => Axis;
  /** The same functions; a question about purposes or workloads waits until they are known. */
  before: <F extends Record<string, (input: never) => unknown>>(handlers: F) => F;
}

/** Charges came in between the classification and the question. */
class NotClassified extends Error {}

/** So often a question begins anew because what is loaded has changed meanwhile. */
const tries = 5;

export function createClasses(cube: Cube, open: () => Promise<WorkloadLedger>): Classes {
  let opened: Promise<WorkloadLedger> | null = null;
  let known: ClassifiedLedger | null = null;
  let axes: Record<ClassDimension, Axis> | null = null;
  const ledger = () => (opened ??= open());

  async function prepare(): Promise<void> {
    const now = await (await ledger()).read();
    if (now === known) return;
    known = now;
    axes = null;
  }

  return {
    ledger,
    axis: (dimension) => {
      if (!known || known.decided.series < cube.seriesCount()) throw new NotClassified();
      return (axes ??= axesOf(known))[dimension];
    },
    before: (handlers) => {
      const waiting = Object.entries(handlers).map(([name, handle]) => [
        name,
        (input: never) => (asksClass(input) ? answer(handle, input) : handle(input)),
      ]);
      return Object.fromEntries(waiting) as typeof handlers;
    },
  };

  async function answer(handle: (input: never) => unknown, input: never): Promise<unknown> {
    for (let left = tries; ; left--) {
      await prepare();
      try {
        return await handle(input);
      } catch (error) {
        if (!(error instanceof NotClassified) || left === 0) throw error;
      }
    }
  }
}

interface MayAsk {
  by?: readonly Dimension[];
  filters?: readonly { dimension: Dimension }[];
  dimension?: Dimension;
}

function asksClass({ by = [], filters = [], dimension }: MayAsk): boolean {
  const asked = [...by, ...filters.map((filter) => filter.dimension)];
  return asked.some(isClass) || (dimension !== undefined && isClass(dimension));
}

function axesOf({ decided, rules }: ClassifiedLedger): Record<ClassDimension, Axis> {
  const { series, workloads } = decided;
  // Index 0 stands for no value, which no purpose is.
  const purposeIds = new Uint32Array(series);
  const workloadIds = new Uint32Array(series);
  for (let i = 0; i < series; i++) {
    purposeIds[i] = (decided.purpose[i] as number) + 1;
    const split = decided.split[i] as number;
    workloadIds[i] = split < 0 ? (decided.workload[i] as number) : workloads.length + split;
  }
  const titles = purposes.map((purpose) => purposeTitles[purpose]);
  const names = [
    ...workloads.map(({ name }) => name),
    ...rules.map(({ name }) => `split: ${name}`),
  ];
  const alike = Map.groupBy(names.keys(), (place) => names[place]);
  return {
    purpose: {
      dimension: 'purpose',
      ids: purposeIds,
      values: ['', ...purposes],
      name: (id) => titles[id - 1] ?? null,
    },
    workload: {
      dimension: 'workload',
      ids: workloadIds,
      // What a split rule divides belongs to none of them whole.
      values: [...workloads.map(({ id }) => id), ...rules.map(({ name }) => `split:${name}`)],
      // An endpoint and a job of one name are told apart by their ids.
      name: (id) => (id > 0 && alike.get(names[id])?.length === 1 ? (names[id] ?? null) : null),
    },
  };
}
