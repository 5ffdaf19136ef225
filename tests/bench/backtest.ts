import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AdviceSettings, adviceDefaults } from '../../shared/analysis/advice/settings.ts';
import { highsSolver } from '../../electron/core/analysis/solver.ts';
import { hasDemand, readDemand } from './backtest-data.ts';
import {
  decide,
  type Outcome,
  type Reading,
  readings,
  type Rule,
  rules,
} from './backtest-rules.ts';

/**
 * `node tests/bench/backtest.ts`: the advice and other rules on three years of public demand, as
 * tables; with `--write` into docs/backtest.md. Takes some minutes of processor time.
 */
export const holds = [90, 365];
const firstDay = 120;
const everyDays = 30;

/** Days on which there is a decision whose hold ends within the file. */
export function decisionDays(days: number, hold: number): number[] {
  const found: number[] = [];
  for (let day = firstDay; day + hold <= days; day += everyDays) found.push(day);
  return found;
}

export interface Score {
  decisions: number;
  /** Decisions that buy something, and that lose money. */
  buying: number;
  losing: number;
  saved: number;
  worst: number;
}

/** A loss is more than what rounding could be. */
export function scoreOf(outcomes: readonly Outcome[]): Score {
  const saved = outcomes.map((one) => one.saved);
  return {
    decisions: outcomes.length,
    buying: outcomes.filter(({ bought }) => bought.size > 0).length,
    losing: saved.filter((value) => value < -1e-6).length,
    saved: saved.reduce((sum, value) => sum + value, 0),
    worst: Math.min(...saved),
  };
}

async function main(): Promise<void> {
  if (!hasDemand)
    throw new Error('the demand data is not beside the repository: shared/data/vm-demand');
  const demand = readDemand();
  const solver = await highsSolver();
  const days = (demand[0]?.units.length ?? 0) / 24;
  const only = process.argv.includes('--lives') ? [] : readings;
  // Rules without evidence of their own decide alike in readings that differ in evidence only.
  const known = new Map<string, Outcome[]>();
  const lines: string[] = [];
  const table = (title: string, rows: readonly string[]) => {
    lines.push(`### ${title}`, '', head, line, ...rows, '');
    console.error([title, ...rows].join('\n'));
  };
  const run = (hold: number, reading: Reading, some: readonly Rule[], settings?: AdviceSettings) =>
    decisionDays(days, hold).flatMap((day) =>
      decide(demand, day, hold, reading, solver, some, settings),
    );
  for (const reading of only) {
    const rows = holds.flatMap((hold) => {
      const key = [hold, reading.flexible, reading.series].join();
      const others =
        known.get(key) ??
        run(
          hold,
          reading,
          rules.filter((rule) => rule !== 'advice'),
        );
      known.set(key, others);
      const outcomes = [...run(hold, reading, ['advice']), ...others];
      return rules.map((name) =>
        row(hold, name, scoreOf(outcomes.filter(({ rule }) => rule === name))),
      );
    });
    table(reading.name, rows);
  }
  const [first] = readings;
  const lives = [0.5, 2].flatMap((factor) => {
    const { steadyYears, endingYears } = adviceDefaults;
    const other = {
      ...adviceDefaults,
      steadyYears: steadyYears * factor,
      endingYears: endingYears * factor,
    };
    const name = `advice, ${other.steadyYears} and ${other.endingYears} years`;
    return holds.map((hold) =>
      row(hold, name, scoreOf(run(hold, first as Reading, ['advice'], other))),
    );
  });
  table('Other lives of types, first reading', lives);
  const text = lines.join('\n').trim();
  if (!process.argv.includes('--write')) return console.log(text);
  const doc = fileURLToPath(new URL('../../docs/backtest.md', import.meta.url));
  const [before, , after] = readFileSync(doc, 'utf8').split(/<!-- table (?:start|end) -->/);
  writeFileSync(doc, `${before}<!-- table start -->\n\n${text}\n\n<!-- table end -->${after}`);
}

const head =
  '| hold | rule | decisions | buying | losing | losing share | saved | worst decision |';
const line = '|---:|---|---:|---:|---:|---:|---:|---:|';

function row(hold: number, name: string, score: Score): string {
  const cells = [
    `${hold} days`,
    name.startsWith('trailing') ? `${name} days` : name,
    score.decisions,
    score.buying,
    score.losing,
    `${((100 * score.losing) / score.decisions).toFixed(1)} %`,
    money(score.saved),
    money(score.worst),
  ];
  return `| ${cells.join(' | ')} |`;
}

function money(value: number): string {
  const whole = Math.round(value);
  const text = Math.abs(whole).toLocaleString('en-US');
  return whole < 0 ? `−${text}` : text;
}

if (import.meta.main) await main();
