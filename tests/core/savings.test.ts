import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  commitmentsOverview,
  type CommitmentsOverview,
} from '../../shared/contract/commitments.ts';
import {
  savingsPlan,
  type SavingsPlan,
  type SavingsPlanned,
} from '../../shared/contract/savings.ts';
import { forecastDaily } from '../../shared/analysis/daily/forecast.ts';
import { addDays, dayNumber } from '../../shared/domain/calendar.ts';
import { type Exact, exactOf, formatExact } from '../../shared/domain/exact.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';
import { type Charge, charges } from './sampleBill.ts';

/** The plan of the sample company, its figures against sums of the sample's own lines. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const from = '2026-10-25';
const to = '2026-11-22';
const monthOfWindow = 730 / (28 * 24);
let place: Workspace;
let answer: SavingsPlan;
let plan: SavingsPlanned;
/** Machine charges of the window. */
const window: Charge[] = [];
let effective = 0n;

beforeAll(async () => {
  for (const { charge } of charges()) {
    const start = charge['ChargePeriodStart'] ?? '';
    if (start < from || start >= to) continue;
    effective += exactOf(charge['EffectiveCost'] ?? '0');
    if (charge['ChargeCategory'] === 'Usage' && charge['SkuPriceDetails']?.includes('InstanceType'))
      window.push(charge);
  }
  place = workspace();
  await place.call('import.sample', { job: 'sample' });
  answer = await place.call('savings.plan', {});
  if (!answer.plan) throw new Error(`no plan: ${answer.status}`);
  plan = answer.plan;
});
afterAll(() => place.close());

const sum = (amounts: readonly string[]): string =>
  formatExact(amounts.reduce<Exact>((total, one) => total + exactOf(one), 0n));
const action = (start: string) => {
  const found = plan.actions.find(({ id }) => id.startsWith(start));
  if (!found) throw new Error(`no action ${start}`);
  return found;
};
const costOf = (matches: (charge: Charge) => boolean, column = 'EffectiveCost') =>
  window.filter(matches).reduce((total, charge) => total + Number(charge[column]), 0);
const named = (name: string) => (charge: Charge) =>
  charge['ResourceName']?.startsWith(name) === true;

describe('the bill behind the plan', () => {
  test('is the bill, and is reconciled for each provider', async () => {
    expect(savingsPlan.output.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ status: 'ready', currency: 'USD', window: { from, to } });
    expect(answer.window?.effective).toBe(formatExact(effective));
    const { totals } = await place.call('costs.query', { metric: 'effective', from, to });
    expect(answer.window?.effective).toBe(totals[0]?.cost);
    expect(answer.reconciliation.map(({ provider }) => provider)).toEqual([
      null,
      'AWS',
      'Google Cloud',
      'Microsoft',
    ]);
    for (const row of answer.reconciliation) {
      expect(row.holds).toBe(true);
      expect(sum([row.effective, row.difference])).toBe(row.simulated);
      expect(Math.abs(row.share ?? 1)).toBeLessThan(0.001);
    }
    // Where no plan of several machines decides about an order, not a cent is left.
    for (const row of answer.reconciliation.slice(2))
      expect(Math.abs(Number(row.difference))).toBeLessThan(0.01);
  });

  test('adds up: bars, marginals and totals to the last digit; stand-alone savings do not', () => {
    const { baseline, planned, savings, waterfall, actions, standaloneSum } = plan;
    expect(sum([planned, savings])).toBe(baseline);
    expect(sum(actions.map(({ marginal }) => marginal))).toBe(savings);
    let level = baseline;
    for (const step of waterfall.slice(1, -1)) {
      expect(step.from).toBe(level);
      level = sum([step.from, `-${step.amount}`.replace('--', '').replace('-0', '0')]);
      expect(step.to).toBe(level);
      const own = actions.filter(({ lever }) => lever === step.id);
      expect(step.actions).toBe(own.length);
      expect(sum(own.map(({ marginal }) => marginal))).toBe(step.amount);
    }
    expect(waterfall[0]).toMatchObject({ id: 'baseline', amount: baseline });
    expect(waterfall.at(-1)).toMatchObject({ id: 'planned', amount: planned, to: level });
    expect(standaloneSum).toBe(sum(actions.map(({ standalone }) => standalone)));
    expect(standaloneSum).not.toBe(savings);
    expect(Number(savings)).toBeLessThan(Number(baseline));
    expect(Number(plan.low)).toBeLessThanOrEqual(Number(savings));
    expect(Number(plan.high)).toBeGreaterThanOrEqual(Number(savings));
    expect(plan.pLoss).toBeLessThanOrEqual(0.1);
  });
});

describe('what it finds', () => {
  test('machines that nobody uses: what they cost on demand', () => {
    const stop = action('stop:workload:rerank-v1|');
    const cost =
      costOf(named('rerank-')) -
      costOf((charge) => named('rerank-')(charge) && charge['ConsumedUnit'] !== 'Hours');
    expect(Number(stop.marginal)).toBeCloseTo(cost * monthOfWindow, 4);
    expect(stop.title).toBe('Stop rerank-v1');
    expect(stop.detail).toBe('2 × p4d.24xlarge, us-east-1');
    expect(
      stop.steps.some(({ command }) =>
        /^aws ec2 stop-instances --region us-east-1 --instance-ids i-0\w+ i-0\w+$/.test(
          command ?? '',
        ),
      ),
    ).toBe(true);
    expect(stop.confidence.level).toBe('high');
  });

  test('the endpoint that was never asked, and not the three beside it', () => {
    const stop = action('stop:workload:guardrails-eu|');
    expect(stop.title).toBe('Delete endpoint guardrails-04');
    expect(Number(stop.marginal)).toBeCloseTo(costOf(named('guardrails-04')) * monthOfWindow, 4);
    expect(
      stop.evidence.some(({ what, value }) => what === 'Calls in 14 days' && value === '0'),
    ).toBe(true);
  });

  test('chat machines far larger than what they hold: 5 of 9 at the peak', () => {
    const resize = action('resize:workload:chat-serving-eu|p5.48xlarge');
    expect(resize.title).toBe('chat-serving-eu: 9 to 5 machines at the peak');
    expect(resize.resize).toEqual({ from: 'p5.48xlarge', to: 'p5.48xlarge', ratio: 5 / 9 });
    // A year is thirteen times the four weeks, and the first day of them once more.
    const chat = named('chat-eu-');
    const cost =
      13 * costOf(chat, 'ContractedCost') +
      costOf(
        (charge) => chat(charge) && charge['ChargePeriodStart']?.startsWith(from) === true,
        'ContractedCost',
      );
    expect(Number(resize.standalone)).toBeCloseTo((cost / 12) * (4 / 9), 4);
    const rule = resize.evidence.filter(({ kind }) => kind === 'rule');
    expect(rule.map(({ holds }) => holds)).toEqual(rule.map(() => true));
    expect(resize.assumptions.map(({ id }) => id)).toContain('latency');
    expect(
      resize.rejected.some(
        ({ option, savesLess }) =>
          option === 'three quarters of the machines' && Number(savesLess) > 0,
      ),
    ).toBe(true);
  });

  test('a plan that ends in December: renewed in part, in steps, within the chance of loss', () => {
    const { commitment, pLoss, advice } = action('commit:AWS|compute-savings-plan');
    expect(commitment).toMatchObject({
      kind: 'csp',
      termMonths: 12,
      renews: 'Compute SP, 62.00/h',
      cash: '0',
    });
    expect(advice).toContain('from 9 Dec 2026, when Compute SP, 62.00/h ends');
    const total = (commitment?.purchases ?? []).reduce((all, { amount }) => all + amount, 0);
    expect(total).toBeCloseTo(commitment?.amount ?? 0, 9);
    const steps = commitment?.tranches ?? [];
    expect(steps.reduce((all, { amount }) => all + amount, 0)).toBeCloseTo(total, 9);
    for (const step of steps) {
      const bought = steps
        .filter(({ day }) => day <= step.day)
        .reduce((all, { amount }) => all + amount, 0);
      const free = (commitment?.purchases ?? [])
        .filter(({ day }) => day <= step.day)
        .reduce((all, { amount }) => all + amount, 0);
      expect(bought).toBeLessThanOrEqual(free + 1e-9);
    }
    expect(pLoss).toBeLessThanOrEqual(0.1);
    // 26 weeks hold four decisions a month apart, from the ninth week on.
    expect(plan.basis.records).toMatchObject([
      { provider: 'AWS', months: 4, lost: 0, withheld: false },
    ]);
  });

  test('sentences write days as "22 Nov 2026" and percentages without a space', () => {
    const sentences = [
      ...answer.notes,
      ...answer.missing.flatMap(({ what, effect, ask }) => [what, effect, ask]),
      ...plan.outside.flatMap(({ advice, reason }) => [advice, reason]),
      ...plan.actions.flatMap(({ title, detail, advice, steps, assumptions, evidence }) => [
        title,
        detail,
        advice,
        ...steps.map(({ text }) => text),
        ...assumptions.map(({ text }) => text),
        ...evidence.map(({ value }) => value),
      ]),
    ];
    expect(sentences.filter((text) => /\d %|\d{4}-\d\d-\d\d/.test(text))).toEqual([]);
    expect(sentences.filter((text) => /\d%/.test(text)).length).toBeGreaterThan(0);
  });

  test('machines that stopped working days ago are not in the plan, but asked about', () => {
    const idle = plan.outside.find(({ id }) => id.startsWith('idle:workload:llm-pretrain-b'));
    expect(idle?.title).toBe('pretrain-b2-01 to pretrain-b2-06: no work for 3 days');
    expect(Number(idle?.high)).toBeCloseTo(6 * 730 * 50.0864, 2);
    expect(plan.outside.some(({ id }) => id.startsWith('spot:workload:embed-batch'))).toBe(true);
    expect(plan.actions.some(({ lever }) => lever === 'spot')).toBe(false);
  });

  test('each action can be checked and done: evidence with its source, steps, words without holes', () => {
    const charged = new Set(window.map((charge) => charge['ResourceId']));
    for (const one of plan.actions) {
      const { title, detail, advice, evidence, steps, assumptions, effectiveFrom } = one;
      expect(JSON.stringify(one)).not.toMatch(/undefined|NaN|Infinity|\[object/);
      expect(title).not.toMatch(/\.$/);
      expect(advice).toMatch(/\.$/);
      expect(`${title} ${detail} ${advice}`).not.toContain('!');
      expect(evidence.length).toBeGreaterThan(2);
      expect(evidence.some(({ kind }) => kind === 'price')).toBe(true);
      for (const { what, value, source } of evidence)
        expect(`${what}|${value}|${source}`).toMatch(/^.+\|.+\|.+$/);
      expect(steps.length).toBeGreaterThan(1);
      expect(assumptions.length).toBeGreaterThan(0);
      expect(effectiveFrom >= to).toBe(true);
      const linked = evidence.flatMap(({ link }) => link?.resources ?? []);
      if (one.workload !== null) expect(linked.length).toBeGreaterThan(0);
      for (const id of linked)
        expect(id === '' || charged.has(id) || one.workload !== null).toBe(true);
    }
    expect(answer.prices.map(({ source }) => source)).toContain('negotiated-prices.csv');
  });

  test('asks for what it lacks, the dearest first', () => {
    const ids = answer.missing.map(({ id }) => id);
    expect(ids.some((id) => id.startsWith('metrics:workload:vision-serving'))).toBe(true);
    expect(ids.some((id) => id.startsWith('metrics:workload:rerank-v1'))).toBe(false);
    expect(ids.some((id) => /^end:.*reserved-instances/.test(id))).toBe(true);
    expect(ids).toContain('hours:Microsoft');
    const metrics = (id: string) =>
      answer.missing.find((one) => one.id.startsWith(`metrics:workload:${id}`))?.what;
    expect(metrics('embed-batch')).toBe(
      'GPU metrics that say how busy the GPUs are and how much GPU memory is used of embed-batch, p4d.24xlarge',
    );
    expect(metrics('rank-train')).toMatch(/\(4 of 5 machines have none\)$/);
    const costs = answer.missing.map(({ monthly }) => Number(monthly));
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
  });
});

describe('what if', () => {
  test('the same options give the same figures', async () => {
    const simulated = await place.call('savings.simulate', {});
    expect(simulated?.basis).toBe('plan');
    for (const field of [
      'baseline',
      'planned',
      'savings',
      'low',
      'high',
      'pLoss',
      'worst',
      'standaloneSum',
      'waterfall',
    ] as const) {
      expect(simulated?.[field]).toEqual(plan[field]);
    }
    const figures = (one: { id: string; marginal: string; standalone: string; lastIn: string }) => [
      one.id,
      one.marginal,
      one.standalone,
      one.lastIn,
    ];
    expect(simulated?.actions.map(figures)).toEqual(plan.actions.map(figures));
  });

  test('an action left out: the same in the plan, and the others stay', async () => {
    const off = [action('stop:workload:rerank-v1|').id];
    const simulated = await place.call('savings.simulate', { policy: { off } });
    const planned = await place.call('savings.plan', { policy: { off } });
    expect(planned.plan?.savings).toBe(simulated?.savings);
    expect(planned.plan?.actions.map(({ id }) => id)).toEqual(
      plan.actions.map(({ id }) => id).filter((id) => !off.includes(id)),
    );
    expect(simulated?.actions.find(({ id }) => id === off[0])).toMatchObject({
      on: false,
      why: 'switched off',
      marginal: '0',
    });
    const last = exactOf(plan.savings) - exactOf(simulated?.savings ?? '0');
    expect(Number(formatExact(last))).toBeCloseTo(
      Number(action('stop:workload:rerank-v1|').lastIn),
      6,
    );
  });

  test('other options at once: less risk commits less, more use costs more', async () => {
    const careful = await place.call('savings.simulate', { policy: { mostLoss: 0.02 } });
    expect(careful?.basis).toBe('resimulated');
    expect(Number(careful?.savings)).toBeLessThan(Number(plan.savings));
    const more = await place.call('savings.simulate', { policy: { usage: 1.2 } });
    expect(Number(more?.baseline)).toBeGreaterThan(Number(plan.baseline));
    const short = await place.call('savings.simulate', { policy: { maxTermMonths: 6 } });
    expect(short?.actions.filter(({ id }) => id.startsWith('commit:')).every(({ on }) => !on)).toBe(
      true,
    );
    expect(careful?.milliseconds).toBeLessThan(1000);
  });
});

describe('commitments and the time ahead', () => {
  let overview: CommitmentsOverview;
  beforeAll(async () => {
    overview = await place.call('commitments.overview', {});
  });

  test('coverage, utilisation and savings rate are those of the lines', () => {
    expect(commitmentsOverview.output.parse(overview)).toEqual(overview);
    const machines = (charge: Charge) =>
      charge['PricingCategory'] !== 'Dynamic' &&
      !/capacity-block/.test(charge['CommitmentDiscountId'] ?? '') &&
      charge['CommitmentDiscountStatus'] !== 'Unused';
    const used = (charge: Charge) =>
      machines(charge) && charge['CommitmentDiscountStatus'] === 'Used';
    expect(Number(overview.coverage.numerator)).toBeCloseTo(costOf(used, 'ContractedCost'), 2);
    expect(Number(overview.coverage.denominator)).toBeCloseTo(
      costOf(machines, 'ContractedCost'),
      2,
    );
    expect(overview.utilisation.value).toBeGreaterThan(0.9);
    expect(overview.coverage.planned).toBeGreaterThan(overview.coverage.value ?? 1);
  });

  test('what ends when, as far as the bill lets it be known', () => {
    expect(overview.owned.map(({ name, ends }) => `${name} ${ends}`)).toEqual([
      'Compute SP, 62.00/h 2026-12-09',
      'EC2 Instance SP, g5, 8.40/h 2027-04-02',
      'rank-nd, 2 x ND96isr H100 v5 2027-07-20',
      'Compute SP, 22.00/h 2027-10-01',
      'h100-8-oct 2027-10-28',
      'RI, 6 x m7i.4xlarge null',
    ]);
    expect(overview.owned[0]).toMatchObject({
      daysLeft: 17,
      amount: 62,
      fee: '41664',
      decideBy: '2026-12-08',
    });
  });

  test('the curve has its chosen point, and it lies in the flat part', () => {
    expect(overview.curves.length).toBeGreaterThan(0);
    for (const { points, chosen } of overview.curves) {
      const at = points.find(({ amount }) => Math.abs(amount - chosen.amount) < 1e-9);
      expect(Number(at?.bill)).toBeCloseTo(Number(plan.planned), 2);
      expect(Number(points[0]?.bill)).toBeGreaterThan(Number(at?.bill));
      for (const { low, bill, high } of points) {
        expect(Number(low)).toBeLessThanOrEqual(Number(bill));
        expect(Number(high)).toBeGreaterThanOrEqual(Number(bill));
      }
    }
  });

  test('the months ahead add up to the figures of the plan', async () => {
    const series = await place.call('savings.series', {});
    const { totals } = await place.call('costs.query', { metric: 'effective' });
    expect(sum(series.history.map(({ cost }) => cost))).toBe(totals[0]?.cost);
    expect(series.history.at(-1)).toMatchObject({ period: '2026-11', partial: true });
    const planned = series.planned ?? [];
    expect(planned.map(({ period }) => period)).toEqual(
      series.forecast.map(({ period }) => period),
    );
    const saved = series.forecast.map(({ cost }, at) => Number(cost) - Number(planned[at]?.cost));
    expect(saved.reduce((all, one) => all + one, 0) / 12).toBeCloseTo(Number(plan.savings), 2);
    for (const { low, cost, high } of series.forecast) {
      expect(Number(low)).toBeLessThanOrEqual(Number(cost));
      expect(Number(high)).toBeGreaterThanOrEqual(Number(cost));
    }
  });

  test('the forecast is that of the settled days, until the first commitment ends', async () => {
    const byDay = await place.call('savings.series', { granularity: 'day' });
    const byMonth = await place.call('savings.series', {});
    const settled = byDay.history.slice(0, -3).map(({ cost }) => Number(cost));
    // Three provisional days, then the nine of November that are left, then December.
    const own = forecastDaily(settled, 3 + 9 + 31, [{ from: 3, to: 12 }]);
    expect(byDay.record).toMatchObject({ model: own?.model, origins: own?.record.origins });
    expect(byMonth.record).toEqual(byDay.record);
    const ends = dayNumber('2026-12-09') - dayNumber(to);
    for (const [at, { period, cost, low, high }] of byDay.forecast.slice(0, ends).entries()) {
      expect(period).toBe(addDays(to, at));
      expect(Number(cost)).toBeCloseTo(own?.expected[3 + at] ?? 0, 6);
      expect(Number(low)).toBeCloseTo(own?.low[3 + at] ?? 0, 6);
      expect(Number(high)).toBeCloseTo(own?.high[3 + at] ?? 0, 6);
    }
    const [november] = byMonth.forecast;
    expect(Number(november?.low)).toBeCloseTo(own?.periods[0]?.low ?? 0, 6);
    expect(Number(november?.high)).toBeCloseTo(own?.periods[0]?.high ?? 0, 6);
    // From then on what 62.00 an hour covered costs more, at most its price on demand.
    const more = Number(byDay.forecast[ends]?.cost) - (own?.expected[3 + ends] ?? 0);
    expect(more).toBeGreaterThan(0);
    expect(more).toBeLessThan(62 * 24);
    const percent = (share: number | null | undefined) => `${(100 * (share ?? 0)).toFixed(1)}%`;
    expect(byMonth.note).toContain(
      `in 26 past forecasts its days were ${percent(own?.record.wape)} off, and the 80% band held ${percent(own?.record.coverage)} of them`,
    );
  });
});

describe('asked again', () => {
  test('the kept plan answers, also another core, until something that it is made from changes', async () => {
    const again = await place.call('savings.plan', {});
    expect(again).toEqual(answer);
    await place.closeCore();
    expect(await place.call('savings.plan', {})).toEqual(answer);
  });
});
