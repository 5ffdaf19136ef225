import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { classDimensions, type Dimension, dimensions } from '../../../shared/contract/values.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { type Axes, textOf } from './scope.ts';
import { bitsIn } from './text-index.ts';
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
  { order, placeOf, charged, grouped }: RankedValues,
  found: Int32Array,
  most: number,
): { matched: number; places: number[] } {
  let matched = 0;
  for (let word = 0; word < found.length; word++) {
    matched += bitsIn((found[word] as number) & (charged[word] as number));
  }
  const places: number[] = [];
  // Down the ranks the first ones are met soon where many match; else each that does is looked at.
  if (matched * matched > most * order.length) {
    for (let place = 0; place < order.length && places.length < most; place++) {
      const id = grouped.id(order[place] as number, 0);
      if (((found[id >>> 5] as number) & (1 << (id & 31))) !== 0) places.push(place);
    }
    return { matched, places };
  }
  for (let word = 0; word < found.length; word++) {
    let left = (found[word] as number) & (charged[word] as number);
    for (; left !== 0; left &= left - 1) {
      places.push(placeOf[word * 32 + (31 - Math.clz32(left & -left))] as number);
    }
  }
  return { matched, places: places.sort((a, b) => a - b).slice(0, most) };
}

/** What charges are found to be is not worked out for the number of its values. */
export function listDimensions(axes: Axes): CallOutput<'costs.dimensions'> {
  const tags = axes.tagKeys().map((key) => `tag:${key}` as const);
  const listed = (id: Dimension, values: number | null) => ({
    id,
    label: dimensionName(id),
    values,
  });
  const ofBill = (id: Dimension) => listed(id, axes.axis(id).values.length - 1);
  return {
    dimensions: [
      ...dimensions.map(ofBill),
      ...classDimensions.map((id) => listed(id, null)),
      ...tags.map(ofBill),
    ],
  };
}
