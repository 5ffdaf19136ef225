import { purposeColours } from '../../../shared/charts/purposeColours.ts';
import type { Dimension } from '../../../shared/contract/values.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import type { Cube } from '../store/cube.ts';
import { group } from './group.ts';
import { rankByCost } from './ranking.ts';
import type { Axes } from './scope.ts';

/** Colour of a value id: 1 to 6 by rank of spend over all that is loaded, 7 for the rest. */
export type Colours = (dimension: Dimension) => (id: number) => number;

const namedColours = 6;
export const restColour = 7;

/** Purposes own their colours; value ids are their places from 1 on. */
const purposeColour = (id: number) => {
  const purpose = purposes[id - 1];
  return purpose ? purposeColours[purpose] : restColour;
};

/** A value keeps its colour whatever is filtered; kept until the data changes. */
export function createColours(cube: Cube, axes: Axes): Colours {
  let revision = -1;
  const ranks = new Map<Dimension, Map<number, number>>();
  return (dimension) => {
    if (dimension === 'purpose') return purposeColour;
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
        rankByCost(grouped, 0, (a, b) => grouped.key(a) - grouped.key(b), namedColours).map(
          (g, i) => [grouped.key(g), i + 1] as const,
        ),
      );
      ranks.set(dimension, rank);
    }
    const found = rank;
    return (id) => found.get(id) ?? restColour;
  };
}
