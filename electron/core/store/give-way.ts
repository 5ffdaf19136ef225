/** Lets what waits go first: the next query of a reader at work beside long steps, or a wish to cancel. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
