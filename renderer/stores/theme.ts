import { create } from 'zustand';
import type { Call } from '../../shared/contract/contract.ts';
import type { Settings } from '../../shared/contract/settings.ts';

export type ThemeChoice = Settings['theme'];

const storageKey = 'outlay.theme';
const darkQuery = '(prefers-color-scheme: dark)';

function stored(): ThemeChoice {
  const text = localStorage.getItem(storageKey);
  return text === 'light' || text === 'dark' ? text : 'system';
}

/** The choice and what it comes to now. */
export const useTheme = create<{ choice: ThemeChoice; dark: boolean }>(() => ({
  choice: 'system',
  dark: false,
}));

function apply(choice: ThemeChoice): void {
  const dark = choice === 'dark' || (choice === 'system' && window.matchMedia(darkQuery).matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  useTheme.setState({ choice, dark });
}

export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(storageKey, choice);
  apply(choice);
}

/** Applies the choice this window remembers and follows the system where that is the choice. */
export function followTheme(): void {
  apply(stored());
  window.matchMedia(darkQuery).addEventListener('change', () => apply(useTheme.getState().choice));
}

/**
 * Takes the choice from the data folder and keeps later ones there: what the window itself
 * remembers belongs to its address, and that changes with every start of the window host.
 */
export async function keepTheme(call: Call): Promise<void> {
  const answer = await call('settings.get', {});
  if (answer.ok) chooseTheme(answer.value.theme);
  useTheme.subscribe(({ choice }, before) => {
    if (choice !== before.choice) void call('settings.set', { theme: choice });
  });
}
