import type { Bundle } from './bundle.ts';
import { offerGate, optionGate, spotGate } from './gates.ts';
import { loadModel, type Model, rateOf } from './model.ts';
import {
  add,
  compare,
  decimal,
  divide,
  fraction,
  multiply,
  negative,
  type Rational,
  subtract,
  sum,
  toNumber,
  zero,
} from './rational.ts';
import { type Field, fieldOf, purchasesAt, variablesOf } from './field.ts';
import { cheapest } from './search.ts';
import { type SideChoice, sideChoices } from './side.ts';
import {
  type Choice,
  type CurrencyBill,
  type Purchase,
  type Share,
  shareOf,
  simulate,
  totalOf,
} from './simulate.ts';

/** A whole plan: what changes on workloads, what is bought, which side options are taken. */
export interface FullPlan {
  workloads: Map<string, Choice>;
  purchases: Purchase[];
  side: Map<string, string>;
}

/** In the order in which marginals are taken. */
export const levers = ['stop', 'right-size', 'side', 'spot', 'commitment'] as const;

export interface Action {
  id: string;
  lever: (typeof levers)[number];
  apply: (plan: FullPlan) => void;
}

export interface Case {
  model: Model;
  side: SideChoice[];
  baseline: Rational;
}

export function openCase(bundle: Bundle): Case {
  const model = loadModel(bundle);
  const side = sideChoices(model.scenario);
  const rows = [...model.billed].map(([currency, cost]) =>
    multiply(rateOf(model.scenario, currency), cost),
  );
  const today = side.map(({ cost, current }) => cost.get(current) ?? zero);
  return { model, side, baseline: add(sum(rows), sum(today)) };
}

export const emptyPlan = (): FullPlan => ({
  workloads: new Map(),
  purchases: [],
  side: new Map(),
});

/** What a plan leaves to pay in the window, without the lines that no lever touches. */
export function billOf({ model, side }: Case, plan: FullPlan): Rational {
  const usage = totalOf(model, simulate(model, plan));
  return add(
    usage,
    sum(
      side.map(({ id, current, cost }) => {
        const value = cost.get(plan.side.get(id) ?? current);
        if (value === undefined) throw new Error(`No option ${plan.side.get(id)} of ${id}.`);
        return value;
      }),
    ),
  );
}

/** |simulated - billed| over billed: 0.1 % is allowed. */
export function reconciles(subject: Case): boolean {
  const { model, side } = subject;
  const simulated = subtract(
    billOf(subject, emptyPlan()),
    sum(side.map(({ cost, current }) => cost.get(current) ?? zero)),
  );
  const convert = (amounts: Map<string, Rational>) =>
    sum([...amounts].map(([currency, cost]) => multiply(rateOf(model.scenario, currency), cost)));
  const billed = convert(model.billed);
  const difference = subtract(add(simulated, convert(model.untouched)), billed);
  const size = (value: Rational) => (value.n < 0n ? negative(value) : value);
  return compare(multiply(size(difference), fraction(1000)), size(billed)) <= 0;
}

/** Every (option, spot) pair a workload may have, the present one first. */
export function choicesOf(model: Model, id: string): Choice[] {
  const workload = model.workloads.find(({ facts }) => facts.id === id);
  if (!workload) return [];
  const { sku, spot_now } = workload.facts;
  const candidates = model.candidates.filter(
    (candidate) => candidate.workload === id && optionGate(model, candidate) === null,
  );
  const options = [null, ...candidates].flatMap((candidate): Choice[] => {
    const option = candidate?.option_id ?? null;
    if (candidate && Number(candidate.ratio) === 0) return [{ option, spot: spot_now }];
    const open = spotGate(model, id, candidate?.target_sku ?? sku) === null;
    const firm = { option, spot: false };
    const onSpot = { option, spot: true };
    if (spot_now && candidate === null) return [onSpot, firm];
    return open ? [firm, onSpot] : [firm];
  });
  return options;
}

/** The cheapest choices and purchases of one currency, over all combinations. */
function bestOf(model: Model, currency: string): { choices: Map<string, Choice>; buy: Purchase[] } {
  const own = model.workloads.flatMap(({ facts }, index) =>
    facts.currency === currency ? [{ id: facts.id, index }] : [],
  );
  const offers = model.offers.filter(
    (offer) => offer.currency === currency && offerGate(model, offer) === null,
  );
  const toBuy = variablesOf(offers, model.hours);
  let combinations: { choices: Map<string, Choice>; shares: Share[] }[] = [
    { choices: new Map(), shares: [] },
  ];
  for (const { id, index } of own) {
    const priced = choicesOf(model, id).map((choice) => ({
      choice,
      share: shareOf(model, index, choice),
    }));
    combinations = combinations.flatMap(({ choices, shares }) =>
      priced.map(({ choice, share }) => ({
        choices: new Map([...choices, [id, choice]]),
        shares: [...shares, share],
      })),
    );
  }
  const fields = combinations
    .map(({ choices, shares }) => ({ choices, field: fieldOf(model, currency, shares, toBuy) }))
    .sort((a, b) => a.field.floor - b.field.floor);
  let best: { choices: Map<string, Choice>; field: Field; point: number[] } | null = null;
  let bill = Infinity;
  for (const { choices, field } of fields) {
    // Sorted by a lower bound: none of the rest can be cheaper.
    if (field.floor >= bill) break;
    const found = cheapest(field, bill);
    if (!found) continue;
    bill = found.bill;
    best = { choices, field, point: found.point };
  }
  if (!best) return { choices: new Map(), buy: [] };
  return { choices: best.choices, buy: purchasesAt(best.field, best.point) };
}

/** The changes of a plan, one action each, in the order of marginals. */
export function actionsOf({ model, side }: Case, plan: FullPlan): Action[] {
  const found: Action[] = [];
  for (const { facts } of model.workloads) {
    const choice = plan.workloads.get(facts.id);
    if (!choice) continue;
    const change = (target: FullPlan, part: Partial<Choice>) => {
      const before = target.workloads.get(facts.id) ?? { option: null, spot: facts.spot_now };
      target.workloads.set(facts.id, { ...before, ...part });
    };
    if (choice.option !== null) {
      const candidate = model.candidates.find(
        (row) => row.workload === facts.id && row.option_id === choice.option,
      );
      found.push({
        id: `${facts.id}:${choice.option}`,
        lever: Number(candidate?.ratio) === 0 ? 'stop' : 'right-size',
        apply: (target) => change(target, { option: choice.option }),
      });
    }
    if (choice.spot !== facts.spot_now) {
      found.push({
        id: `${facts.id}:spot`,
        lever: 'spot',
        apply: (target) => change(target, { spot: choice.spot }),
      });
    }
  }
  for (const { id, current } of side) {
    const option = plan.side.get(id) ?? current;
    if (option === current) continue;
    found.push({
      id: `${id}:${option}`,
      lever: 'side',
      apply: (target) => void target.side.set(id, option),
    });
  }
  for (const purchase of plan.purchases) {
    const { offer, start } = purchase;
    const scope = offer.sku ?? offer.family ?? 'any';
    found.push({
      id: [offer.id, offer.kind, scope, offer.region ?? 'any', offer.currency, start].join(':'),
      lever: 'commitment',
      apply: (target) => void target.purchases.push(purchase),
    });
  }
  const rank = (action: Action) => levers.indexOf(action.lever);
  return found.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

export function planOf(actions: Action[]): FullPlan {
  const plan = emptyPlan();
  for (const action of actions) action.apply(plan);
  return plan;
}

/** Least saving per window that an action must add to stay in the plan. */
export function materialityOf({ model }: Case): Rational {
  const monthly = decimal(model.scenario.policy?.min_monthly_savings ?? 10);
  return divide(multiply(monthly, fraction(model.hours)), fraction(730));
}

/** Bill without the action minus bill with all. */
export function lastIn(subject: Case, actions: Action[], action: Action): Rational {
  const others = actions.filter((other) => other !== action);
  return subtract(billOf(subject, planOf(others)), billOf(subject, planOf(actions)));
}

/** Drops the action with the smallest last-in saving below materiality, until none is below. */
export function material(subject: Case, actions: Action[]): Action[] {
  const least = materialityOf(subject);
  let kept = actions;
  for (;;) {
    const below = kept
      .map((action) => ({ action, saving: lastIn(subject, kept, action) }))
      .filter(({ saving }) => compare(saving, least) < 0)
      .sort((a, b) => compare(a.saving, b.saving))[0];
    if (!below) return kept;
    kept = kept.filter((action) => action !== below.action);
  }
}

export interface Priced {
  id: string;
  lever: Action['lever'];
  standalone: Rational;
  marginal: Rational;
  lastIn: Rational;
}

/** Stand-alone, marginal and last-in savings of each action, in the given order. */
export function priceActions(subject: Case, actions: Action[]): Priced[] {
  const today = billOf(subject, emptyPlan());
  let before = today;
  return actions.map((action, at) => {
    const after = billOf(subject, planOf(actions.slice(0, at + 1)));
    const marginal = subtract(before, after);
    before = after;
    return {
      id: action.id,
      lever: action.lever,
      standalone: subtract(today, billOf(subject, planOf([action]))),
      marginal,
      lastIn: lastIn(subject, actions, action),
    };
  });
}

export interface Optimum {
  /** Savings of the best plan before anything is dropped as immaterial. */
  bound: Rational;
  joint: Rational;
  actions: Action[];
  plan: FullPlan;
}

/** The optimum of section 7 in replay: all combinations, all amounts, then materiality. */
export function optimum(subject: Case): Optimum {
  const { model, side } = subject;
  const plan = emptyPlan();
  if (!reconciles(subject)) return { bound: zero, joint: zero, actions: [], plan };
  for (const currency of model.currencies) {
    const { choices, buy } = bestOf(model, currency);
    for (const [id, choice] of choices) plan.workloads.set(id, choice);
    plan.purchases.push(...buy);
  }
  for (const { id, current, cost } of side) {
    let best = current;
    for (const [option, value] of cost) {
      if (compare(value, cost.get(best) ?? zero) < 0) best = option;
    }
    plan.side.set(id, best);
  }
  const today = billOf(subject, emptyPlan());
  const all = actionsOf(subject, plan);
  const actions = material(subject, all);
  return {
    bound: subtract(today, billOf(subject, planOf(all))),
    joint: subtract(today, billOf(subject, planOf(actions))),
    actions,
    plan: planOf(actions),
  };
}

/** The figures of `bill` mode; null is undefined, as where there is nothing to divide by. */
export function billFigures(subject: Case): Record<string, number | null> {
  const { model } = subject;
  const { bills } = simulate(model, emptyPlan());
  const total = (pick: (bill: CurrencyBill) => Rational) =>
    sum([...bills].map(([code, bill]) => multiply(rateOf(model.scenario, code), pick(bill))));
  const ratio = (part: Rational, whole: Rational) =>
    whole.n <= 0n ? null : toNumber(divide(part, whole));
  const fees = total(({ fees: paid }) => paid);
  const unused = total((bill) => bill.unused);
  const equivalent = total((bill) => bill.equivalent);
  const eligible = add(
    fees,
    total((bill) => bill.onDemandEligible),
  );
  return {
    total: toNumber(
      add(
        fees,
        total((bill) => add(bill.onDemand, bill.spot)),
      ),
    ),
    on_demand: toNumber(total((bill) => bill.onDemand)),
    unused: toNumber(unused),
    coverage: ratio(
      total((bill) => bill.coveredEquivalent),
      equivalent,
    ),
    utilisation: ratio(subtract(fees, unused), fees),
    esr: ratio(subtract(equivalent, eligible), equivalent),
  };
}
