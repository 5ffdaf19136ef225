/** Settings of advice mode (SAVINGS.md sections 4 and 5); every one may be changed. */
export const adviceDefaults = {
  seed: 20_260_101,
  scenarios: 1000,
  /** Share of scenarios that are stress cases, in equal parts. */
  stressShare: 0.2,
  /** Weeks of history from which level paths are the account's own. */
  ownPathWeeks: 8,
  /** Spread of the level with less history than that. */
  lognormalSpread: 0.3,
  mostLoss: 0.1,
  /** The worst scenario may lose this share of what is committed over the term. */
  worstLoss: 0.75,
  /**
   * Years that a type is used before it ends, where an account has shown nothing yet: generations
   * of machines follow one another in two to four years. Counts as one end in that time.
   */
  steadyYears: 3,
  /** The same for a type that has begun to end somewhere in the account. */
  endingYears: 0.5,
  lockedTermH: 8784,
  lockedShare: 0.7,
  lockedDays: [3, 7, 30, 90],
  tranches: 4,
  interval: 0.8,
  spotShareOfBest: 0.9,
  /** Mean time to preemption is taken this much shorter for the upper bound of the spot price. */
  spotCaution: 0.5,
};
export type AdviceSettings = typeof adviceDefaults;

export const hoursPerWeek = 168;
