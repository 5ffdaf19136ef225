/** Median, smallest and largest of repeated runs, in milliseconds. */
export interface Timing {
  median: number;
  min: number;
  max: number;
  runs: number;
}

export function timing(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return {
    median: middle,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    runs: sorted.length,
  };
}

export async function repeat(runs: number, run: () => Promise<number>): Promise<Timing> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) times.push(await run());
  return timing(times);
}

export async function elapsed(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

export interface Line {
  what: string;
  timing: Timing;
  /** What it is held against, in the same run. */
  against?: { name: string; timing: Timing };
}

/** One line a measurement; the ratio is what travels between machines. */
export function print(lines: readonly Line[]): void {
  for (const { what, timing: own, against } of lines) {
    const figures = `${ms(own.median)} (${ms(own.min)} to ${ms(own.max)}, ${own.runs} runs)`;
    const ratio = against
      ? `, ${(own.median / against.timing.median).toFixed(2)}x ${against.name} (${ms(against.timing.median)})`
      : '';
    console.log(`${what}: ${figures}${ratio}`);
  }
}

function ms(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(1)} ms`;
}
