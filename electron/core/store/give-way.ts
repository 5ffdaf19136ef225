/** Lets what waits go first, so that a reader at work beside long steps soon gets its next query. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
