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
