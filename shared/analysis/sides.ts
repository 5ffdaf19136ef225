import type { Bundle } from './bundle.ts';
import { apiChoices } from './managedApi.ts';
import { hoursPerMonth } from './model.ts';
import { storageChoices, storageCost } from './storageClass.ts';
import { sumOf } from './sums.ts';

/** Levers that share nothing with any other: storage classes and managed APIs. */
export interface SideAction {
  id: string;
  lever: 'storage' | 'api';
  set: string;
  option: string;
  /** Reporting currency, over the set's own horizon. */
  saving: number;
}

/** What the sets cost today. */
export function sidesCost({ apis, storageSets }: Bundle): number {
  return sumOf([
    ...apis.map((api) => apiChoices(api)[0]?.cost ?? 0),
    ...storageSets.map((set) => storageCost(set, set.current)),
  ]);
}

/** The best option of each set that saves enough to be worth it. */
export function sideActions({ apis, storageSets, account }: Bundle): SideAction[] {
  const monthly = account.policy.minMonthlySavings;
  const found = [
    ...apis.flatMap((api) =>
      better('api', api.id, apiChoices(api), 'keep', (monthly * account.hours) / hoursPerMonth),
    ),
    ...storageSets.flatMap((set) =>
      better('storage', set.id, storageChoices(set), set.current, monthly * set.months),
    ),
  ];
  return found;
}

function better(
  lever: 'storage' | 'api',
  set: string,
  choices: readonly { option: string; cost: number }[],
  current: string,
  material: number,
): SideAction[] {
  const now = choices.find(({ option }) => option === current)?.cost ?? 0;
  let best = { option: current, cost: now };
  for (const choice of choices) if (choice.cost < best.cost) best = choice;
  const saving = now - best.cost;
  if (best.option === current || saving < Math.max(material, 1e-9)) return [];
  return [{ id: `${lever}:${set}:${best.option}`, lever, set, option: best.option, saving }];
}
