import * as z from 'zod/mini';
import { day, decimal, month } from './values.ts';

export const levers = ['stop', 'resize', 'storage', 'api', 'spot', 'commitment'] as const;
export const lever = z.enum(levers);
export type SavingsLever = z.infer<typeof lever>;

/** `ri`: whole units of a machine; `isp`: money an hour in a family; `csp`: money an hour. */
export const commitmentKinds = ['ri', 'isp', 'csp'] as const;
export const commitmentKind = z.enum(commitmentKinds);

/** Which charges a plan is about. Currencies are planned each on its own, never added. */
export const savingsScope = {
  /** The one with most cost where absent. */
  currency: z.optional(z.string()),
  /** As the bill names it; all of them where absent. */
  provider: z.optional(z.string()),
  /** Plan with what was known at the end of this billing period; all that is loaded where absent. */
  period: z.optional(month),
};

const share = z.number().check(z.minimum(0), z.maximum(1));

/** What a plan may do. */
export const savingsPolicy = z.object({
  /** Risk appetite: largest chance that what is bought loses over its whole term. */
  mostLoss: z.prefault(z.number().check(z.minimum(0.01), z.maximum(0.5)), 0.1),
  /** Longest term of a commitment; null: any. */
  maxTermMonths: z.prefault(z.nullable(z.int().check(z.minimum(1), z.maximum(60))), 12),
  /** Most that may be paid at the start of commitments, all of them together; null: any. */
  maxCash: z.prefault(z.nullable(z.number().check(z.minimum(0))), null),
  levers: z.prefault(z.array(lever), [...levers]),
  commitments: z.prefault(z.array(commitmentKind), [...commitmentKinds]),
  /** Use against today's: 1.1 is 10 % more. */
  usage: z.prefault(z.number().check(z.minimum(0.1), z.maximum(10)), 1),
  /** Yearly cost of capital; 0 counts money paid early like any other. */
  wacc: z.prefault(share, 0),
  /** Ids of actions left out; the others stay as they are. */
  off: z.prefault(z.array(z.string()), []),
  /** Last days plus one of commitments whose end the bill does not say, as their owner states them. */
  ends: z.prefault(z.record(z.string(), day), {}),
});
export type SavingsPolicy = z.infer<typeof savingsPolicy>;

/** Whether the simulated bill of the window is the bill: per provider, and all together. */
export const reconciliation = z.object({
  /** Null: all of them. */
  provider: z.nullable(z.string()),
  /** EffectiveCost of the window, exact. */
  effective: decimal,
  simulated: decimal,
  /** Simulated less effective. */
  difference: decimal,
  /** Of the effective cost; null where that is 0. */
  share: z.nullable(z.number()),
  /** Largest share at which advice is given: 0.001. */
  limit: z.number(),
  holds: z.boolean(),
  /** What the simulated bill is made of; adds up to it. */
  parts: z.array(z.object({ what: z.string(), cost: decimal })),
});
export type SavingsReconciliation = z.infer<typeof reconciliation>;

/** Something that would make the plan better, asked for and never invented. */
export const missingInput = z.object({
  id: z.string(),
  /** What is missing: "GPU metrics of vision-serving". */
  what: z.string(),
  /** What that does to the figures. */
  effect: z.string(),
  /** What to do about it: which file to import. */
  ask: z.string(),
  /** What the charges concerned cost a month; null where that is unknown. */
  monthly: z.nullable(decimal),
  /** No plan at all without it. */
  blocks: z.boolean(),
});
export type MissingInput = z.infer<typeof missingInput>;

export const evidenceLine = z.object({
  kind: z.enum(['bill', 'telemetry', 'price', 'rule', 'commitment', 'simulation']),
  what: z.string(),
  /** As shown: a figure with its unit, or a word. */
  value: z.string(),
  /** Of a rule: what it is compared with, as shown. */
  threshold: z.nullable(z.string()),
  /** Of a rule: whether it holds. */
  holds: z.nullable(z.boolean()),
  /** Where the figure comes from: file and rows, counter and sample, sheet and row. */
  source: z.string(),
  date: z.nullable(day),
  /** Of bill rows: filters for costs.lines, where they can be shown. */
  link: z.nullable(z.object({ from: day, to: day, resources: z.array(z.string()) })),
});
export type EvidenceLine = z.infer<typeof evidenceLine>;

export const rejectedOption = z.object({
  option: z.string(),
  reason: z.string(),
  /** What it saves less than the chosen one a month; null where that was not simulated. */
  savesLess: z.nullable(decimal),
});

/** What would be bought, of an action of lever `commitment`. */
export const plannedCommitment = z.object({
  kind: commitmentKind,
  offer: z.string(),
  /** Money an hour for plans, whole units for reservations. */
  amount: z.number(),
  unit: z.string(),
  termMonths: z.int(),
  /** Share of the whole price paid at the start. */
  upfront: z.number(),
  /** Paid at the start. */
  cash: decimal,
  /** Fees over the whole term. */
  committed: decimal,
  starts: day,
  ends: day,
  /** Commitment that it takes over from; null where it is new. */
  renews: z.nullable(z.string()),
  /** Share of each hour's commitment that must be used for it to pay: committed rate / on demand. */
  breakEven: z.nullable(z.number()),
  scope: z.object({
    sku: z.optional(z.string()),
    family: z.optional(z.string()),
    region: z.optional(z.string()),
  }),
  /** The amounts that are simulated, each from its day on; they add up to `amount`. */
  purchases: z.array(z.object({ day, amount: z.number() })),
  /** The ladder that buys it: parts of the amounts, a month apart. */
  tranches: z.array(z.object({ day, amount: z.number() })),
});

export const savingsAction = z.object({
  /** Stable for the same choice: "stop:rerank-v1@...". */
  id: z.string(),
  lever,
  /** Imperative and short: "Stop rerank-v1". */
  title: z.string(),
  /** Secondary text: "2 × p4d.24xlarge, us-east-1". */
  detail: z.string(),
  /** One or two sentences of advice that can be read alone. */
  advice: z.string(),
  provider: z.string(),
  account: z.nullable(z.string()),
  accountName: z.nullable(z.string()),
  region: z.nullable(z.string()),
  /** Of `workloads.overview`; null for commitments. */
  workload: z.nullable(z.string()),
  workloadName: z.nullable(z.string()),
  /** A month, in the order of the levers; marginals of all actions add up to the savings. */
  marginal: decimal,
  standalone: decimal,
  lastIn: decimal,
  /** Interval of the marginal at the plan's level. */
  low: decimal,
  high: decimal,
  /** Chance that it loses money over its term. */
  pLoss: z.nullable(z.number()),
  /** What the workload, or what the commitment covers, costs a month today. */
  monthly: z.nullable(decimal),
  effort: z.enum(['low', 'medium', 'high']),
  reversibility: z.string(),
  effectiveFrom: day,
  evidence: z.array(evidenceLine),
  rejected: z.array(rejectedOption),
  /** To be confirmed by whoever owns the workload before it is done. */
  assumptions: z.array(z.object({ id: z.string(), text: z.string() })),
  /** In words, with the command or the place in the console where there is one. */
  steps: z.array(
    z.object({
      text: z.string(),
      command: z.nullable(z.string()),
      console: z.nullable(z.string()),
    }),
  ),
  /** A word with its reason; no number without a calibration record behind it. */
  confidence: z.object({ level: z.enum(['high', 'medium', 'low']), reason: z.string() }),
  commitment: z.nullable(plannedCommitment),
  /** Of a right-sizing: units of the target for each unit of today. */
  resize: z.nullable(z.object({ from: z.string(), to: z.string(), ratio: z.number() })),
});
export type SavingsAction = z.infer<typeof savingsAction>;

/** Bars from today's bill to the planned bill: `from` of the first, then each `to`. */
export const waterfallStep = z.object({
  id: z.enum(['baseline', ...levers, 'planned']),
  label: z.string(),
  /** Of the totals: the bill. Of the steps: what it saves, above 0 where it does. */
  amount: decimal,
  /** The bill before and after; of the totals 0 and the bill. */
  from: decimal,
  to: decimal,
  /** What the lever saves when all its actions are taken last; null for the totals. */
  lastIn: z.nullable(decimal),
  actions: z.int(),
});

/** What the rule that buys commitments would have done at past months, each followed for a month. */
export const commitmentRecord = z.object({
  provider: z.string(),
  /** Past months it was tried at; 0 where the history is too short for one. */
  months: z.int(),
  /** Of those: months in which it would have lost money. */
  lost: z.int(),
  /** Of all of them together, in the currency of the plan. */
  promised: decimal,
  realised: decimal,
  /** It lost too often: nothing new is recommended. */
  withheld: z.boolean(),
});
export type CommitmentRecord = z.infer<typeof commitmentRecord>;

/** Figures of a plan, a month (730 h) of the horizon. */
export const planFigures = z.object({
  /** The simulated bill if nothing is done: today's volumes, today's commitments until they end. */
  baseline: decimal,
  planned: decimal,
  /** Baseline less planned, exactly. */
  savings: decimal,
  /** Of the baseline; null where that is not positive. */
  share: z.nullable(z.number()),
  low: decimal,
  high: decimal,
  /** Level of the interval: 0.8. */
  level: z.number(),
  /** Chance that what is bought loses over its whole term. */
  pLoss: z.number(),
  /** What the commitments save over their whole term in the worst scenario; below 0 is a loss. */
  worst: decimal,
  worstScenario: z.nullable(z.string()),
  /** What the stand-alone savings would add up to; not what the plan saves. */
  standaloneSum: decimal,
  /** Paid at the start of commitments. */
  cash: decimal,
  waterfall: z.array(waterfallStep),
});
export type PlanFigures = z.infer<typeof planFigures>;

export const savingsPlanned = z.object({
  /** Hours ahead that the figures are the monthly mean of. */
  horizon: z.object({ from: day, to: day, hours: z.int() }),
  ...planFigures.shape,
  /** How much cheaper any plan could be than this one, a month. */
  gap: z.object({ amount: decimal, share: z.nullable(z.number()), complete: z.boolean() }),
  /** Dearest first within the levers. */
  actions: z.array(savingsAction),
  /** Workloads that were looked at and stay as they are, with the reason. */
  kept: z.array(
    z.object({
      workload: z.string(),
      workloadName: z.string(),
      detail: z.string(),
      monthly: decimal,
      rejected: z.array(rejectedOption),
    }),
  ),
  /** Worth a look, outside the savings: what is not proved yet, as a range a month. */
  outside: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      advice: z.string(),
      low: z.nullable(decimal),
      high: z.nullable(decimal),
      /** Why it is outside, and what would bring it in. */
      reason: z.string(),
    }),
  ),
  /** What the plan's interval and chance of loss rest on. */
  basis: z.object({
    scenarios: z.int(),
    historyWeeks: z.int(),
    /** Past decisions of the account behind the interval. */
    pastDecisions: z.int(),
    /** Of each provider that commitments are planned for. */
    records: z.array(commitmentRecord),
    note: z.string(),
  }),
});
export type SavingsPlanned = z.infer<typeof savingsPlanned>;

const heading = {
  currency: z.nullable(z.string()),
  currencies: z.array(z.string()),
  providers: z.array(z.string()),
  /** Days of bill that the plan is made from, `to` exclusive; null where nothing is loaded. */
  window: z.nullable(
    z.object({
      from: day,
      to: day,
      /** EffectiveCost, exact, and the charges behind it. */
      effective: decimal,
      rows: z.int(),
      /** Share of the machine-hours planned with that the bill states by the hour. */
      hourlyShare: z.nullable(z.number()),
    }),
  ),
  reconciliation: z.array(reconciliation),
  missing: z.array(missingInput),
  /** Fingerprint of bill, prices, telemetry, rules and options: the same gives the same plan. */
  inputs: z.string(),
  /** Price lists behind the plan, with the date that each holds from. */
  prices: z.array(z.object({ source: z.string(), date: z.nullable(z.string()) })),
  /** Sentences a reader must know, the most important first. */
  notes: z.array(z.string()),
};

/**
 * The joint plan. `ready`: planned. `withheld`: the simulated bill is not the bill, see
 * `reconciliation`. `missing`: there is nothing to plan with, see `missing`. Takes seconds the first
 * time (a thread of its own works); the same question is answered at once until what is loaded changes.
 */
export const savingsPlan = {
  input: z.object({ ...savingsScope, policy: z.prefault(savingsPolicy, {}) }),
  output: z.object({
    status: z.enum(['ready', 'withheld', 'missing']),
    policy: savingsPolicy,
    ...heading,
    plan: z.nullable(savingsPlanned),
  }),
};
export type SavingsPlan = z.infer<typeof savingsPlan.output>;

/**
 * What if: the same options, re-simulated at once. `plan` where these options were planned already:
 * the same figures. `resimulated`: the last plan of this scope within the options (actions that they
 * rule out are left out, commitments cut to the risk), its bill simulated in full but not optimised
 * anew. Null where there is no plan to start from.
 */
export const savingsSimulate = {
  input: savingsPlan.input,
  output: z.nullable(
    z.object({
      basis: z.enum(['plan', 'resimulated']),
      ...planFigures.shape,
      /** Of every action of the plan that it starts from. */
      actions: z.array(
        z.object({
          id: z.string(),
          on: z.boolean(),
          /** Why it is not: switched off, term, cash, kind; null where it is on. */
          why: z.nullable(z.string()),
          marginal: decimal,
          standalone: decimal,
          lastIn: decimal,
          /** Of a commitment, after the cut. */
          amount: z.nullable(z.number()),
        }),
      ),
      milliseconds: z.number(),
    }),
  ),
};
export type SavingsSimulated = z.infer<typeof savingsSimulate.output>;

/** Spend over time against the plan: history, forecast with its band, planned line. EffectiveCost. */
export const savingsSeries = {
  input: z.object({
    ...savingsScope,
    policy: z.prefault(savingsPolicy, {}),
    granularity: z.prefault(z.enum(['day', 'month']), 'month'),
  }),
  output: z.object({
    currency: z.nullable(z.string()),
    granularity: z.enum(['day', 'month']),
    /** Exact; a part month says so. */
    history: z.array(z.object({ period: z.string(), cost: decimal, partial: z.boolean() })),
    /** From the day after the last one; a part month holds the remaining days only. */
    forecast: z.array(
      z.object({
        period: z.string(),
        cost: decimal,
        low: decimal,
        high: decimal,
        partial: z.boolean(),
      }),
    ),
    /** The same periods with the plan; null where there is no plan. */
    planned: z.nullable(z.array(z.object({ period: z.string(), cost: decimal }))),
    /** How forecasts made in the same way at past days turned out; null where nothing is forecast. */
    record: z.nullable(
      z.object({
        model: z.enum(['weekly-naive', 'weekly-mean', 'weekly-trend', 'flat']),
        /** Level of the band: 0.8. */
        level: z.number(),
        /** Past forecasts that were measured. */
        origins: z.int(),
        /** Sum of absolute errors by the sum of spend; null where nothing was measured. */
        wape: z.nullable(z.number()),
        /** Share of past days within their band; null where too few were measured. */
        coverage: z.nullable(z.number()),
        basis: z.enum(['own errors', 'pooled prior']),
      }),
    ),
    /** How the forecast is made and how far it can be trusted, in one or two sentences. */
    note: z.string(),
  }),
};
