import * as z from 'zod/mini';
import { commitmentKind, missingInput, savingsPolicy, savingsScope } from './savings.ts';
import { day, decimal } from './values.ts';

/** A share with what it is made of; null where the denominator is not positive: undefined, not 0. */
const rate = z.object({
  value: z.nullable(z.number()),
  /** The same with the plan; null where there is no plan. */
  planned: z.nullable(z.number()),
  numerator: decimal,
  denominator: decimal,
});

const ownedCommitment = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  account: z.nullable(z.string()),
  accountName: z.nullable(z.string()),
  kind: z.nullable(commitmentKind),
  /** "Compute Savings Plan", "Reserved Instance". */
  type: z.string(),
  /** Money an hour for plans, units for reservations. */
  amount: z.number(),
  unit: z.string(),
  /** What it covers: machine types or families, regions. */
  covers: z.string(),
  /** First charge; `startsBefore` where the bill begins with it. */
  starts: day,
  startsBefore: z.boolean(),
  /** Null where the bill does not let it be known. */
  ends: z.nullable(day),
  /** What the end was worked out from, or what would tell it. */
  endReason: z.string(),
  /** Days from the last day of the bill; null where the end is unknown. */
  daysLeft: z.nullable(z.int()),
  /** Last day to decide on its renewal. */
  decideBy: z.nullable(day),
  /** Of the window. */
  fee: decimal,
  unused: decimal,
  utilisation: z.nullable(z.number()),
  /** On-demand cost of what it covered, less its fee. */
  saved: decimal,
});
export type OwnedCommitmentRow = z.infer<typeof ownedCommitment>;

/** Monthly bill by the size of one commitment, everything else as planned. */
const costCurve = z.object({
  /** Of the action, or of the offer where nothing is bought. */
  id: z.string(),
  action: z.nullable(z.string()),
  title: z.string(),
  provider: z.string(),
  kind: commitmentKind,
  unit: z.string(),
  termMonths: z.int(),
  /** By amount; `low` and `high` hold 80 % of the scenarios. */
  points: z.array(z.object({ amount: z.number(), bill: decimal, low: decimal, high: decimal })),
  /** What the plan buys, 0 where nothing. */
  chosen: z.object({ amount: z.number(), bill: decimal }),
  /** Amounts whose bill is within `within` of the least. */
  flat: z.nullable(z.object({ from: z.number(), to: z.number(), within: decimal })),
  /** Owned amount of the kind that ends within the horizon. */
  ending: z.array(
    z.object({ commitment: z.string(), name: z.string(), amount: z.number(), ends: day }),
  ),
});

/** Existing commitments, how well they are used, when they end, and what to buy next. */
export const commitmentsOverview = {
  input: z.object({ ...savingsScope, policy: z.prefault(savingsPolicy, {}) }),
  output: z.object({
    currency: z.nullable(z.string()),
    currencies: z.array(z.string()),
    window: z.nullable(z.object({ from: day, to: day })),
    /** On-demand equivalent of committed usage over that of all eligible usage. */
    coverage: rate,
    /** 1 less the unused part of the fees. */
    utilisation: rate,
    /** Effective savings rate; may be below 0. */
    esr: rate,
    /** By end, those without a known one last. */
    owned: z.array(ownedCommitment),
    /** Ended within the last 12 months of what is loaded. */
    ended: z.array(z.object({ id: z.string(), name: z.string(), provider: z.string(), ends: day })),
    curves: z.array(costCurve),
    /** The ladder of all that is bought, by day. */
    ladder: z.array(
      z.object({
        day,
        action: z.string(),
        title: z.string(),
        amount: z.number(),
        unit: z.string(),
        /** What is committed of this after the step, in its unit. */
        total: z.number(),
        ends: day,
      }),
    ),
    missing: z.array(missingInput),
    notes: z.array(z.string()),
  }),
};
export type CommitmentsOverview = z.infer<typeof commitmentsOverview.output>;
