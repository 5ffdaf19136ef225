import { create } from 'zustand';

export type ThemeChoice = 'system' | 'light' | 'dark';

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

/** Applies the kept choice and follows the system where that is the choice. */
export function followTheme(): void {
  apply(stored());
  window.matchMedia(darkQuery).addEventListener('change', () => apply(useTheme.getState().choice));
}
