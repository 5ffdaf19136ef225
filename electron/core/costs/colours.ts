import type { Dimension } from '../../../shared/contract/values.ts';
import type { Cube } from '../store/cube.ts';
import { group } from './group.ts';
import type { Axes } from './scope.ts';

/** Colour of a value id: 1 to 6 by rank of spend over all that is loaded, 7 for the rest. */
export type Colours = (dimension: Dimension) => (id: number) => number;

const namedColours = 6;
export const restColour = 7;

/** A value keeps its colour whatever is filtered; kept until the data changes. */
export function createColours(cube: Cube, axes: Axes): Colours {
  let revision = -1;
  const ranks = new Map<Dimension, Map<number, number>>();
  return (dimension) => {
    const now = cube.revision();
    if (now !== revision) {
      revision = now;
      ranks.clear();
    }
    let rank = ranks.get(dimension);
    if (!rank) {
      const grouped = group(cube, {
        metric: 'billed',
        axes: [axes.axis(dimension)],
        mask: axes.mask([]),
        segments: cube.segments(),
        granularity: 'none',
      });
      rank = new Map(
        grouped.groups
          .map(({ key }, g) => ({ key, size: grouped.size(g, 0) }))
          .sort((a, b) => b.size - a.size || a.key - b.key)
          .slice(0, namedColours)
          .map(({ key }, i) => [key, i + 1]),
      );
      ranks.set(dimension, rank);
    }
    const found = rank;
    return (id) => found.get(id) ?? restColour;
  };
}
