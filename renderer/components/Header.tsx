import type { ReactNode } from 'react';
import { openPalette } from '../stores/overlays.ts';
import { useSlow } from '../data/useApi.ts';

/** The head of every page: title, what is chosen, and the way to everything else. */
export function Header({
  title,
  children,
  end,
}: {
  title: string;
  children?: ReactNode;
  end?: ReactNode;
}) {
  const slow = useSlow();
  return (
    <header className={slow ? 'header busy' : 'header'}>
      <h1>{title}</h1>
      {children}
      <div className="end">
        <button type="button" className="select search-button" onClick={openPalette}>
          Search or command <kbd className="kbd">{paletteKey}</kbd>
        </button>
        {end}
      </div>
    </header>
  );
}

const paletteKey = /Mac/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K';
