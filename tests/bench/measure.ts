/** Median, spread and 95th percentile of repeated runs, in milliseconds. */
export interface Timing {
  median: number;
  p95: number;
  min: number;
  max: number;
  runs: number;
}

export function timing(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return {
    median: middle,
    p95: sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? Number.NaN,
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

/** Several things measured in turn, so that a noisy moment is shared by all of them. */
export async function inTurn(runs: number, ...of: (() => Promise<number>)[]): Promise<Timing[]> {
  const times = of.map((): number[] => []);
  for (let i = 0; i < runs; i++) {
    for (const [place, run] of of.entries()) times[place]?.push(await run());
  }
  return times.map(timing);
}

export type Line = TimedLine | { what: string; said: string };

export interface TimedLine {
  what: string;
  timing: Timing;
  /** What it is held against, in the same run. */
  against?: { name: string; timing: Timing };
}

/** One line a measurement; the ratio is what travels between machines. */
export function print(lines: readonly Line[]): void {
  for (const line of lines) {
    if ('said' in line) {
      console.log(`${line.what}: ${line.said}`);
      continue;
    }
    const { what, timing: own, against } = line;
    const high = own.runs >= 20 ? `, p95 ${ms(own.p95)}` : '';
    const figures = `${ms(own.median)} (${ms(own.min)} to ${ms(own.max)}${high}, ${own.runs} runs)`;
    const ratio = against
      ? `, ${(own.median / against.timing.median).toFixed(2)}x ${against.name} (${ms(against.timing.median)})`
      : '';
    console.log(`${what}: ${figures}${ratio}`);
  }
}

function ms(value: number): string {
  return value >= 10_000
    ? `${(value / 1000).toFixed(1)} s`
    : `${value.toFixed(value < 1 ? 2 : 1)} ms`;
}
