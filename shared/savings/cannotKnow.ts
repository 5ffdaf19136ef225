import { adviceDefaults } from '../analysis/advice/settings.ts';
import { enoughDecisions } from '../analysis/advice/conformal.ts';
import { gateDefaults } from '../analysis/gates.ts';

/**
 * What Outlay cannot know without an input, and what that does to each figure. The page, the reports and
 * docs/what-outlay-cannot-know.md all say it from here, with the thresholds that the analysis uses.
 */
export interface Unknowable {
  id: string;
  /** "GPU metrics". */
  missing: string;
  effects: Effect[];
  /** What to import or state. */
  ask: string;
}

export interface Effect {
  figure: string;
  becomes: Consequence;
  text: string;
}

/**
 * `withheld`: no figure and no advice. `unknown`: shown as unknown, never as 0. `widened`: the interval
 * grows. `assumed`: an assumption stands in, and is said. `outside`: shown beside the headline, never in
 * it. `apart`: shown, and not added to others.
 */
export type Consequence = 'withheld' | 'unknown' | 'widened' | 'assumed' | 'outside' | 'apart';

export const consequenceWords: Record<Consequence, string> = {
  withheld: 'withheld',
  unknown: 'unknown',
  widened: 'wider interval',
  assumed: 'assumption, stated',
  outside: 'hypothesis, outside the headline',
  apart: 'kept apart',
};

const { lookbackDays, sampleHours, idleActiveShare, idlePercent, idleNetworkMb } = gateDefaults;
const percent = (share: number) => `${Math.round(share * 100)}%`;

export const cannotKnow: readonly Unknowable[] = [
  {
    id: 'gpu-metrics',
    missing: 'GPU metrics',
    effects: [
      {
        figure: 'Right-sizing of GPU machines',
        becomes: 'withheld',
        text: `It needs the memory peak, the number of busy GPUs and how busy they are, over at least ${lookbackDays} days with ${sampleHours} hours of samples: memory must fit ${percent(gateDefaults.gpuMemory)} of the target and load ${percent(gateDefaults.gpuBusy)}. Low use alone is never a reason. Where one of a workload's machines is not measured, none of them is judged.`,
      },
      {
        figure: 'Stopping idle GPU machines',
        becomes: 'withheld',
        text: `Idle is active for at most ${percent(idleActiveShare)} of the time, below ${idlePercent}% of GPU memory and of CPU, and below ${idleNetworkMb} MB of network a day; or an endpoint that nobody called in 14 days. A sign that is not measured does not count as one.`,
      },
      {
        figure: 'Cost of a busy GPU-hour',
        becomes: 'unknown',
        text: 'A bill says how long a GPU was paid for, not how long it worked.',
      },
    ],
    ask: 'Import DCGM, nvidia-smi, Prometheus, CloudWatch or Cloud Monitoring exports (docs/telemetry.md).',
  },
  {
    id: 'host-metrics',
    missing: 'CPU, memory and network metrics',
    effects: [
      {
        figure: 'Right-sizing of machines without GPUs',
        becomes: 'withheld',
        text: `P99.5 of CPU, and of memory where the target has less, must fit ${percent(gateDefaults.cpu)} of the target. CPU alone never shrinks memory.`,
      },
      {
        figure: 'Stopping idle machines',
        becomes: 'withheld',
        text: `Idle is a CPU peak below ${idlePercent}% and less than ${idleNetworkMb} MB of network a day, over ${lookbackDays} days.`,
      },
    ],
    ask: 'Import node_exporter, CloudWatch agent or Cloud Monitoring exports of the machines.',
  },
  {
    id: 'hourly-rows',
    missing: 'hourly rows in the bill',
    effects: [
      {
        figure: 'New commitments for machines that run part of the day',
        becomes: 'withheld',
        text: 'A commitment is paid in every hour, and a row a day does not say in which hours a machine ran.',
      },
      {
        figure: 'The simulated bill of machines that run nearly all day',
        becomes: 'assumed',
        text: 'Use of at least 20 of 24 hours is spread evenly over the day. The plan states the share of machine-hours that the bill has by the hour.',
      },
    ],
    ask: 'Export the bill with hourly rows and resource ids, and keep the lines (Settings).',
  },
  {
    id: 'price-lists',
    missing: 'price lists with commitment rates',
    effects: [
      {
        figure: 'Commitments: plans, reservations, committed use',
        becomes: 'withheld',
        text: 'Outlay has list prices on demand of its own, and no rates of commitments: without a list there is no offer to compare with.',
      },
      {
        figure: 'Moves to machines that are not on the bill',
        becomes: 'assumed',
        text: 'The list price of a machine stands in where neither the bill nor your lists have its price, with its date and source. A discount of yours is not in it.',
      },
    ],
    ask: 'Import the offer files of the provider, or your negotiated price sheet (docs/prices.md).',
  },
  {
    id: 'rates',
    missing: 'any price of a machine',
    effects: [
      {
        figure: 'Every change of that machine',
        becomes: 'withheld',
        text: 'No rate on the bill, in a list or in the catalogue: its cost stays in the bill as it is, and nothing is advised about it.',
      },
    ],
    ask: 'Import a price list that has the machine, its region and the currency of the bill.',
  },
  {
    id: 'spot-prices',
    missing: 'Spot prices',
    effects: [
      {
        figure: 'Spot',
        becomes: 'withheld',
        text: 'Spot is compared with the best other rate of the same usage, which takes a price of today.',
      },
    ],
    ask: 'Import a price list with Spot prices; hours already on Spot state what they cost.',
  },
  {
    id: 'interruptions',
    missing: 'your own record of Spot interruptions',
    effects: [
      {
        figure: 'Spot savings',
        becomes: 'outside',
        text: 'Without the time between interruptions and between checkpoints the work that is lost cannot be priced. Interruption bands of a provider are ordinal and never become hours.',
      },
      {
        figure: 'Workloads that nobody marked as interruptible',
        becomes: 'withheld',
        text: 'A bill does not say whether work may stop and go on.',
      },
    ],
    ask: 'Tag the workload: interruptible, checkpoint-minutes, restart-minutes, interrupted-every-hours.',
  },
  {
    id: 'throughput',
    missing: 'throughput that you have measured',
    effects: [
      {
        figure: 'Another accelerator, a new generation, quantisation',
        becomes: 'withheld',
        text: 'Data sheets do not say how fast your model runs. Only machines with the same accelerator are compared.',
      },
    ],
    ask: 'Measure the same job on both machines, and plan the move in an offline bundle (docs/analysis.md).',
  },
  {
    id: 'commitment-ends',
    missing: 'the end of a commitment',
    effects: [
      {
        figure: 'Its renewal',
        becomes: 'withheld',
        text: 'A bill has the first charge and the fee. Where neither the name nor the meter says the term, the commitment counts as going on.',
      },
    ],
    ask: 'State when it ends on the page Commitments, or load the months back to its first charge.',
  },
  {
    id: 'effective-cost',
    missing: 'amortised (effective) cost',
    effects: [
      {
        figure: 'The whole plan',
        becomes: 'withheld',
        text: 'The simulated bill must be the effective cost of the window to 0.1%. Where it is not, the difference is shown instead of advice.',
      },
      {
        figure: 'Realised savings',
        becomes: 'unknown',
        text: 'What a decision saved is read off effective cost; billed cost has fees in the month they are paid.',
      },
    ],
    ask: 'Export FOCUS, or a report with amortised cost.',
  },
  {
    id: 'exchange-rates',
    missing: 'exchange rates',
    effects: [
      {
        figure: 'A total over currencies',
        becomes: 'apart',
        text: 'Each billing currency has its own bill, plan and savings, and they are never added.',
      },
    ],
    ask: 'Read each currency by itself.',
  },
  {
    id: 'history',
    missing: 'history',
    effects: [
      {
        figure: 'The plan, with less than 14 days of bill',
        becomes: 'withheld',
        text: 'Two weeks are the least that show a weekday twice.',
      },
      {
        figure: `Chance of loss, with less than ${adviceDefaults.ownPathWeeks} weeks`,
        becomes: 'widened',
        text: `Scenarios then spread by ±${percent(adviceDefaults.lognormalSpread)} instead of following the account's own weeks.`,
      },
      {
        figure: `Intervals, with fewer than ${enoughDecisions} past decisions`,
        becomes: 'widened',
        text: 'They are at least ±25% of the promise, as pooled from elsewhere, until the account has its own record of promised and realised.',
      },
      {
        figure: 'Realised savings, with less than a week before or after',
        becomes: 'unknown',
        text: 'They wait for seven settled days of bill; the last three days that are loaded may still grow.',
      },
    ],
    ask: 'Load earlier months, and record decisions when they are done.',
  },
  {
    id: 'purpose',
    missing: 'what only its owner knows',
    effects: [
      {
        figure: 'Deadlines, quota, contracts, data that must stay where it is',
        becomes: 'assumed',
        text: 'Each action lists what must be confirmed before it is taken. Nothing here replaces asking.',
      },
      {
        figure: 'Work that Spot interruptions repeat',
        becomes: 'assumed',
        text: 'Realised savings count paid hours: a bill does not tell repeated hours from useful ones.',
      },
    ],
    ask: 'Confirm the assumptions of an action with the owner of the workload.',
  },
];
