import type { Handlers, HandlerInput } from '../../../shared/contract/contract.ts';
import type { WritableDb } from '../store/open.ts';
import { classTuples } from './class-tuples.ts';
import type { FoundLines } from './lines.ts';
import type { DetailReader } from './reader.ts';
import { Vanished } from './reading-error.ts';
import { countRows, hasDetail, loadsInSlice, type SliceDeps } from './scope.ts';
import { sumUp } from './sum-up.ts';

export interface DetailDeps extends SliceDeps {
  db: WritableDb;
  reader: DetailReader;
}

export function detailHandlers(deps: DetailDeps): Pick<Handlers, 'costs.lines'> {
  const { db, cube, reader } = deps;
  let last: FoundLines | null = null;

  async function readLines(input: HandlerInput<'costs.lines'>) {
    // DuckDB is loaded only by who looks at lines, and meanwhile the cells say where they are.
    if (hasDetail(db)) await Promise.all([reader.prepare(), import('./lines.ts')]);
    const { loads, classes, revision } = db.transaction(() => ({
      loads: loadsInSlice(deps, input),
      classes: classTuples(deps, input.filters),
      revision: cube.revision(),
    }))();
    if (loads.every(({ detail }) => detail === null)) {
      return { ...sumUp(loads, []), offset: input.offset, rows: [] };
    }
    const count = countRows(deps, revision);
    const { findLines, pageOf } = await import('./lines.ts');
    return await reader.ask(input.viewer, async (asking) => {
      const before = last;
      last = null;
      const slice = { ...input, classes };
      const found = await findLines(asking, loads, slice, count, revision, before);
      last = found;
      const { parts } = found;
      return {
        ...sumUp(loads, parts.parts),
        offset: input.offset,
        rows: await pageOf(asking, parts, input),
      };
    });
  }

  return {
    'costs.lines': async (input) => {
      const started = performance.now();
      const answer = await readLines(input).catch((error: unknown) => {
        // A month was replaced or removed meanwhile: the second look finds what is there now.
        if (error instanceof Vanished) return readLines(input);
        throw error;
      });
      return { ...answer, elapsedMs: Math.round((performance.now() - started) * 10) / 10 };
    },
  };
}
