import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { type Dimension, dimensions } from '../../../shared/contract/values.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { assertAvailable, type Axes, textOf } from './scope.ts';
import type { RankedValues, ValueRanks } from './value-ranks.ts';

/** Dimensions whose values someone types from memory. */
const searched: readonly Dimension[] = [
  'service',
  'account',
  'instance',
  'region',
  'resource',
  'sku',
  'commitment',
  'provider',
];

/** Values by cost in the main currency; with a search text those whose id or name contains it. */
export function findValues(
  ranks: ValueRanks,
  input: HandlerInput<'costs.values'>,
): CallOutput<'costs.values'> {
  const started = performance.now();
  if (input.dimension) assertAvailable(input.dimension);
  const needle = input.search.toLowerCase();
  let looked = 0;
  let matched = 0;
  const found = (input.dimension ? [input.dimension] : searched).flatMap((dimension) => {
    const ranked = ranks.ranked(dimension, input);
    const { axis, grouped, order } = ranked;
    looked += axis.values.length - 1;
    const hits =
      needle === ''
        ? { matched: order.length, places: [...order.slice(0, input.limit).keys()] }
        : rankedFirst(ranked, ranks.find(dimension, needle), input.limit);
    matched += hits.matched;
    return hits.places.map((place) => {
      const g = order[place] as number;
      const known = grouped.unknownRows(g, 0) < grouped.rows(g, 0);
      return { dimension, axis, grouped, g, size: known ? grouped.size(g, 0) : -Infinity };
    });
  });
  if (!input.dimension) found.sort((a, b) => (a.size === b.size ? 0 : b.size - a.size));
  return {
    values: found.slice(0, input.limit).map(({ dimension, axis, grouped, g }) => ({
      dimension,
      value: textOf(axis, grouped.id(g, 0)),
      name: axis.name(grouped.id(g, 0)),
      cost: grouped.costText(g, 0),
    })),
    matched,
    searched: looked,
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
  };
}

/** How many of the ids with a bit have charges, and the places of the first ones by cost. */
function rankedFirst(
  { order, placeOf }: RankedValues,
  found: Int32Array,
  most: number,
): { matched: number; places: number[] } {
  const marks = new Uint8Array(order.length);
  let matched = 0;
  for (let word = 0; word < found.length; word++) {
    for (let left = found[word] as number; left !== 0; left &= left - 1) {
      const place = placeOf[word * 32 + (31 - Math.clz32(left & -left))] as number;
      if (place < 0) continue;
      marks[place] = 1;
      matched++;
    }
  }
  const places: number[] = [];
  for (let at = marks.indexOf(1); at >= 0 && places.length < most; at = marks.indexOf(1, at + 1)) {
    places.push(at);
  }
  return { matched, places };
}

export function listDimensions(axes: Axes): CallOutput<'costs.dimensions'> {
  const tags = axes.tagKeys().map((key) => `tag:${key}` as const);
  return {
    dimensions: [...dimensions, ...tags].map((id) => ({
      id,
      label: dimensionName(id),
      values: axes.axis(id).values.length - 1,
    })),
  };
}
