import { Children, type ReactNode, startTransition, useEffect, useState } from 'react';

/** Draws the parts of a long page one a frame, so that the window answers between them. */
export function InTurn({ children }: { children: ReactNode }) {
  const parts = Children.toArray(children);
  const [shown, setShown] = useState(1);
  const left = parts.length - shown;
  useEffect(() => {
    if (left <= 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Behind the frame: what stands there already is laid out and painted by itself.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setShown((count) => count + 1)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [left]);
  return parts.slice(0, shown);
}
