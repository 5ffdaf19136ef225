import {
  type ClassDimension,
  classDimensions,
  type Dimension,
  type Filter,
} from '../../../shared/contract/values.ts';
import type { Cube } from '../store/cube.ts';
import { namedDimensions, type NamedDimension, type SeriesDimension } from '../store/measures.ts';

/** A dimension of the bill, resolved: the value id of each series, and texts by id. */
export interface Axis {
  dimension: Dimension;
  ids: Uint32Array;
  /** Index 0 stands for no value. */
  values: readonly string[];
  name: (id: number) => string | null;
}

/** Resolves dimensions against a cube and keeps what is costly (tag columns) until data changes. */
export interface Axes {
  axis: (dimension: Dimension) => Axis;
  tagKeys: () => string[];
  /** 1 for every series that passes all filters. */
  mask: (filters: readonly Filter[]) => Uint8Array;
}

/** What charges are found to be; see `createClasses`. */
export type ClassAxis = (dimension: ClassDimension) => Axis;

export function createAxes(cube: Cube, classAxis?: ClassAxis): Axes {
  let revision = -1;
  let tagSets: Record<string, string | null>[] = [];
  let tagAxes = new Map<string, Axis>();

  function refresh(): void {
    const now = cube.revision();
    if (now === revision) return;
    revision = now;
    tagSets = [];
    tagAxes = new Map();
  }

  function parsedTagSets(): Record<string, string | null>[] {
    if (tagSets.length === 0) {
      tagSets = cube
        .values('tags')
        .map((text) => (text === '' ? {} : (JSON.parse(text) as Record<string, string | null>)));
    }
    return tagSets;
  }

  function tagAxis(key: string): Axis {
    const kept = tagAxes.get(key);
    if (kept) return kept;
    const values = [''];
    const idOf = new Map<string, number>();
    const idOfSet = Uint32Array.from(parsedTagSets(), (tags) => {
      const value = Object.hasOwn(tags, key) ? tags[key] : null;
      if (value === null || value === undefined || value === '') return 0;
      let id = idOf.get(value);
      if (id === undefined) {
        id = values.push(value) - 1;
        idOf.set(value, id);
      }
      return id;
    });
    const sets = cube.series('tags');
    const ids = Uint32Array.from(sets, (set) => idOfSet[set] ?? 0);
    const found: Axis = { dimension: `tag:${key}`, ids, values, name: () => null };
    tagAxes.set(key, found);
    return found;
  }

  function axis(dimension: Dimension): Axis {
    refresh();
    if (dimension.startsWith('tag:')) return tagAxis(dimension.slice(4));
    if (isClass(dimension)) {
      if (!classAxis) throw new RangeError(`nothing here knows the ${dimension} of charges`);
      return classAxis(dimension);
    }
    const name = dimension as SeriesDimension;
    const named = (namedDimensions as readonly string[]).includes(name);
    // Read at the first name asked for: a resource has one each, and most answers show none.
    let names: ReadonlyMap<number, string> | null = null;
    return {
      dimension,
      ids: cube.series(name),
      values: cube.values(name),
      name: named
        ? (id) => (names ??= cube.names(name as NamedDimension)).get(id) ?? null
        : () => null,
    };
  }

  return {
    axis,
    tagKeys: () => {
      refresh();
      const keys = new Set<string>();
      for (const tags of parsedTagSets()) for (const key of Object.keys(tags)) keys.add(key);
      return [...keys].sort();
    },
    mask: (filters) => {
      const mask = new Uint8Array(cube.seriesCount()).fill(1);
      for (const filter of joinSame(filters)) {
        const { ids, values } = axis(filter.dimension);
        const passes = new Uint8Array(values.length).fill(filter.not ? 1 : 0);
        for (const id of idsOf(values, filter.values)) passes[id] = filter.not ? 0 : 1;
        for (let i = 0; i < mask.length; i++) {
          mask[i] = (mask[i] as number) & (passes[ids[i] as number] as number);
        }
      }
      return mask;
    },
  };
}

/** Ids of the texts that a dimension has, null being the first; each text is there once. */
function idsOf(texts: readonly string[], wanted: readonly (string | null)[]): number[] {
  // Looking for a few is faster than making each known.
  if (wanted.length <= fewTexts) {
    return wanted.map((text) => texts.indexOf(text ?? '')).filter((id) => id >= 0);
  }
  const known = new Set(wanted.map((text) => text ?? ''));
  return texts.flatMap((text, id) => (known.has(text) ? [id] : []));
}

const fewTexts = 20;

/** The text of a value id; null stands for no value. */
export function textOf(axis: Axis, id: number): string | null {
  return id === 0 ? null : (axis.values[id] ?? null);
}

/** The same dimension twice is OR, "is" and "is not" kept apart; different ones are AND. */
export function joinSame(filters: readonly Filter[]): (Filter & { not: boolean })[] {
  const joined = new Map<string, Filter & { not: boolean }>();
  for (const filter of filters) {
    const not = filter.not === true;
    const key = `${not} ${filter.dimension}`;
    const known = joined.get(key);
    if (known) known.values.push(...filter.values);
    else joined.set(key, { ...filter, not, values: [...filter.values] });
  }
  return [...joined.values()];
}

/** What Outlay finds of a charge, and no bill says. */
export function isClass(dimension: Dimension): dimension is ClassDimension {
  return (classDimensions as readonly string[]).includes(dimension);
}
