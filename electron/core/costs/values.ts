import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { type Dimension, dimensions } from '../../../shared/contract/values.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import { group } from './group.ts';
import { assertAvailable } from './scope.ts';
import { type CostsDeps, rankGroups, textOf } from './view.ts';

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
  deps: CostsDeps,
  input: HandlerInput<'costs.values'>,
): CallOutput<'costs.values'> {
  const started = performance.now();
  const { cube, axes } = deps;
  if (input.dimension) assertAvailable(input.dimension);
  const currency = deps.summary()?.currencies[0] ?? null;
  const mask = axes.mask([{ dimension: 'currency', values: [currency] }]);
  const needle = input.search.toLowerCase();
  let looked = 0;
  const found = (input.dimension ? [input.dimension] : searched).flatMap((dimension) => {
    const axis = axes.axis(dimension);
    looked += axis.values.length - 1;
    const only =
      needle === ''
        ? undefined
        : new Set(
            axis.values.flatMap((text, id) =>
              id > 0 && (contains(text, needle) || contains(axis.name(id) ?? '', needle))
                ? [id]
                : [],
            ),
          );
    if (only?.size === 0) return [];
    const grouped = group(cube, {
      metric: input.metric,
      axes: [axis],
      mask,
      segments: cube.segments(),
      firstDay: input.from === undefined ? undefined : dayNumber(input.from),
      lastDay: input.to === undefined ? undefined : dayNumber(input.to) - 1,
      granularity: 'none',
      only,
    });
    const at = new Map(grouped.groups.map(({ key }, g) => [key, g]));
    return rankGroups(grouped).map(({ key, id, size }) => ({
      dimension,
      value: textOf(axis, id),
      name: axis.name(id),
      cost: grouped.cost(at.get(key) ?? 0, 0),
      size,
    }));
  });
  found.sort((a, b) => b.size - a.size);
  return {
    values: found.slice(0, input.limit).map(({ dimension, value, name, cost }) => ({
      dimension,
      value,
      name,
      cost: cost === null ? null : formatExact(cost),
    })),
    matched: found.length,
    searched: looked,
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
  };
}

function contains(text: string, needle: string): boolean {
  return text.toLowerCase().includes(needle);
}

export function listDimensions({ axes }: CostsDeps): CallOutput<'costs.dimensions'> {
  const tags = axes.tagKeys().map((key) => `tag:${key}` as const);
  return {
    dimensions: [...dimensions, ...tags].map((id) => ({
      id,
      label: dimensionName(id),
      values: axes.axis(id).values.length - 1,
    })),
  };
}
