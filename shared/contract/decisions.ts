import * as z from 'zod/mini';
import { isDay } from '../domain/calendar.ts';
import { lever, savingsPlan } from './savings.ts';
import { day, dayOrMonth, decimal } from './values.ts';

const realDay = day.check(z.refine(isDay, 'not a day that exists'));
const key = z.string().check(z.minLength(1), z.maxLength(2000));
const reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000));

/** What a person decides about an action of the plan. Days are UTC. */
const decision = z.discriminatedUnion('kind', [
  /** It will be done. */
  z.object({ kind: z.literal('accept') }),
  /** It will be done on this day, today or later. */
  z.object({ kind: z.literal('schedule'), on: realDay }),
  /** It is in effect from this day on, today or earlier: realised savings are measured from then. */
  z.object({ kind: z.literal('done'), on: realDay }),
  z.object({ kind: z.literal('dismiss'), reason }),
  /** Out of sight until this day, which is later than today. */
  z.object({ kind: z.literal('snooze'), until: realDay }),
  /** As if nothing had been decided; what was decided stays in the history. */
  z.object({ kind: z.literal('reopen') }),
]);
export type Decision = z.infer<typeof decision>;

export const decisionStates = [
  'open',
  'accepted',
  'scheduled',
  'done',
  'dismissed',
  'snoozed',
] as const;
export type DecisionState = (typeof decisionStates)[number];

/** What the plan promised of an action when something was decided about it; it never changes. */
const promise = z.object({
  currency: z.nullable(z.string()),
  /** Savings of a month of 730 hours: in the order of levers (marginal), alone, and taken last. */
  monthly: decimal,
  standalone: decimal,
  lastIn: decimal,
  /** Of `monthly`; null where the plan gave none. */
  interval: z.nullable(z.object({ low: decimal, high: decimal, level: z.number() })),
  /** 0 to 1. */
  pLoss: z.nullable(z.number()),
  /** Days of the bill that the plan was made from, `to` exclusive. */
  window: z.object({ from: day, to: day }),
  /** Fingerprint of the plan's inputs: the same bill, prices, telemetry and options give the same. */
  inputs: z.string(),
  /** Price lists behind it, each with its date; null where it has none. */
  prices: z.array(z.object({ source: z.string(), date: z.nullable(z.string()) })),
});
export type Promised = z.infer<typeof promise>;

const historyEntry = z.object({
  /** In the order they were recorded. */
  id: z.int(),
  /** UTC, ISO 8601. */
  at: z.string(),
  decision,
  /** Null where the plan did not advise the action at that moment. */
  promise: z.nullable(promise),
});
export type DecisionEntry = z.infer<typeof historyEntry>;

const item = z.object({
  /** `decisionKey` of currency and action id: the same from plan to plan. */
  key,
  /** Id of the plan's action. */
  action: z.string(),
  /** As the plan named it when something was last decided about it. */
  title: z.string(),
  lever,
  /** What it is about: machines and region, as the plan says it. */
  detail: z.string(),
  /** A snooze that is over is open again. */
  state: z.enum(decisionStates),
  /** Day it is scheduled for, done since, or snoozed until. */
  day: z.nullable(day),
  /** Scheduled for a day that has passed. */
  overdue: z.boolean(),
  /** Why it was dismissed. */
  reason: z.nullable(z.string()),
  /** The promise that counts: that of the first decision since it was last open. */
  promise: z.nullable(promise),
  /** Oldest first; nothing is ever taken out or changed. */
  history: z.array(historyEntry),
});
export type DecisionItem = z.infer<typeof item>;

/** Every action about which something was ever decided, the latest decision first. */
export const decisionsList = {
  input: z.object({}),
  output: z.object({
    /** Today, UTC. */
    today: day,
    items: z.array(item),
  }),
};

/**
 * Adds one decision. The amounts promised are taken from the plan of the same options, never from
 * the caller. The same decision again adds nothing.
 */
export const decisionsRecord = {
  input: z.object({
    /** `decisionKey` of an action of the plan, or `key` of an item of the list. */
    key,
    decision,
    /** What `savings.plan` was asked with when the action was shown. */
    plan: z.prefault(savingsPlan.input, {}),
  }),
  output: item,
};

/**
 * How realised savings are measured. `days`: what the days before cost. `rate`: what a unit cost before,
 * for the units used now. `discount`: on demand less committed, for the usage that new commitments cover.
 */
export const measures = ['days', 'rate', 'discount'] as const;

const meter = z.object({
  /** Machine or meter. */
  name: z.string(),
  unit: z.nullable(z.string()),
  costBefore: decimal,
  quantityBefore: z.nullable(decimal),
  costNow: decimal,
  quantityNow: z.nullable(decimal),
  /** What today's usage would have cost as before; null: it was not used before, so nothing says. */
  expected: z.nullable(decimal),
  /** Expected less now. */
  saved: z.nullable(decimal),
});
export type BankedMeter = z.infer<typeof meter>;

const bankedItem = z.object({
  key,
  title: z.string(),
  lever,
  detail: z.string(),
  currency: z.nullable(z.string()),
  /** In effect from this day on. */
  doneOn: day,
  /**
   * `waiting`: the bill does not show it yet. `unknown`: it never will as things stand.
   * Both with the reason, and never as 0.
   */
  status: z.enum(['measured', 'waiting', 'unknown']),
  /** One sentence: how it was measured, or why it is not. */
  reason: z.string(),
  measure: z.nullable(z.enum(measures)),
  /** Days compared with and days counted, `to` exclusive; null where there are none. */
  before: z.nullable(z.object({ from: day, to: day, days: z.int() })),
  counted: z.nullable(z.object({ from: day, to: day, days: z.int() })),
  /** Promised for a month of 730 hours, and for the days counted; null where nothing was. */
  promisedMonthly: z.nullable(decimal),
  promised: z.nullable(decimal),
  /** Saved over the days counted; negative where it cost more. Null is unknown, not 0. */
  banked: z.nullable(decimal),
  /** The same for a month of 730 hours, rounded to nine decimals. */
  bankedMonthly: z.nullable(decimal),
  /** What units are, where all meters are counted in the same. */
  unit: z.nullable(z.string()),
  quantityBefore: z.nullable(decimal),
  quantityNow: z.nullable(decimal),
  /** What a unit used now would have cost before, what it costs, and the difference; nine decimals. */
  perUnitBefore: z.nullable(decimal),
  perUnitNow: z.nullable(decimal),
  savedPerUnit: z.nullable(decimal),
  /** The dearest first. What they saved and `elsewhere` add up to `banked`, exactly. */
  meters: z.array(meter),
  /** Of these charges, what other decisions are credited with; at most 0 where they saved. */
  elsewhere: z.array(z.object({ key, title: z.string(), amount: decimal })),
  /** Decisions on the same charges that the bill shows only together with this one. */
  together: z.array(z.object({ key, title: z.string() })),
  /** Cost now of what was not used before, which is in no figure here. */
  newCost: decimal,
});
export type BankedItem = z.infer<typeof bankedItem>;

/** Promised beside banked of everything that was done. */
export const decisionsBanked = {
  input: z.object({
    /** Count only these days. */
    from: z.optional(dayOrMonth),
    /** Day after the last one. */
    to: z.optional(dayOrMonth),
  }),
  output: z.object({
    /** Day after the last one that is counted: later days may still grow. Null: nothing is loaded. */
    countedTo: z.nullable(day),
    /** The latest done first. */
    items: z.array(bankedItem),
    /** One a currency. Both sums are of the same items: those measured and promised. */
    totals: z.array(
      z.object({
        currency: z.nullable(z.string()),
        promised: decimal,
        banked: decimal,
        items: z.int(),
        /** Done, but waiting or unknown, or never promised: in neither sum. */
        left: z.int(),
      }),
    ),
  }),
};
