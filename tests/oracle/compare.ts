import { type Answer, answerOf, type BoughtLine, dailyBaseline, gcpCase } from './answer.ts';
import { type Bundle, readBundle } from './bundle.ts';
import { offerGate, optionGate, spotGate } from './gates.ts';
import type { Model } from './model.ts';
import {
  actionsOf,
  billOf,
  type Case,
  emptyPlan,
  type FullPlan,
  lastIn,
  levers,
  materialityOf,
  openCase,
  optimum,
  planOf,
  type Action,
} from './plan.ts';
import { decimal, fraction, isWhole, multiply, subtract, toNumber } from './rational.ts';
import { gcpBill } from './side.ts';
import type { Purchase } from './simulate.ts';

/** Both sides work on the same decimals; what they may differ by is the rounding of sums. */
export const tolerance = 1e-6;

const near = (a: number | null | undefined, b: number | null | undefined) =>
  typeof a === 'number' && typeof b === 'number'
    ? Math.abs(a - b) <= tolerance
    : (a ?? null) === (b ?? null);

function purchaseOf(model: Model, line: BoughtLine): Purchase | string {
  const { scope } = line;
  const offer = model.offers.find(
    (item) =>
      item.id === line.offer &&
      item.kind === line.kind &&
      item.currency === line.currency &&
      (item.sku === null || item.sku === scope.sku) &&
      (item.family === null || item.family === scope.family) &&
      (item.region === null || item.region === scope.region),
  );
  if (!offer) return `no such offer: ${JSON.stringify(line)}`;
  const gate = offerGate(model, offer);
  if (gate !== null) return `${line.offer}: ${gate}`;
  if (!offer.starts.includes(line.start_h)) return `${line.offer} cannot start at ${line.start_h}`;
  const amount = decimal(line.amount);
  const steps = line.kind === 'ri' ? amount : multiply(amount, fraction(1000));
  if (!isWhole(steps) || steps.n <= 0n) return `${line.offer}: ${line.amount} cannot be bought`;
  return { offer, start: line.start_h, amount };
}

/** The plan that an answer chooses, with what is wrong about its choices. */
function chosen({ model, side }: Case, answer: Answer): { plan: FullPlan; problems: string[] } {
  const problems: string[] = [];
  const plan = emptyPlan();
  for (const { facts } of model.workloads) {
    const option = answer.rightsizing?.[facts.id] ?? null;
    const spot = answer.spot?.[facts.id] ?? facts.spot_now;
    const candidate = model.candidates.find(
      (row) => row.workload === facts.id && row.option_id === option,
    );
    if (option !== null && !candidate) problems.push(`${facts.id} has no option ${option}`);
    const gate = candidate && optionGate(model, candidate);
    if (gate) problems.push(`${facts.id} may not become ${option}: ${gate}`);
    const stays = spot && facts.spot_now && !candidate;
    const stopped = candidate !== undefined && Number(candidate.ratio) === 0;
    const spotProblem =
      spot && !stays && !stopped
        ? spotGate(model, facts.id, candidate?.target_sku ?? facts.sku)
        : null;
    if (spotProblem) problems.push(`${facts.id} may not go to spot: ${spotProblem}`);
    if (option === null && spot === facts.spot_now) continue;
    plan.workloads.set(facts.id, { option: candidate ? option : null, spot });
  }
  const known = new Set(model.workloads.map(({ facts }) => facts.id));
  for (const id of [...Object.keys(answer.rightsizing ?? {}), ...Object.keys(answer.spot ?? {})]) {
    if (!known.has(id)) problems.push(`no workload ${id}`);
  }
  for (const line of answer.commitments ?? []) {
    const purchase = purchaseOf(model, line);
    if (typeof purchase === 'string') problems.push(purchase);
    else plan.purchases.push(purchase);
  }
  for (const [id, option] of Object.entries(answer.side ?? {})) {
    const choice = side.find((item) => item.id === id);
    if (choice?.cost.has(option)) plan.side.set(id, option);
    else problems.push(`${id} has no option ${option}`);
  }
  return { plan, problems };
}

interface Attribution {
  standalone: number;
  marginal: number;
}

/**
 * Whether some order of the actions that keeps the order of the levers gives exactly the claimed
 * pairs. How actions are named is the planner's own affair, so their order within a lever is too.
 */
function attributed(subject: Case, actions: Action[], claimed: Attribution[]): boolean {
  const today = billOf(subject, emptyPlan());
  const alone = new Map(
    actions.map((action) => [action, toNumber(subtract(today, billOf(subject, planOf([action]))))]),
  );
  const step = (taken: Action[], left: Action[], pairs: Attribution[]): boolean => {
    if (left.length === 0) return pairs.length === 0;
    const lever = levers.find((name) => left.some((action) => action.lever === name));
    const before = billOf(subject, planOf(taken));
    return left
      .filter((action) => action.lever === lever)
      .some((action) => {
        const after = billOf(subject, planOf([...taken, action]));
        const marginal = toNumber(subtract(before, after));
        const at = pairs.findIndex(
          (pair) =>
            near(pair.marginal, marginal) && near(pair.standalone, alone.get(action) ?? null),
        );
        if (at < 0) return false;
        return step(
          [...taken, action],
          left.filter((other) => other !== action),
          pairs.filter((_, index) => index !== at),
        );
      });
  };
  return step([], actions, claimed);
}

function compareReplay(bundle: Bundle, answer: Answer): string[] {
  const subject = openCase(bundle);
  const { plan, problems } = chosen(subject, answer);
  const { claimed } = answer;
  const expect = (what: string, is: number | null | undefined, should: number) => {
    if (!near(is, should)) problems.push(`${what} is ${is}, the oracle says ${should}`);
  };
  const baseline = toNumber(subject.baseline);
  expect('claimed.baseline', claimed.baseline, baseline);
  // A choice that cannot be made has no bill.
  if (problems.some((problem) => !problem.startsWith('claimed'))) return problems;

  const today = billOf(subject, emptyPlan());
  const saved = subtract(today, billOf(subject, plan));
  const best = optimum(subject);
  const joint = toNumber(saved);
  expect('claimed.joint_savings (its own choices, simulated)', claimed.joint_savings, joint);
  expect('the saving of the choices (against the optimum)', joint, toNumber(best.joint));
  expect('claimed.optimized', claimed.optimized, baseline - joint);
  expect('claimed.low', claimed.low, joint);
  expect('claimed.high', claimed.high, joint);

  const actions = actionsOf(subject, plan);
  const claims = claimed.actions ?? [];
  expect(
    'the sum of marginals',
    claims.reduce((sum, { marginal }) => sum + marginal, 0),
    joint,
  );
  if (claims.length !== actions.length) {
    problems.push(`${claims.length} actions claimed for ${actions.length} changes`);
  } else if (!attributed(subject, actions, claims)) {
    problems.push('stand-alone or marginal savings differ in every order of the actions');
  }
  const least = materialityOf(subject);
  for (const action of actions) {
    const saving = lastIn(subject, actions, action);
    if (toNumber(subtract(saving, least)) < -tolerance) {
      problems.push(`${action.id} is immaterial: ${toNumber(saving)} last in`);
    }
  }
  if (best.bound.n === 0n && actions.length > 0) {
    problems.push(`nothing can be saved, yet ${actions.length} actions are recommended`);
  }
  if (bundle.scenario.timezone !== 'UTC') {
    const days = dailyBaseline(subject);
    const names = new Set([...days.keys(), ...Object.keys(claimed.daily ?? {})]);
    for (const day of names) {
      const cost = days.get(day);
      const own = claimed.daily?.[day];
      if (!cost || !near(own, toNumber(cost))) {
        problems.push(`claimed.daily ${day} is ${own}, the oracle says ${cost && toNumber(cost)}`);
      }
    }
  }
  return problems;
}

function compareGcp(bundle: Bundle, answer: Answer): string[] {
  const gcp = gcpCase(bundle.scenario);
  const own = answerOf(bundle).claimed;
  const problems: string[] = [];
  const units = answer.gcp_units;
  if (units === undefined || !Number.isInteger(units) || units < 0) {
    return [`gcp_units is ${units}`];
  }
  const saved = toNumber(subtract(gcpBill(gcp, 0), gcpBill(gcp, units)));
  if (!near(saved, own.joint_savings)) {
    problems.push(`${units} units save ${saved}, the oracle saves ${own.joint_savings}`);
  }
  for (const name of ['baseline', 'optimized', 'joint_savings'] as const) {
    if (!near(answer.claimed[name], own[name])) {
      problems.push(`claimed.${name} is ${answer.claimed[name]}, the oracle says ${own[name]}`);
    }
  }
  return problems;
}

function compareBill(bundle: Bundle, answer: Answer): string[] {
  const own = answerOf(bundle).claimed;
  const names = ['total', 'on_demand', 'unused', 'coverage', 'utilisation', 'esr'] as const;
  return names.flatMap((name) =>
    near(answer.claimed[name], own[name])
      ? []
      : [`claimed.${name} is ${answer.claimed[name]}, the oracle says ${own[name]}`],
  );
}

/** What is wrong with an answer to the bundle in `folder`; empty where the oracle agrees. */
export function compareWithPlanner(folder: string, answer: Answer): string[] {
  const bundle = readBundle(folder);
  switch (bundle.scenario.mode) {
    case 'bill':
      return compareBill(bundle, answer);
    case 'gcp':
      return compareGcp(bundle, answer);
    case 'hindsight':
      return compareReplay(bundle, answer);
    case 'backtest':
      throw new Error('The oracle does not answer backtests.');
    default:
      return bundle.scenario.mode satisfies never;
  }
}
