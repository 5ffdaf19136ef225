import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, answerOf, dailyBaseline } from './answer.ts';
import { type Bundle, readBundle, writeBundle } from './bundle.ts';
import { compareWithPlanner } from './compare.ts';
import { bundleOf, type Draft } from './draft.ts';
import {
  billOf,
  emptyPlan,
  materialityOf,
  openCase,
  optimum,
  planOf,
  priceActions,
  reconciles,
} from './plan.ts';
import { randomPlannerCases } from './planner-cases.ts';
import {
  add,
  compare,
  decimal,
  divide,
  fraction,
  multiply,
  subtract,
  sum,
  toDecimal,
  toNumber,
  zero,
} from './rational.ts';
import { sustainedHours } from './side.ts';
import { economicFactor } from './simulate.ts';
import { specialCases } from './special-cases.ts';
import { checkpointInterval, paidPerUseful } from './spot.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outlay-oracle-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('exact fractions', () => {
  test('decimals go in and come out as they are', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.nat(12), (digits, places) => {
        const value = fraction(digits, 10n ** BigInt(places));
        expect(decimal(toDecimal(value))).toEqual(value);
      }),
    );
    expect(decimal('1.25e-3')).toEqual(fraction(1, 800));
    expect(decimal(0.1)).toEqual(fraction(1, 10));
    expect(toDecimal(fraction(-2, 3), 4)).toBe('-0.6667');
    expect(toNumber(fraction(-8, 7))).toBeCloseTo(-8 / 7, 15);
    expect(() => decimal('1,5')).toThrow(/Not a decimal/);
  });

  test('sums and quotients undo one another', () => {
    const part = fc
      .tuple(fc.bigInt(-9999n, 9999n), fc.bigInt(1n, 9999n))
      .map(([n, d]) => fraction(n, d));
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(subtract(add(a, b), b)).toEqual(a);
        if (b.n !== 0n) expect(multiply(divide(a, b), b)).toEqual(a);
        expect(Math.sign(compare(a, b))).toBe(Math.sign(Number(a.n * b.d - b.n * a.d)));
      }),
    );
  });
});

describe('the worked numbers of the specification', () => {
  test.each([
    [24, 117],
    [6, 57],
    [0.25, 9.2],
  ])('a checkpoint of 5 min at M = %d h is due every %d min', (mean, minutes) => {
    const interval = checkpointInterval(mean, 5 / 60);
    expect(Math.abs(interval * 60 - minutes)).toBeLessThan(minutes > 10 ? 0.5 : 0.05);
    // The optimum of m, not only a root: no other interval is cheaper.
    const paid = (t: number) => (mean * Math.expm1((t + 5 / 60) / mean)) / t;
    expect(paid(interval)).toBeLessThan(Math.min(paid(interval * 1.01), paid(interval * 0.99)));
    const spot = { eligible: true, mttp_h: mean, ckpt_h: 5 / 60 };
    expect(paidPerUseful(spot)).toBeCloseTo(paid(interval), 12);
    expect(paidPerUseful({ ...spot, mttp_h: 2 * mean, nodes: 2 })).toBe(paidPerUseful(spot));
  });

  test('a notice that is long enough loses a checkpoint and a restart each time', () => {
    const spot = { eligible: true, mttp_h: 10, ckpt_h: 1, restart_h: 1, notice_saves: true };
    expect(paidPerUseful(spot)).toBe(1.25);
    expect(paidPerUseful({ ...spot, nodes: 5 })).toBe(Infinity);
    expect(paidPerUseful({ eligible: true, mttp_h: 10, restart_h: 1 })).toBe(Math.exp(0.1));
  });

  test.each([
    ['n1', ['1', '0.9', '0.8', '0.7']],
    ['n2', ['1', '0.9339', '0.866933333333333333', '0.8002']],
  ] as const)('sustained use of %s after each quarter of the month', (tiers, factors) => {
    factors.forEach((factor, at) => {
      const hours = fraction(182 * (at + 1));
      expect(toDecimal(divide(sustainedHours(hours, 728, tiers), hours))).toBe(factor);
    });
  });

  test('an upfront share costs what capital costs', () => {
    const [offer] = openCase(bundleOf(named('half upfront at a capital cost'))).model.offers;
    if (!offer) throw new Error('no offer');
    expect(economicFactor(offer, 0)).toEqual(fraction(1));
    // 36 payments of 1 are worth 36 / 1.1112... today at 8 % a year.
    let today = 0;
    for (let month = 1; month <= 36; month += 1) today += 1.08 ** (-month / 12);
    expect(toNumber(economicFactor(offer, 0.08))).toBeCloseTo(0.5 + (0.5 * 36) / today, 12);
  });

  test.each([
    ['csp 50', 0],
    ['csp 2', 56.24],
    ['csp 19.6', 32.7],
    ['2 ri, csp 18.2', 32.7],
    ['isp 3, csp 16.8', 32.7],
  ])('the AWS example with %s leaves %d on-demand', (commitments, onDemand) => {
    for (const rows of ['as billed', 'on-demand']) {
      const { claimed } = answerOf(bundleOf(named(`bill ${commitments}, rows ${rows}`)));
      expect(Number(claimed.on_demand?.toFixed(2))).toBe(onDemand);
    }
  });
});

function named(name: string): Draft {
  const found = specialCases.find((item) => item.name === name);
  if (!found) throw new Error(`No case "${name}".`);
  return found.draft;
}

describe('cases worked out by hand', () => {
  const byHand = specialCases.filter(({ joint }) => joint !== undefined);
  test('there are many', () => expect(byHand.length).toBeGreaterThan(45));

  test.each(byHand.map((item) => [item.name, item] as const))('%s', (_, item) => {
    const { claimed } = answerOf(bundleOf(item.draft));
    expect(claimed.joint_savings).toBeCloseTo(item.joint ?? NaN, 9);
    const ids = (claimed.actions ?? []).map(({ id }) => id);
    const short = ids.map((id) => item.actions?.find((name) => id.split(':')[0] === name) ?? id);
    expect(short).toEqual(item.actions);
  });
});

/** Every lattice point priced by the exact simulation, one after the other. */
function byEveryPoint(bundle: Bundle): number {
  const subject = openCase(bundle);
  const today = billOf(subject, emptyPlan());
  let best = zero;
  const [first, second] = subject.model.offers.filter(({ starts }) => starts.length > 0);
  if (!first || !second) throw new Error('The case needs two offers.');
  const step = (kind: string) => (kind === 'ri' ? fraction(1) : fraction(1, 1000));
  for (let one = 0; one <= 30; one += 1) {
    for (let two = 0; two <= 30; two += 1) {
      const plan = emptyPlan();
      [first, second].forEach((offer, at) => {
        const amount = multiply(step(offer.kind), fraction(at === 0 ? one : two));
        if (amount.n > 0n) plan.purchases.push({ offer, start: offer.starts[0] ?? 0, amount });
      });
      const saved = subtract(today, billOf(subject, plan));
      if (compare(saved, best) > 0) best = saved;
    }
  }
  return toNumber(best);
}

describe('the search for amounts', () => {
  const price = (sku: string, rate: number, id: string, kind: string, start = '0') => ({
    sku,
    region: 'r1',
    currency: 'USD',
    on_demand: sku === 'big' ? '0.011' : '0.007',
    spot: '',
    offer_id: id,
    kind,
    term_h: '8760',
    upfront_fraction: '0',
    starts_h: start,
    rate: String(rate),
  });
  const base = named('isp before csp, with owned ones of another account');
  const offers = [
    // Prices of a few steps each, so that a plan of 30 steps covers more than all.
    [
      price('big', 0.0083, 'x', 'csp'),
      price('cpu.8', 0.0047, 'x', 'csp'),
      price('big', 0.007, 'y', 'isp'),
    ],
    [
      price('big', 0.0071, 'x', 'csp'),
      price('cpu.8', 0.0049, 'x', 'csp'),
      price('cpu.8', 0.003, 'y', 'ri'),
    ],
    [
      price('big', 0.0077, 'x', 'csp'),
      price('cpu.8', 0.0052, 'y', 'csp'),
      price('big', 0.0069, 'y', 'csp', '9'),
    ],
    [price('big', 0.0064, 'x', 'isp'), price('cpu.8', 0.0041, 'y', 'isp', '5')],
  ];
  const patterns = [
    [
      [1, 2, 0, 1],
      [2, 1, 1, 0],
    ],
    [
      [0.5, 1.5, 1, 2],
      [1, 0, 3, 1],
    ],
    [
      [2, 2, 1, 0],
      [0, 1, 2, 2],
    ],
  ];
  test.each(
    offers.flatMap((lines, at) => patterns.map((levels, to) => [at, to, lines, levels] as const)),
  )(
    'finds the best of all points: offers %i, usage %i',
    (_at, _to, lines, [one = [], two = []]) => {
      const old = price('big', 0.009, 'old', 'csp', '');
      const bundle = bundleOf({
        ...base,
        prices: [...lines, old, { ...old, sku: 'cpu.8', on_demand: '0.007', rate: '0.0059' }],
        commitments: base.commitments.map((row) => ({ ...row, amount_per_hour: '0.003' })),
        usage: {
          w1: Array.from({ length: 24 }, (_, hour) => one[hour % one.length] ?? 0),
          w2: Array.from({ length: 24 }, (_, hour) => two[(hour * 3) % two.length] ?? 0),
        },
      });
      const best = byEveryPoint(bundle);
      expect(best).toBeGreaterThan(0);
      expect(toNumber(optimum(openCase(bundle)).joint)).toBeCloseTo(best, 12);
    },
  );
});

describe('random cases', () => {
  const cases = randomPlannerCases(40).map(({ name, draft }) => [name, draft] as const);

  test.each(cases)('%s reconciles, adds up and is bounded', (_, draft) => {
    const bundle = bundleOf(draft());
    const subject = openCase(bundle);
    expect(reconciles(subject)).toBe(true);
    const { actions, joint, bound } = optimum(subject);
    expect(compare(joint, zero)).toBeGreaterThanOrEqual(0);
    expect(compare(bound, joint)).toBeGreaterThanOrEqual(0);
    const today = billOf(subject, emptyPlan());
    expect(compare(joint, today)).toBeLessThanOrEqual(0);
    expect(materialityOf(subject)).toEqual(zero);
    const priced = priceActions(subject, actions);
    expect(sum(priced.map(({ marginal }) => marginal))).toEqual(joint);
    for (const { lastIn } of priced) expect(compare(lastIn, zero)).toBeGreaterThan(0);
    // No single step away from the plan is cheaper.
    const plan = planOf(actions);
    plan.purchases.forEach(({ offer, amount }, at) => {
      const step = offer.kind === 'ri' ? fraction(1) : fraction(1, 1000);
      for (const moved of [add(amount, step), subtract(amount, step)]) {
        const purchases = plan.purchases.map((item, to) =>
          to === at ? { ...item, amount: moved } : item,
        );
        const bill = billOf(subject, { ...plan, purchases });
        expect(toNumber(subtract(bill, subtract(today, joint)))).toBeGreaterThanOrEqual(-1e-8);
      }
    });
  });

  test('rows, workloads and offers may stand in any order', () => {
    for (const [, draft] of cases.slice(0, 12)) {
      const bundle = bundleOf(draft());
      const turned: Bundle = {
        ...bundle,
        charges: bundle.charges.toReversed(),
        prices: bundle.prices.toReversed(),
        commitments: bundle.commitments.toReversed(),
        candidates: bundle.candidates.toReversed(),
        scenario: { ...bundle.scenario, workloads: bundle.scenario.workloads.toReversed() },
      };
      expect(toNumber(optimum(openCase(turned)).joint)).toBeCloseTo(
        toNumber(optimum(openCase(bundle)).joint),
        8,
      );
    }
  });
});

describe('local days', () => {
  test.each([
    ['a month of 743 hours', 31, '2026-03-08', 23],
    ['a month of 721 hours', 30, '2026-11-01', 25],
    ['a month of 696 hours', 29, '2028-02-29', 24],
    // 18:00Z is 23:30 of the day before: one row there, the last 11 on the fourth day.
    ['days that begin at half past', 4, '2026-03-01', 1],
    ['days that begin at half past', 4, '2026-03-04', 11],
  ])('%s has %i days, with a change on %s', (name, count, day, hours) => {
    const draft = named(name);
    const even = {
      ...draft,
      usage: { w1: draft.usage.w1?.map(() => 1) ?? [], w2: [] },
      lines: [],
    };
    const days = dailyBaseline(openCase(bundleOf(even)));
    expect(days.size).toBe(count);
    expect(days.get(day)).toEqual(fraction(2 * hours));
    const subject = openCase(bundleOf(draft));
    expect(sum(dailyBaseline(subject).values())).toEqual(subject.baseline);
  });
});

describe('the comparison', () => {
  const draft = named('a freed plan covers something else');
  const mixed = randomPlannerCases(40)[0]?.draft() ?? draft;

  function problems(of: Draft, change: (answer: Answer) => void): string[] {
    const bundle = bundleOf(of);
    writeBundle(folder, bundle);
    expect(readBundle(folder)).toEqual(JSON.parse(JSON.stringify(bundle)));
    const answer = answerOf(bundle);
    change(answer);
    return compareWithPlanner(folder, answer);
  }

  test.each(
    [
      ...specialCases,
      ...randomPlannerCases(12).map(({ name, draft: make }) => ({ name, draft: make() })),
    ].map((item) => [item.name, item.draft] as const),
  )('agrees with the oracle itself: %s', (_, of) => {
    expect(problems(of, () => {})).toEqual([]);
  });

  const wrong: [string, RegExp, Draft, (answer: Answer) => void][] = [
    ['a wrong saving', /joint_savings/, draft, ({ claimed }) => (claimed.joint_savings = 36.00001)],
    ['a wrong baseline', /baseline/, draft, ({ claimed }) => (claimed.baseline = 1)],
    ['a choice left out', /against the optimum/, draft, (answer) => (answer.rightsizing = {})],
    ['an unknown option', /no option/, draft, (answer) => (answer.rightsizing = { w1: 'x' })],
    [
      'spot where it may not be',
      /may not go to spot/,
      draft,
      (answer) => (answer.spot = { w1: true }),
    ],
    [
      'amounts between the steps',
      /cannot be bought/,
      mixed,
      ({ commitments: [line] = [] }) => line && (line.amount += 0.0004),
    ],
    [
      'an amount beside the best',
      /against the optimum/,
      mixed,
      ({ commitments: [line] = [] }) =>
        line && (line.amount = Number((line.amount + 0.05).toFixed(3))),
    ],
    [
      'a start that is not offered',
      /cannot start/,
      mixed,
      ({ commitments: [line] = [] }) => line && (line.start_h = 7),
    ],
    ['marginals that differ', /stand-alone or marginal/, mixed, swapMarginals],
    ['a missing action', /actions claimed/, mixed, ({ claimed }) => claimed.actions?.shift()],
    [
      'days of another zone',
      /claimed.daily/,
      named('a month of 743 hours'),
      ({ claimed }) => (claimed.daily = { ...claimed.daily, '2026-03-08': 1 }),
    ],
    [
      'another number of units',
      /units save/,
      named('gcp n1 at 0.63'),
      (answer) => (answer.gcp_units = 3),
    ],
    [
      'another bill',
      /on_demand/,
      named('bill csp 2, rows as billed'),
      ({ claimed }) => (claimed.on_demand = 56),
    ],
  ];
  test.each(wrong)('notices %s', (_, message, of, change) => {
    expect(problems(of, change).join('\n')).toMatch(message);
  });
});

/** Takes one unit of saving from an action and gives it to another. */
function swapMarginals({ claimed }: Answer): void {
  const [first, second] = claimed.actions ?? [];
  if (!first || !second) throw new Error('The case needs two actions.');
  first.marginal += 1;
  second.marginal -= 1;
}
