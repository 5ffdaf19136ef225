import highsModule, { type Highs } from 'highs';
import type { Program, Solved, Solver } from '../../../shared/analysis/solver.ts';

/** Work after which a search for whole numbers ends with the bound reached; counted, not timed. */
const mostNodes = 4000;
/** Far more than a solvable program needs: simplex may cycle where hours are much alike. */
const iterationsPerRow = 20;
/** HiGHS takes a row for kept at 1e-7; a bound is lowered by what that may hide. */
const tolerance = 1e-7;
const optimal = 7;
const solutionLimit = 16;
const iterationLimit = 14;

/** HiGHS as WebAssembly. A solve blocks its thread, so this belongs on a job's. */
export async function highsSolver(): Promise<Solver> {
  // Typed as CommonJS, loaded as a module: what is imported is the loader itself.
  const load = highsModule as unknown as typeof highsModule.default;
  const highs = await load();
  return (program, whole) => solve(highs, program, whole);
}

function solve(highs: Highs, program: Program, whole: boolean): Solved | null {
  const integers = whole && program.whole.includes(true);
  const source = {
    numCols: program.cost.length,
    numRows: program.rowLower.length,
    sense: highs.constants.objectiveSense.minimize,
    colCost: program.cost,
    colLower: program.lower,
    colUpper: program.upper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: 'csr' as const,
      numRows: program.rowLower.length,
      numCols: program.cost.length,
      starts: program.starts,
      indices: program.index,
      values: program.value,
    },
    ...(integers ? { integrality: Int32Array.from(program.whole, (is) => (is ? 1 : 0)) } : {}),
  };
  return highs.withModel(source, (model): Solved | null => {
    model.options.set({
      output_flag: false,
      mip_rel_gap: 0,
      mip_abs_gap: 1e-9,
      mip_max_nodes: mostNodes,
      simplex_iteration_limit: iterationsPerRow * (program.rowLower.length + 100),
    });
    try {
      model.run();
    } catch {
      // A numerical failure inside HiGHS costs the sharper bound, never the answer.
      return null;
    }
    const status = model.getModelStatus();
    const ended = status === optimal || status === solutionLimit || status === iterationLimit;
    if (!ended) return null;
    const { colValue, rowDual } = model.getSolution();
    const bound = integers ? Number(model.info.get('mip_dual_bound')) : model.getObjectiveValue();
    if (!Number.isFinite(bound) || (!integers && status !== optimal)) return null;
    return {
      x: colValue,
      dual: integers ? new Float64Array(0) : rowDual,
      bound: bound - tolerance * (1 + Math.abs(bound)),
    };
  });
}
