import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Filter } from '../../../shared/contract/values.ts';
import { type Axes, isClass } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { type SeriesDimension, seriesDimensions } from '../store/measures.ts';
import { createSeriesIndex } from '../store/series-index.ts';

/** Values of a few dimensions that only charges of the slice have together. */
export interface ClassTuples {
  dimensions: readonly SeriesDimension[];
  /** Texts in the order of the dimensions; "" stands for no value. */
  tuples: readonly (readonly string[])[];
}

/** Tried in turn: few dimensions of few values first. */
const candidates: readonly (readonly SeriesDimension[])[] = [
  ['service'],
  ['resource'],
  ['service', 'sku'],
  ['service', 'resource'],
  ['service', 'sku', 'resource'],
  ['service', 'tags'],
  ['service', 'sku', 'resource', 'tags'],
  seriesDimensions,
];

const mostTuples = 20_000;
/** As a condition of its own on a file's column a longer list costs more than it leaves out. */
const mostValues = 200;

/**
 * Lines know nothing of purposes and workloads. What filters on them let through is said in values
 * that lines have; null where there are no such filters. Throws TOO_LARGE where too many are needed.
 */
export function classTuples(
  { cube, axes }: { cube: Cube; axes: Axes },
  filters: readonly Filter[],
): ClassTuples | null {
  const own = filters.filter(({ dimension }) => isClass(dimension));
  if (own.length === 0) return null;
  // Series that other filters leave out need not be told apart.
  const within = axes.mask(filters.filter(({ dimension }) => !isClass(dimension)));
  const passing = axes.mask(own);
  for (const dimensions of candidates) {
    const tuples = tellingTuples(cube, dimensions, within, passing);
    if (tuples && tuples.length <= mostTuples) return { dimensions, tuples };
  }
  throw new OutlayError(
    'TOO_LARGE',
    'The lines of so many different charges cannot be listed by purpose or workload.',
    'Add a filter, of a resource, service or account, or choose fewer days.',
  );
}

/** Null where a tuple has series that pass and such that do not. */
function tellingTuples(
  cube: Cube,
  dimensions: readonly SeriesDimension[],
  within: Uint8Array,
  passing: Uint8Array,
): string[][] | null {
  const ids = dimensions.map((name) => cube.series(name));
  const index = createSeriesIndex(dimensions.map(() => []));
  const passes: number[] = [];
  const first: number[] = [];
  const key = new Uint32Array(dimensions.length);
  for (let series = 0; series < within.length; series++) {
    if (within[series] === 0) continue;
    for (let c = 0; c < ids.length; c++) key[c] = ids[c]?.[series] as number;
    const number = index.numberOf(key);
    const pass = passing[series] as number;
    if (number === first.length) {
      first.push(series);
      passes.push(pass);
    } else if (passes[number] !== pass) return null;
  }
  const texts = dimensions.map((name) => cube.values(name));
  return first
    .filter((_, number) => passes[number] === 1)
    .map((series) => texts.map((of, c) => of[ids[c]?.[series] as number] ?? ''));
}

/** What follows of tuples for each dimension alone, for the files that can be asked for it at once. */
export function impliedFilters({ dimensions, tuples }: ClassTuples): Filter[] {
  return dimensions.flatMap((dimension, place) => {
    const values = [...new Set(tuples.map((tuple) => tuple[place] ?? ''))];
    if (dimension === 'tags' || dimension === 'commitment-status') return [];
    return values.length > mostValues || values.includes('') ? [] : [{ dimension, values }];
  });
}
