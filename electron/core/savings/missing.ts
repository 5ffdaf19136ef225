import type { MissingInput } from '../../../shared/contract/savings.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import type { Cube } from '../store/cube.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import { sumSeries } from '../workloads/sums.ts';
import { countWords, fleetMonthly } from './describe.ts';
import { type Gathered, unpriced } from './gather.ts';
import type { KnownFleet } from './model.ts';
import { moneyText } from './money.ts';

/** What costs less than this share of the window is not asked about. */
const leastShare = 0.001;

/** What a purpose's cost a month is, of the series that no fleet of machines has. */
export type PurposeCosts = ReadonlyMap<string, number>;

export async function purposeCosts(
  cube: Cube,
  ledger: ClassifiedLedger,
  { grouped, window }: Gathered,
): Promise<PurposeCosts> {
  const of = Int32Array.from(grouped.of, (group, series) =>
    group >= 0 && grouped.groups[group]?.kind === 'other'
      ? (ledger.decided.purpose[series] as number)
      : -1,
  );
  const span = { segments: cube.segments(), ...window };
  const sums = await sumSeries(cube, span, 'effective', { of, count: purposes.length }, 'none');
  const days = window.lastDay - window.firstDay + 1;
  return new Map(
    purposes.map((purpose, at) => [
      purpose,
      (Number(formatExact(sums.exact(at, 0) ?? 0n)) / (days * 24)) * 730,
    ]),
  );
}

/** What is not known and would make the plan better, the dearest first. */
export function missingInputs(gathered: Gathered, costs: PurposeCosts): MissingInput[] {
  const { models } = gathered;
  const days = gathered.window.lastDay - gathered.window.firstDay + 1;
  const fleets = models.flatMap(({ fleets: own }) => own).filter(({ use }) => !use.ended);
  const monthly = (known: KnownFleet) => fleetMonthly(known, days);
  const all = windowMonthly(gathered);
  const leastMonthly = leastShare * all;
  const found: MissingInput[] = [];
  const add = (input: Omit<MissingInput, 'monthly' | 'blocks'>, cost: number | null) =>
    found.push({ ...input, monthly: cost === null ? null : moneyText(cost), blocks: false });

  for (const known of fleets) {
    const { fleet } = known.use;
    const cost = monthly(known);
    if (cost < leastMonthly) continue;
    if (!fleet.known) {
      add(
        {
          id: `type:${fleet.type}`,
          what: `What ${fleet.type} is made of (${fleet.name})`,
          effect: 'Commitments are planned for it, other machines are not.',
          ask: 'The catalogue does not have this type; nothing else is needed.',
        },
        cost,
      );
      continue;
    }
    const gpu = fleet.machine.attached !== null;
    const telemetry = known.measured?.telemetry;
    const judged = known.judged && telemetry !== undefined;
    const unknown = gpuFigures.filter(({ id }) => telemetry?.[id] === undefined);
    if (judged && (!gpu || unknown.length === 0)) continue;
    const [what, which] = unmeasured(known, gpu, judged ? unknown : []);
    add(
      {
        id: `metrics:${fleet.id}`,
        what: `${what} of ${fleet.name}, ${fleet.type}${which}`,
        effect: 'Nothing is said about stopping it, smaller machines or fewer of them.',
        ask: gpu
          ? 'Import two weeks of DCGM, nvidia-smi or CloudWatch metrics: GPU busy, GPU memory, CPU and network (`outlay telemetry import`).'
          : 'Import two weeks of CloudWatch, Prometheus or Cloud Monitoring metrics: CPU, memory and network (`outlay telemetry import`).',
      },
      cost,
    );
  }
  for (const model of models) {
    const daily = model.fleets.filter(({ use }) => !use.ended && !use.hoursKnown);
    const cost = daily.reduce((sum, known) => sum + monthly(known), 0);
    if (cost >= leastMonthly) {
      const names = daily
        .toSorted((a, b) => monthly(b) - monthly(a))
        .map(({ use }) => use.fleet.name);
      add(
        {
          id: `hours:${model.provider}`,
          what: `Hour rows of ${model.provider} for ${[...new Set(names)].slice(0, 4).join(', ')}${names.length > 4 ? ' and others' : ''}`,
          effect:
            'In which hours of the day they ran is not known, so nothing is committed for them.',
          ask: 'Export the bill with hourly granularity and import it again.',
        },
        cost,
      );
    }
    const offered = model.fleets.some(({ rates }) => rates.offers.length > 0);
    const machines = model.fleets.filter(({ use }) => !use.ended);
    const cloud = machines.reduce((sum, known) => sum + monthly(known), 0);
    if (!offered && cloud >= leastMonthly) {
      add(
        {
          id: `offers:${model.provider}`,
          what: `Commitment prices of ${model.provider}`,
          effect:
            'No commitment is advised: the catalogue has list prices, but none of commitments.',
          ask: 'Import a price list with savings plans, reservations or committed use (`outlay prices import`).',
        },
        cloud,
      );
    }
    for (const { name, id, endDay, endReason, used, unused } of model.commitments) {
      if (endDay !== null) continue;
      add(
        {
          id: `end:${id}`,
          what: `End of ${name}`,
          effect: 'It is taken to go on for the whole year, so no renewal is planned.',
          ask: `State it: ${endReason}. On the Commitments page, or \`outlay savings --ends "${id}=YYYY-MM-DD"\`.`,
        },
        ((used + unused) / (days * 24)) * 730,
      );
    }
  }
  for (const known of fleets) {
    const { fleet } = known.use;
    if (known.rates.onDemand?.reason === unpriced && monthly(known) >= leastMonthly) {
      add(
        {
          id: `price:${fleet.type}@${fleet.region}`,
          what: `Price of ${fleet.type} in ${fleet.region}, on demand`,
          effect: 'It is counted at what it costs today, and nothing is planned for it.',
          ask: 'Import a price list that has it (`outlay prices import`).',
        },
        monthly(known),
      );
    }
    const open = known.judged
      ? known.shapes.filter(
          ({ shape, rates }) =>
            shape.objection === null &&
            shape.machine &&
            shape.sku !== fleet.sku &&
            rates.onDemand === null,
        )
      : [];
    if (open.length > 0 && monthly(known) >= leastMonthly) {
      add(
        {
          id: `price:${fleet.id}`,
          what: `Prices of ${open.map(({ shape }) => shape.type).join(', ')} in ${fleet.region}`,
          effect: `Smaller machines for ${fleet.name} are left out.`,
          ask: 'Import a price list that has them (`outlay prices import`).',
        },
        monthly(known),
      );
    }
    if (
      known.spot &&
      known.spot.terms === null &&
      known.use.spotUsage === null &&
      monthly(known) >= leastMonthly
    ) {
      add(
        {
          id: `spot:${fleet.id}`,
          what: `How often spot machines of ${fleet.name} would be interrupted`,
          effect: 'Spot is shown as a range outside the savings.',
          ask: 'Run a few of its machines on spot for two weeks and tag it interrupted-every-hours; saved states are read from checkpoint-minutes.',
        },
        monthly(known),
      );
    }
  }
  const api = costs.get('managed-api') ?? 0;
  if (api >= leastMonthly) {
    add(
      {
        id: 'api:requests',
        what: 'Requests of managed APIs: which of them can wait, and how long a prefix they share',
        effect: 'Batch and cache prices are not planned with.',
        ask: 'Confirm with the owners which share can wait a day; `outlay analyze` takes both in a bundle.',
      },
      api,
    );
  }
  const storage = (costs.get('ai-storage') ?? 0) + (costs.get('data-preparation') ?? 0);
  if (storage >= leastMonthly) {
    add(
      {
        id: 'storage:access',
        what: 'How often stored data is read, how many objects there are, and which volumes are attached',
        effect: 'Storage classes and detached volumes are not planned with.',
        ask: 'Give storage statistics in a bundle to `outlay analyze`: objects, reads a month, first-byte time allowed.',
      },
      storage,
    );
  }
  return found.sort(
    (a, b) => Number(b.monthly ?? 0) - Number(a.monthly ?? 0) || (a.id < b.id ? -1 : 1),
  );
}

/** What the rules for GPUs cannot do without. */
const gpuFigures = [
  { id: 'gpu_util_p95', name: 'how busy the GPUs are' },
  { id: 'gpu_mem_peak_gib', name: 'how much GPU memory is used' },
] as const;

/** Which metrics are not there, and on which machines: of `lacking` alone where all have some. */
function unmeasured(
  { measured }: KnownFleet,
  gpu: boolean,
  lacking: readonly (typeof gpuFigures)[number][],
): [what: string, which: string] {
  const all = gpu ? 'GPU metrics' : 'CPU and memory metrics';
  if (!measured) return [all, ''];
  const { machines, resources } = measured;
  if (lacking.length === 0)
    return [
      all,
      ` (${resources - measured.measured} of ${countWords(resources, 'machine')} have none)`,
    ];
  const without = machines.filter(({ telemetry }) =>
    lacking.some(({ id }) => telemetry[id] === undefined),
  ).length;
  const some =
    without === resources ? '' : ` (unknown of ${without} of ${countWords(resources, 'machine')})`;
  return [`GPU metrics that say ${lacking.map(({ name }) => name).join(' and ')}`, some];
}

/** EffectiveCost of the window, a month. */
function windowMonthly({ grouped, sums, window }: Gathered): number {
  const days = window.lastDay - window.firstDay + 1;
  let cost = 0n;
  for (const g of grouped.groups.keys()) {
    for (let day = sums.days - days; day < sums.days; day++) cost += sums.effective(g, day);
  }
  return (Number(formatExact(cost)) / (days * 24)) * 730;
}

/** Why there is no plan at all. */
export function nothingToPlan(loadedDays: number): MissingInput {
  return {
    id: 'bill',
    what: loadedDays === 0 ? 'A bill' : 'Two weeks of bill',
    effect:
      loadedDays === 0
        ? 'There is nothing to plan with.'
        : `Only ${countWords(loadedDays, 'day')} are loaded; a plan needs 14.`,
    ask: 'Import billing exports (`outlay import`), with resources and, where there are any, hour rows.',
    monthly: null,
    blocks: true,
  };
}
