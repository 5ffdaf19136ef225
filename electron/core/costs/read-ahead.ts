import { dimensions } from '../../../shared/contract/values.ts';
import type { Cube } from '../store/cube.ts';
import { inSnapshot, type WritableDb } from '../store/open.ts';
import { seriesDimensions } from '../store/measures.ts';
import type { Colours } from './colours.ts';
import type { Summarise } from './summary.ts';
import type { ValueRanks } from './value-ranks.ts';

export interface ReadAhead {
  /** The same functions; each call starts the reading, or holds it up for a moment. */
  watch: <F extends Record<string, (input: never) => unknown>>(handlers: F) => F;
  stop: () => void;
}

/** Someone who has just asked asks again soon. */
const quietMs = 5;
/** Steps are taken together up to this long; whoever asks meanwhile waits no longer. */
const togetherMs = 3;

/**
 * Reads what the next questions need after the first ones are answered, while nothing is asked: a
 * dimension or an amount that is asked for the first time would otherwise be read from the disk
 * and unpacked there and then. Starts with the first question, and anew when the data has changed.
 */
export function createReadAhead({
  db,
  ...deps
}: {
  db: WritableDb;
  cube: Cube;
  summary: Summarise;
  colours: Colours;
  ranks: ValueRanks;
}): ReadAhead {
  let revision = -1;
  let steps: Generator<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let askedAt = 0;

  const { go } = inSnapshot(db, {
    go: () => {
      const now = deps.cube.revision();
      if (now !== revision) steps = allSteps(deps);
      revision = now;
      const until = performance.now() + togetherMs;
      while (steps && performance.now() < until) if (steps.next().done) steps = null;
    },
  });

  function next(): void {
    timer = null;
    const wait = askedAt + quietMs - performance.now();
    if (wait > 0) return later(wait);
    try {
      go();
    } catch {
      // Whoever asks for what cannot be read is told.
      steps = null;
    }
    if (steps) later(0);
  }

  function later(ms: number): void {
    timer = setTimeout(next, ms);
    timer.unref();
  }

  return {
    watch: (handlers) => {
      const watched = Object.entries(handlers).map(([name, handle]) => [
        name,
        (input: never) => {
          try {
            return handle(input);
          } finally {
            askedAt = performance.now();
            if (timer === null) later(quietMs);
          }
        },
      ]);
      return Object.fromEntries(watched) as typeof handlers;
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      // Nothing starts it again.
      timer = setTimeout(() => {}, 0);
      timer.unref();
    },
  };
}

/**
 * What is asked for most comes first. A step takes a few milliseconds, but for those that read all
 * texts or names of a large dimension.
 */
function* allSteps({
  cube,
  summary,
  colours,
  ranks,
}: Omit<Parameters<typeof createReadAhead>[0], 'db'>): Generator<void> {
  for (const segment of cube.segments()) yield* cube.readAhead(segment, 'billed');
  const loaded = summary();
  yield;
  if (!loaded) return;
  for (const dimension of seriesDimensions) {
    cube.series(dimension);
    yield;
    cube.values(dimension);
    yield;
  }
  for (const dimension of dimensions) {
    colours(dimension);
    yield;
  }
  yield* ranks.readAhead('resource');
  for (const metric of loaded.metrics) {
    for (const segment of cube.segments()) yield* cube.readAhead(segment, metric);
  }
}
