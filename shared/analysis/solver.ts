/** A linear program: minimise cost x over rows of lower <= a x <= upper; sparse rows. */
export interface Program {
  cost: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  /** Whether each variable must be whole. */
  whole: boolean[];
  rowLower: Float64Array;
  rowUpper: Float64Array;
  /** Start of each row in `index` and `value`, and the end. */
  starts: Int32Array;
  index: Int32Array;
  value: Float64Array;
}

export interface Solved {
  x: Float64Array;
  /** Change of the objective for one more unit of a row's limit; empty where whole numbers count. */
  dual: Float64Array;
  /** Nothing feasible costs less. */
  bound: number;
}

/** Handed in, so that the analysis stays pure; null where it gives up. Same program, same answer. */
export type Solver = (program: Program, whole: boolean) => Solved | null;
