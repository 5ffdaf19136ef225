import { hoursPerMonth } from '../model.ts';
import { normal, seeded } from './random.ts';
import { type AdviceSettings, hoursPerWeek } from './settings.ts';

/** What the world is like in a week: as today, moved to another family, or on-demand cheaper. */
export type State = 'same' | 'migrated' | 'cut';
export const states: readonly State[] = ['same', 'migrated', 'cut'];

export type Stress = 'down-20' | 'down-50' | 'ends' | 'migrates' | 'price-cut' | 'grows';
export const stresses: readonly Stress[] = [
  'down-20',
  'down-50',
  'ends',
  'migrates',
  'price-cut',
  'grows',
];

export interface ScenarioWeek {
  /** Week of the history whose hours it repeats. */
  week: number;
  /** Factor on its usage. */
  level: number;
  state: State;
}

export interface Scenario {
  stress: Stress | null;
  weeks: ScenarioWeek[];
  /** Week in which each of the types in question ends; infinite in stress cases. */
  ends: readonly number[];
}

/** Consecutive changes of level are drawn together. */
const blockWeeks = 4;
/** Wilder changes from one week to the next are a start or an end, not a path. */
const mostChange = 2;

/**
 * Seeded scenarios of the coming weeks. Weeks are drawn from the history in blocks; the level
 * follows blocks of the account's own weekly changes, or with little history one lognormal factor
 * for all weeks. Some scenarios are stress cases instead.
 *
 * @param levels mean cost of each week of the history, the last one the latest
 * @param ends for each type whose end counts: its week for a share from 0 up to 1
 */
export function scenariosOf(
  levels: readonly number[],
  horizonWeeks: number,
  settings: AdviceSettings,
  ends: readonly ((share: number) => number)[] = [],
): Scenario[] {
  const next = seeded(settings.seed);
  const nextEnd = seeded(settings.seed + 1);
  const latest = meanOf(levels.slice(-blockWeeks));
  const changes = withoutGrowth(
    levels.slice(1).map((level, at) => {
      const before = levels[at] as number;
      return before > 0 && level > 0
        ? Math.min(Math.max(level / before, 1 / mostChange), mostChange)
        : 1;
    }),
  );
  const stressed = Math.round(settings.scenarios * settings.stressShare);
  return Array.from({ length: settings.scenarios }, (_, number): Scenario => {
    const stress = number < stressed ? (stresses[number % stresses.length] as Stress) : null;
    const own = levels.length >= settings.ownPathWeeks;
    let path = own || stress ? 1 : Math.exp(settings.lognormalSpread * normal(next));
    let week = 0;
    let change = 0;
    const weeks: ScenarioWeek[] = [];
    for (let at = 0; at < horizonWeeks; at++) {
      if (at % blockWeeks === 0) {
        week = Math.floor(next() * levels.length);
        change = Math.floor(next() * Math.max(1, changes.length));
      } else {
        week = (week + 1) % levels.length;
        change = (change + 1) % Math.max(1, changes.length);
      }
      if (own && !stress) path *= changes[change] ?? 1;
      const level = levels[week] as number;
      const scale = level > 0 ? (latest / level) * path : 0;
      weeks.push(stressedWeek({ week, level: scale, state: 'same' }, stress, at));
    }
    const drawn = ends.map((of) => of(nextEnd()));
    return { stress, weeks, ends: stress ? drawn.map(() => Infinity) : drawn };
  });
}

/** What grew so far need not go on growing for a whole term; what shrank may go on shrinking. */
function withoutGrowth(changes: readonly number[]): number[] {
  const mean = Math.exp(meanOf(changes.map(Math.log)));
  return changes.map((change) => change / Math.max(1, mean));
}

function stressedWeek(week: ScenarioWeek, stress: Stress | null, at: number): ScenarioWeek {
  const month = (at * hoursPerWeek) / hoursPerMonth;
  switch (stress) {
    case null:
      return week;
    case 'down-20':
      return { ...week, level: week.level * 0.8 };
    case 'down-50':
      return { ...week, level: week.level * 0.5 };
    case 'grows':
      return { ...week, level: week.level * 1.3 };
    case 'ends':
      return month >= 4 ? { ...week, level: 0 } : week;
    case 'migrates':
      return month >= 5 ? { ...week, state: 'migrated' } : week;
    case 'price-cut':
      return month >= 6 ? { ...week, state: 'cut' } : week;
  }
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
