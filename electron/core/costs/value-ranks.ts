import type { Dimension, Metric } from '../../../shared/contract/values.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import type { Cube } from '../store/cube.ts';
import { type Grouped, group } from './group.ts';
import { rankByCost } from './ranking.ts';
import type { Axes, Axis } from './scope.ts';
import type { Summarise } from './summary.ts';
import { createTextIndex, makeTextIndex, type TextIndex } from './text-index.ts';

/** The values of a dimension that have charges, in the main currency and by cost. */
export interface RankedValues {
  axis: Axis;
  grouped: Grouped;
  /** Groups by place, the highest cost first, unknown costs last. */
  order: readonly number[];
  /** Place of each value id; -1 where it has no charges. */
  placeOf: Int32Array;
  /** One bit for each value id that has charges. */
  charged: Int32Array;
}

export interface ValueRanks {
  ranked: (
    dimension: Dimension,
    of: { metric: Metric; from?: string | undefined; to?: string | undefined },
  ) => RankedValues;
  /** One bit for each value id whose text or name contains a text in lower case. */
  find: (dimension: Dimension, needle: string) => Int32Array;
  /** Makes ready what finding needs, in steps of a millisecond or two. */
  readAhead: (dimension: Dimension) => Generator<void>;
}

/** The palette asks for eight dimensions at once. */
const ranksKept = 16;

/** What a search needs beside its text, kept while someone types; forgotten with the data. */
export function createValueRanks({
  cube,
  axes,
  summary,
}: {
  cube: Cube;
  axes: Axes;
  summary: Summarise;
}): ValueRanks {
  let revision = -1;
  const ranks = new Map<string, RankedValues>();
  const indexes = new Map<Dimension, { texts: TextIndex; names: TextIndex }>();

  function refresh(): void {
    const now = cube.revision();
    if (now === revision) return;
    revision = now;
    ranks.clear();
    indexes.clear();
  }

  return {
    ranked: (dimension, { metric, from, to }) => {
      refresh();
      const key = JSON.stringify([dimension, metric, from, to]);
      let known = ranks.get(key);
      if (!known) {
        const currency = summary()?.currencies[0] ?? null;
        const axis = axes.axis(dimension);
        const grouped = group(cube, {
          metric,
          axes: [axis],
          mask: axes.mask([{ dimension: 'currency', values: [currency] }]),
          segments: cube.segments(),
          firstDay: from === undefined ? undefined : dayNumber(from),
          lastDay: to === undefined ? undefined : dayNumber(to) - 1,
          granularity: 'none',
        });
        const order = rankByCost(grouped, 0, (a, b) => grouped.key(a) - grouped.key(b));
        const placeOf = new Int32Array(axis.values.length).fill(-1);
        const charged = new Int32Array((axis.values.length + 31) >>> 5);
        for (const [place, g] of order.entries()) {
          const id = grouped.id(g, 0);
          placeOf[id] = place;
          charged[id >>> 5] = (charged[id >>> 5] as number) | (1 << (id & 31));
        }
        known = { axis, grouped, order, placeOf, charged };
        const [oldest] = ranks.keys();
        if (ranks.size === ranksKept && oldest !== undefined) ranks.delete(oldest);
        ranks.set(key, known);
      }
      return known;
    },
    find: (dimension, needle) => {
      refresh();
      let index = indexes.get(dimension);
      if (!index) {
        const { values, name } = axes.axis(dimension);
        const names = values.map((_, id) => name(id) ?? '');
        index = { texts: createTextIndex(values), names: createTextIndex(names) };
        indexes.set(dimension, index);
      }
      const found = index.texts.find(needle);
      const named = index.names.find(needle);
      for (let word = 0; word < found.length; word++) {
        found[word] = (found[word] as number) | (named[word] as number);
      }
      return found;
    },
    *readAhead(dimension) {
      refresh();
      if (indexes.has(dimension)) return;
      const { values, name } = axes.axis(dimension);
      const texts = yield* makeTextIndex(values);
      const names = yield* makeTextIndex(values.map((_, id) => name(id) ?? ''));
      indexes.set(dimension, { texts, names });
    },
  };
}
