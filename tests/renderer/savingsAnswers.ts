import type { CallOutput } from '../../shared/contract/contract.ts';
import type { SavingsAction, SavingsLever, SavingsPlan } from '../../shared/contract/savings.ts';
import { addMonths } from '../../shared/domain/calendar.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';

/** Answers as the core gives them, for the states of the pages that no sample company is in. */

function sum(amounts: readonly string[]): string {
  return formatExact(amounts.reduce((all, one) => all + exactOf(one), 0n));
}

function less(a: string, b: string): string {
  return formatExact(exactOf(a) - exactOf(b));
}

/** What the plan and its re-simulation both say. */
type Figures = Omit<
  NonNullable<CallOutput<'savings.simulate'>>,
  'basis' | 'actions' | 'milliseconds'
>;

type Known = Pick<SavingsAction, 'id' | 'lever' | 'title' | 'detail' | 'marginal'>;

const known: Known[] = [
  ['stop:rerank-v1', 'stop', 'Delete endpoint rerank-v1', '2 × p4d.24xlarge', '31619.25'],
  ['stop:notebooks', 'stop', 'Stop 7 idle research notebooks', '7 × g5.12xlarge', '28587'],
  ['resize:chat', 'resize', 'chat-serving-eu: 10 to 8 nodes at peak', 'p5.48xlarge', '65680'],
  ['resize:embed', 'resize', 'embed-batch: p4d to g6e.12xlarge', '4 nodes', '33019'],
  ['storage:ckpt', 'storage', 'Expire checkpoints older than 30 days', 'S3, 1.2 PB', '16930'],
  ['api:doc', 'api', 'doc-extract: move to the batch tier', 'Azure OpenAI', '27460'],
  ['spot:pretrain', 'spot', 'llm-pretrain-b: Spot with checkpoints', '5 × a3-highgpu-8g', '84200'],
  ['spot:eval', 'spot', 'eval-sweeps: Spot with on-demand fallback', 'g6e.12xlarge', '33100'],
  ['commit:csp', 'commitment', 'Compute Savings Plan, 1 year, $118.40/h', '4 tranches', '96750'],
  ['commit:cud', 'commitment', 'Resource CUD, 1 year, 16 H100', 'a3-highgpu', '41230'],
].map(([id, lever, title, detail, marginal]) => {
  return { id, lever: lever as SavingsLever, title, detail, marginal } as Known;
});

/** The ladder of the Compute Savings Plan. */
export const tranches = [
  { day: '2026-12-09', amount: 62 },
  { day: '2027-01-09', amount: 20 },
  { day: '2027-02-09', amount: 20 },
  { day: '2027-03-09', amount: 16.4 },
];

function share(amount: string, percent: bigint): string {
  return formatExact((exactOf(amount) * percent) / 100n);
}

export const actions: SavingsAction[] = known.map((one): SavingsAction => {
  return {
    ...one,
    advice:
      'Run llm-pretrain-b on Spot and write a checkpoint every 32 minutes. The job finishes 6% later and costs 42% less.',
    provider: 'AWS',
    account: '123456789012',
    accountName: 'research',
    region: 'us-east-1',
    workload: one.lever === 'commitment' ? null : `workload:${one.id}`,
    workloadName: one.lever === 'commitment' ? null : one.id,
    standalone: share(one.marginal, 112n),
    lastIn: share(one.marginal, 90n),
    low: share(one.marginal, 70n),
    high: share(one.marginal, 125n),
    pLoss: one.lever === 'stop' ? 0.004 : 0.06,
    monthly: '200110.5',
    effort: one.lever === 'spot' ? 'high' : 'low',
    reversibility: 'undone by one restart',
    effectiveFrom: '2026-12-01',
    evidence: [
      {
        kind: 'rule',
        what: 'Time to write a checkpoint',
        value: '3.4 min',
        threshold: '≤ 10 min',
        holds: true,
        source: 'DCGM, 612 samples',
        date: '2026-11-20',
        link: null,
      },
      {
        kind: 'price',
        what: 'On demand, a node-hour',
        value: '88.4900',
        threshold: null,
        holds: null,
        source: 'list price of the catalogue',
        date: '2026-11-20',
        link: null,
      },
      {
        kind: 'bill',
        what: 'Charged in the window',
        value: '14,692 rows',
        threshold: null,
        holds: null,
        source: 'aws-focus-2026-11.csv.gz',
        date: null,
        link: { from: '2026-11-01', to: '2026-11-21', resources: ['i-1'] },
      },
    ],
    rejected: [
      { option: 'Keep on demand, commit for 1 year', reason: 'dearer', savesLess: '41900' },
      { option: 'Move to H200 on Spot', reason: 'no price history, unknown', savesLess: null },
    ],
    assumptions: [
      { id: 'later', text: 'The run may finish up to 9% later (deadline 31 Jan)' },
      { id: 'room', text: 'Bucket llm-ckpt has room for 14 TB' },
    ],
    steps: [
      { text: 'Set the checkpoint interval to 32 minutes', command: null, console: null },
      {
        text: 'Create the Spot node pool',
        command: 'gcloud container node-pools create spot-a3 --spot',
        console: 'Kubernetes Engine, Clusters',
      },
    ],
    confidence: { level: 'medium', reason: 'Preemptions were seen for 1,904 node-hours.' },
    resize: null,
    commitment:
      one.id === 'commit:csp'
        ? {
            kind: 'csp',
            offer: 'compute-1y',
            amount: 118.4,
            unit: '$/h',
            termMonths: 12,
            upfront: 0,
            cash: '0',
            committed: '1037184',
            starts: '2026-12-09',
            ends: '2027-12-09',
            renews: 'sp-1',
            breakEven: 0.72,
            scope: {},
            purchases: [{ day: '2026-12-09', amount: 118.4 }],
            tranches,
          }
        : null,
  };
});

const baseline = '1941200.75';
const labels: Record<SavingsLever, string> = {
  stop: 'Stop',
  resize: 'Right-size',
  storage: 'Storage',
  api: 'APIs',
  spot: 'Spot',
  commitment: 'Commitment',
};

/** Figures of these actions alone; everything adds up. */
export function figuresOf(taken: readonly SavingsAction[]): Figures {
  const savings = sum(taken.map(({ marginal }) => marginal));
  const planned = less(baseline, savings);
  let at = baseline;
  const steps = (Object.keys(labels) as SavingsLever[]).map((lever) => {
    const of = taken.filter((action) => action.lever === lever);
    const amount = sum(of.map(({ marginal }) => marginal));
    const from = at;
    at = less(at, amount);
    return {
      id: lever,
      label: labels[lever],
      amount,
      from,
      to: at,
      lastIn: sum(of.map(({ lastIn }) => lastIn)),
      actions: of.length,
    };
  });
  const total = { lastIn: null, actions: 0, from: '0' };
  return {
    baseline,
    planned,
    savings,
    share: Number(savings) / Number(baseline),
    low: share(savings, 82n),
    high: share(savings, 115n),
    level: 0.8,
    pLoss: 0.04,
    worst: taken.length === 0 ? '0' : '-21300',
    worstScenario: taken.length === 0 ? null : 'usage falls by half',
    standaloneSum: share(savings, 116n),
    cash: '0',
    waterfall: [
      {
        id: 'baseline',
        label: "Bill at today's volumes",
        amount: baseline,
        to: baseline,
        ...total,
      },
      ...steps,
      { id: 'planned', label: 'Planned bill', amount: planned, to: planned, ...total },
    ],
  };
}

export function planAnswer(taken: readonly SavingsAction[] = actions): SavingsPlan {
  return {
    status: 'ready',
    policy: {
      mostLoss: 0.1,
      maxTermMonths: null,
      maxCash: null,
      levers: ['stop', 'resize', 'storage', 'api', 'spot', 'commitment'],
      commitments: ['ri', 'isp', 'csp'],
      usage: 1,
      wacc: 0,
      off: [],
      ends: {},
    },
    currency: 'USD',
    currencies: ['USD'],
    providers: ['AWS', 'Google Cloud', 'Microsoft Azure'],
    window: {
      from: '2026-10-22',
      to: '2026-11-21',
      effective: '1874310.00',
      rows: 144_692,
      hourlyShare: 0.914,
    },
    reconciliation: [
      {
        provider: null,
        effective: '1874310.00',
        simulated: '1874310.44',
        difference: '0.44',
        share: 0.000_000_2,
        limit: 0.001,
        holds: true,
        parts: [{ what: 'Simulated machines', cost: '1874310.44' }],
      },
    ],
    missing: [
      {
        id: 'gpu-metrics',
        what: 'GPU metrics of research-notebooks',
        effect: 'No advice for research-notebooks: utilisation is unknown.',
        ask: 'DCGM, CloudWatch or nvidia-smi files for 14,500 GPU-hours.',
        monthly: '20010',
        blocks: false,
      },
    ],
    inputs: 'f00d',
    prices: [{ source: 'catalogue', date: '2026-11-20' }],
    notes: ['Azure is stated by the day; its hours are spread evenly.'],
    plan: {
      horizon: { from: '2026-11-21', to: '2027-11-21', hours: 8760 },
      ...figuresOf(taken),
      gap: { amount: '12.5', share: 0.000_006_4, complete: true },
      actions: [...taken],
      kept: [
        {
          workload: 'workload:speech-batch',
          workloadName: 'speech-batch',
          detail: 'g2-standard-48',
          monthly: '17460',
          rejected: [{ option: 'Spot', reason: 'not marked interruptible', savesLess: null }],
        },
      ],
      outside: [
        {
          id: 'int8:chat',
          title: 'Quantise chat-serving-eu to 8 bits',
          advice: 'Half the nodes would serve the same requests.',
          low: '12000',
          high: '61000',
          reason: 'Throughput was not measured; measure it on one node.',
        },
      ],
      basis: {
        scenarios: 1000,
        historyWeeks: 26,
        pastDecisions: 3,
        records: [],
        note: 'Fewer than 8 past decisions: the pooled prior, wider.',
      },
    },
  };
}

/** The live answer with the actions of `off` left out. */
export function simulated(off: readonly string[]): NonNullable<CallOutput<'savings.simulate'>> {
  const on = actions.filter(({ id }) => !off.includes(id));
  return {
    basis: off.length === 0 ? 'plan' : 'resimulated',
    ...figuresOf(on),
    actions: actions.map(({ id, marginal, standalone, lastIn }) => {
      const out = off.includes(id);
      return {
        id,
        on: !out,
        why: out ? 'switched off' : null,
        marginal: out ? '0' : marginal,
        standalone,
        lastIn: out ? '0' : lastIn,
        amount: null,
      };
    }),
    milliseconds: 12,
  };
}

export function withheldAnswer(): SavingsPlan {
  const { plan, reconciliation, ...rest } = planAnswer();
  const whole = reconciliation[0];
  if (!plan || !whole) throw new Error('a plan is expected');
  const differing = {
    ...whole,
    simulated: '1871105.70',
    difference: '-3204.30',
    share: -0.001_71,
    holds: false,
    parts: [
      { what: 'Machines by the hour', cost: '1500000' },
      { what: 'Charges that no lever touches', cost: '371105.70' },
    ],
  };
  return {
    ...rest,
    status: 'withheld',
    plan: null,
    reconciliation: [{ ...differing, provider: 'AWS' }, differing],
  };
}

export function missingAnswer(): SavingsPlan {
  return {
    ...planAnswer(),
    status: 'missing',
    plan: null,
    window: null,
    missing: [
      {
        id: 'hours',
        what: 'Machines by the hour',
        effect: 'Nothing can be simulated from days alone.',
        ask: 'A bill with hourly rows: Data Exports with time granularity hourly.',
        monthly: null,
        blocks: true,
      },
    ],
  };
}

export function seriesAnswer(): CallOutput<'savings.series'> {
  const history = Array.from({ length: 12 }, (_, index) => ({
    period: addMonths('2025-12', index),
    cost: String(1_180_000 + index * 64_000),
    partial: index === 11,
  }));
  const ahead = Array.from({ length: 7 }, (_, index) => ({
    period: addMonths('2026-11', index),
    cost: index === 0 ? '58000' : String(1_950_000 + index * 40_000),
    low: index === 0 ? '30000' : String(1_900_000 - index * 5_000),
    high: index === 0 ? '88000' : String(2_000_000 + index * 85_000),
    partial: index === 0,
  }));
  return {
    currency: 'USD',
    granularity: 'month',
    history,
    forecast: ahead,
    planned: ahead.map(({ period, cost }, index) => ({
      period,
      cost: index === 0 ? cost : String(Number(cost) - Math.min(540_000, 150_000 * index)),
    })),
    record: {
      model: 'weekly-naive',
      level: 0.8,
      origins: 26,
      wape: 0.061,
      coverage: 0.793,
      basis: 'own errors',
    },
    note: 'Forecast: each weekday as a week before; in 26 past forecasts its days were 6.1% off, and the 80% band held 79.3% of them.',
  };
}
