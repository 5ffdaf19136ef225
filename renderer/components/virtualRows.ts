import { elementScroll, type Virtualizer } from '@tanstack/react-virtual';

type Rows = Virtualizer<HTMLDivElement, Element>;

/**
 * Options of a virtual table that never ask the page for a size or place: an answer would have it
 * laid out at once, in the middle of the work that writes it.
 */
export const unasked = {
  /** Tells the size of the scroller when the page is laid out. */
  observeElementRect: (
    { scrollElement }: Rows,
    take: (size: { width: number; height: number }) => void,
  ) => {
    if (!scrollElement) return;
    const observer = new ResizeObserver(([entry]) => entry && take(entry.contentRect));
    observer.observe(scrollElement);
    return () => observer.disconnect();
  },
  /** New rows are at their top and are not sent there. */
  scrollToFn: (offset: number, options: Parameters<typeof elementScroll>[1], rows: Rows) => {
    if (offset !== 0 || rows.scrollOffset !== 0) elementScroll(offset, options, rows);
  },
};

/** Pixels of a row of a table. */
export const rowHeight = 28;

/** Whole rows that a scroller of `height` pixels shows. */
export function visible(height: number): number {
  return Math.floor(height / rowHeight);
}

/** Where a key leads from row `at`; -1 is none, null a key that is not ours. */
export function nextRow(key: string, at: number, count: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(count - 1, at + Math.max(1, page));
    case 'PageUp':
      return Math.max(0, at - Math.max(1, page));
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Escape':
      return -1;
    default:
      return null;
  }
}
