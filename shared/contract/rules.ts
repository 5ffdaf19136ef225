import * as z from 'zod/mini';
import { purposes } from '../workloads/purposes.ts';
import { decimal, metric } from './values.ts';

const purpose = z.enum(purposes);

/** What is wrong with a rule text, and where. Lines and columns from 1. */
const ruleProblem = z.object({
  line: z.int(),
  column: z.int(),
  /** Length of the marked text; 0 where nothing is to be marked. */
  length: z.int(),
  message: z.string(),
});
export type RuleProblem = z.infer<typeof ruleProblem>;

const ruleEffect = z.object({
  rule: z.string(),
  /** Charges that it decides after the rules before it, in all currencies. */
  charges: z.int(),
  /** What those in the preview's currency cost. */
  cost: z.nullable(decimal),
});

/** What a text of rules would move, in the currency with most charges, over all that is loaded. */
const rulesPreview = z.object({
  metric,
  currency: z.nullable(z.string()),
  /** The same before and after, to the last digit. */
  total: z.nullable(decimal),
  /** Cost that goes from one purpose or workload to another, the dearest first. */
  moves: z.array(
    z.object({
      from: z.object({ purpose, workload: z.nullable(z.string()) }),
      to: z.object({ purpose, workload: z.nullable(z.string()) }),
      cost: z.nullable(decimal),
      rule: z.string(),
    }),
  ),
  moveCount: z.int(),
  effects: z.array(ruleEffect),
});
export type RulesPreview = z.infer<typeof rulesPreview>;

export const rulesGet = {
  input: z.object({}),
  output: z.object({
    /** As it was set; empty where there are none. */
    text: z.string(),
    count: z.int(),
    /** UTC, ISO 8601; null where never set. */
    setAt: z.nullable(z.string()),
    /** What stood before the last change, for undo; null where there was none. */
    previous: z.nullable(z.string()),
    /** A text to begin with, with every kind of rule in it. */
    example: z.string(),
    /** Names that conditions can use. */
    fields: z.array(z.object({ name: z.string(), meaning: z.string() })),
    purposes: z.array(z.object({ purpose, title: z.string() })),
  }),
};

/** Checks a text and says what it would move; with `apply` it then holds for all months at once. */
export const rulesSet = {
  input: z.object({
    /** Empty text: no rules of one's own. */
    text: z.string().check(z.maxLength(1_000_000)),
    apply: z.prefault(z.boolean(), false),
  }),
  output: z.object({
    /** Empty where the text is good. Nothing is applied while there are any. */
    problems: z.array(ruleProblem),
    applied: z.boolean(),
    count: z.int(),
    /** Null while there are problems, or nothing is loaded. */
    preview: z.nullable(rulesPreview),
  }),
};
