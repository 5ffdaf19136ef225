import { darkTokens, lightTokens, type Tokens } from '../../shared/charts/palette.ts';
import { useTheme } from '../stores/theme.ts';

const still = '(prefers-reduced-motion: reduce)';

/** Colours of the theme, and milliseconds that a what-if change takes so that the eye follows. */
export function useLook(): { tokens: Tokens; tween: number } {
  const dark = useTheme((theme) => theme.dark);
  return {
    tokens: dark ? darkTokens : lightTokens,
    tween: window.matchMedia(still).matches ? 0 : 160,
  };
}
