import { type ComponentType, lazy, type ReactElement, useState } from 'react';

export interface LaterPage<P> {
  Page: (props: P) => ReactElement;
  /** Fetches the code, so that the first show of the page does not wait. */
  prefetch: () => Promise<void>;
}

/**
 * A component whose code is a chunk of its own. What was prefetched is drawn at once: a plain lazy
 * component pauses even then, and React holds such a pause for 300 ms.
 */
export function laterPage<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): LaterPage<P> {
  let ready: ComponentType<P> | null = null;
  const Later = lazy(load) as unknown as ComponentType<P>;
  return {
    Page(props) {
      // Chosen once, so that the code's arrival does not mount the page anew.
      const [Shown] = useState(() => ready ?? Later);
      return <Shown {...props} />;
    },
    async prefetch() {
      ready = (await load()).default;
    },
  };
}
