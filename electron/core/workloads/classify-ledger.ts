import { createCube, type Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import type { WritableDb } from '../store/open.ts';
import { spanOf } from '../store/spans.ts';
import { type Classified, classifySeries, emptyClassified } from './classification.ts';
import {
  type Highest,
  packClassification,
  readClassification,
  writeClassification,
} from './queries.ts';
import { allSeriesFacts } from './series-facts.ts';

/** A cancel is heard at least so often. */
const togetherMs = 20;

/**
 * Classifies what a job has brought and keeps it, so that whoever reads next finds it done. Other work
 * of the thread goes first now and then. What was given up is worked out by the reader.
 */
export async function classifyLedger(db: WritableDb, signal?: AbortSignal): Promise<void> {
  const cube = createCube(db);
  const known = readClassification(db) ?? emptyClassified();
  if (known.series === cube.seriesCount()) return;
  const steps = classifySeries(known, await allSeriesFacts(cube));
  let waited = performance.now();
  for (;;) {
    if (signal?.aborted) return;
    const step = steps.next();
    if (step.done) {
      const packed = await packClassification(step.value);
      writeClassification(db, packed, highestIds(cube, step.value));
      return;
    }
    if (performance.now() - waited < togetherMs) continue;
    await giveWay();
    waited = performance.now();
  }
}

export function highestIds(cube: Cube, { series }: Pick<Classified, 'series'>): Highest {
  const highest = (dimension: 'sku' | 'resource') =>
    Math.max(0, spanOf(cube.series(dimension).subarray(0, series)).high);
  return { sku: highest('sku'), resource: highest('resource') };
}
