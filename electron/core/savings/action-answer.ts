import { fieldOf } from '../../../shared/analysis/field.ts';
import { billOf } from '../../../shared/analysis/simulate.ts';
import type { SavingsAction } from '../../../shared/contract/savings.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { commitSteps, resizeSteps, spotSteps, stopSteps } from './action-steps.ts';
import { commitmentEvidence, commitmentOf, commitmentWords } from './commitment-action.ts';
import {
  countWords,
  fleetDetail,
  fleetMonthly,
  fleetOf,
  moneyWords,
  offerName,
  peakMachines,
  percentWords,
  spanWords,
  termWords,
} from './describe.ts';
import type { PlanAction } from './evaluate.ts';
import { billEvidence, priceEvidence, ruleEvidence, telemetryEvidence } from './evidence.ts';
import type { KnownFleet } from './model.ts';
import { moneyText } from './money.ts';
import { monthsAhead, type Prepared } from './planner.ts';

type Words = Pick<
  SavingsAction,
  'title' | 'detail' | 'advice' | 'effort' | 'reversibility' | 'assumptions' | 'steps'
>;

/** An action of the plan as the contract has it, with all that speaks for and against it. */
export function actionAnswer(action: PlanAction, prepared: Prepared, cube: Cube): SavingsAction {
  const known = fleetOf(action);
  const { span, windowDays } = action.of.model;
  const commitment = commitmentOf(action);
  const common = {
    id: action.id,
    lever: action.lever,
    provider: action.of.provider,
    marginal: formatExact(action.marginal),
    standalone: formatExact(action.standalone),
    lastIn: formatExact(action.lastIn),
    low: formatExact(action.low),
    high: formatExact(action.high),
    pLoss: action.pLoss,
    commitment,
    resize: known && action.lever === 'resize' ? resizeOf(action, known) : null,
  };
  if (commitment) {
    return {
      ...common,
      ...commitmentWords(action, commitment),
      account: null,
      accountName: null,
      region: action.purchases[0]?.column.scope.region ?? null,
      workload: null,
      workloadName: null,
      monthly: null,
      effort: 'low',
      reversibility: 'It cannot be given back; it ends by itself.',
      effectiveFrom: commitment.starts,
      evidence: commitmentEvidence(action, commitment, prepared),
      rejected: commitmentRejected(action, prepared),
      assumptions: [
        {
          id: 'other-steps',
          text: 'The other steps of this plan are done first, or are not going to be done.',
        },
        {
          id: 'no-move',
          text: `No move away from ${action.of.provider} or to other machines is planned within ${termWords(commitment.termMonths)}.`,
        },
        {
          id: 'budget',
          text: `Whoever pays agrees to ${moneyWords(Number(commitment.committed))} over the term.`,
        },
      ],
      steps: commitSteps(action, commitment.tranches),
      confidence: {
        level: action.of.model.fleets.every(({ use }) => use.hourlyShare > 0.5 || use.hoursKnown)
          ? 'high'
          : 'medium',
        reason:
          'Sized on the whole term over a thousand scenarios; use whose hours are not known is left uncommitted.',
      },
    };
  }
  if (!known) throw new RangeError(`no fleet of action ${action.id}`);
  const { fleet } = known.use;
  const option = optionOf(action);
  const words = wordsOf(action, known, option, cube);
  return {
    ...common,
    ...words,
    account: fleet.account,
    accountName: fleet.accountName,
    region: fleet.region,
    workload: fleet.workload,
    workloadName: fleet.name,
    monthly: moneyText(fleetMonthly(known, windowDays)),
    effectiveFrom: dayText(span.lastDay + 1),
    evidence: [
      ...ruleEvidence(known, option, span.lastDay),
      ...telemetryEvidence(known, span.lastDay),
      ...billEvidence(known, prepared.gathered, cube),
      ...priceEvidence(`${fleet.type}, on demand, an hour`, known.rates.onDemand),
      ...targetPrice(known, option),
    ],
    rejected: rejectedOf(action, prepared),
    confidence: confidenceOf(action, known),
  };
}

function optionOf({ of, workload }: PlanAction): string {
  const { pool, plan } = of.advised;
  const at = workload ?? 0;
  return pool.workloads[at]?.choices[plan.selection[at] ?? 0]?.option ?? '';
}

function resizeOf(action: PlanAction, { use, shapes }: KnownFleet): SavingsAction['resize'] {
  const option = optionOf(action);
  const shape = shapes.find(({ shape: own }) => own.option === option)?.shape;
  return shape ? { from: use.fleet.type, to: shape.type, ratio: shape.ratio } : null;
}

function targetPrice({ shapes, use }: KnownFleet, option: string) {
  const target = shapes.find(({ shape }) => shape.option === option);
  if (!target?.shape.machine || target.shape.sku === use.fleet.sku) return [];
  return priceEvidence(`${target.shape.type}, on demand, an hour`, target.rates.onDemand);
}

function wordsOf(action: PlanAction, known: KnownFleet, option: string, cube: Cube): Words {
  const { use, measured, live } = known;
  const { fleet } = use;
  const { span, windowDays } = action.of.model;
  const days = spanWords(span.lastDay - windowDays + 1, span.lastDay);
  const monthly = moneyWords(fleetMonthly(known, windowDays));
  const names = cube.names('resource');
  const own = [...live].map((id) => names.get(id) ?? '').filter((name) => name !== '');
  const figures = measured?.telemetry ?? {};
  switch (action.lever) {
    case 'stop': {
      const part = own.length > 0 && own.length <= 2 ? own.join(' and ') : fleet.name;
      const calls = figures['invocations_14d'] === 0;
      const signs = calls
        ? 'it was not called once'
        : `its GPUs were active ${percentWords(figures['gpu_active_share'] ?? 0)} of the time and its CPU never passed ${(figures['cpu_max_pct'] ?? 0).toFixed(1)}%`;
      const isEndpoint = fleet.type.startsWith('ml.') && fleet.sku.endsWith(' hosting');
      return {
        title: isEndpoint ? `Delete endpoint ${part}` : `Stop ${fleet.name}`,
        detail: fleetDetail(known),
        advice: `${isEndpoint ? 'Delete' : 'Stop'} ${isEndpoint ? part : fleet.name}: in the ${figures['lookback_days']?.toFixed(0) ?? '14'} days measured to ${days.slice(days.indexOf('to ') + 3)} ${signs}. It costs ${monthly} a month.`,
        effort: 'low',
        reversibility: isEndpoint
          ? 'The endpoint can be made again from its configuration in minutes.'
          : 'The machines can be started again; their disks stay.',
        assumptions: [
          {
            id: 'not-needed',
            text: `Nobody keeps ${fleet.name} as a reserve or for a launch to come.`,
          },
          ...(measured && measured.telemetry['cpu_max_pct'] === undefined
            ? [{ id: 'cpu', text: 'Nothing runs on its processors alone.' }]
            : []),
        ],
        steps: stopSteps(known, cube),
      };
    }
    case 'spot':
      return {
        title: `${fleet.name}: spot with checkpoints`,
        detail: fleetDetail(known),
        advice: `Run ${fleet.name} on spot machines with checkpoints and fall back to on demand.`,
        effort: 'high',
        reversibility: 'Undone by one restart on demand.',
        assumptions: [
          { id: 'resumes', text: `${fleet.name} resumes from its last checkpoint by itself.` },
          { id: 'later', text: 'It may finish later than today.' },
        ],
        steps: spotSteps(
          known,
          known.spot === null || known.spot.checkpointH === null
            ? null
            : Math.round(known.spot.checkpointH * 60),
        ),
      };
    default: {
      const shape = known.shapes.find(({ shape: other }) => other.option === option)?.shape;
      const title = shape?.title ?? option;
      const memory = figures['gpu_mem_peak_gib'];
      const room = fleet.machine.attached ? fleet.machine.attached.memoryMib / 1024 : null;
      const busy = figures['gpu_util_p95'];
      if (shape && shape.sku === fleet.sku) {
        const peak = peakMachines(use);
        const fewer = Math.ceil(peak * shape.ratio - 1e-9);
        const facts =
          memory === undefined || busy === undefined || room === null
            ? ''
            : ` Sharing what stays, the replicas need at most ${(memory / shape.ratio).toFixed(1)} of ${room.toFixed(1)} GiB of GPU memory, and the GPUs would be ${percentWords(busy / shape.ratio)} busy at their P95 instead of ${percentWords(busy)}.`;
        return {
          title: `${fleet.name}: ${peak} to ${fewer} machines at the peak`,
          detail: `${fleet.type}, ${fleet.region}`,
          advice: `Serve ${fleet.name} with ${fewer} machines at the peak instead of ${peak}, scaled by demand as today.${facts}`,
          effort: 'medium',
          reversibility: 'Undone within minutes by scaling out again.',
          assumptions: [
            {
              id: 'latency',
              text: `Latency of ${fleet.name} stays within its objective at the busier machines.`,
            },
            {
              id: 'failover',
              text: `${countWords(fewer, 'machine')} are enough when one of them or a zone fails.`,
            },
            { id: 'replicas', text: 'Replicas of the model may share one machine.' },
          ],
          steps: resizeSteps(known, option, cube),
        };
      }
      const gpus = (machine: KnownFleet['use']['fleet']['machine'] | null) =>
        machine?.attached?.devices ?? 0;
      const facts = fleet.machine.attached
        ? ` At most ${countWords(figures['busy_gpus_max'] ?? 0, 'GPU')} of its ${gpus(fleet.machine)} ${figures['busy_gpus_max'] === 1 ? 'was' : 'were'} ever busy${memory === undefined || room === null ? '' : `, and memory peaked at ${memory.toFixed(1)} of ${room.toFixed(1)} GiB`}; ${title} has ${gpus(shape?.machine ?? null)} of the same GPU.`
        : '';
      return {
        title: `${fleet.name}: ${fleet.type} to ${title}`,
        detail: fleetDetail(known),
        advice: `Run ${fleet.name} on ${title} instead of ${fleet.type}.${facts}`,
        effort: 'medium',
        reversibility: 'Undone by a restart with the old type.',
        assumptions: [
          { id: 'several-gpus', text: `No work of ${fleet.name} needs several GPUs at once.` },
          {
            id: 'beside',
            text: 'Disk and network of the smaller type are enough; they were not measured.',
          },
          ...(figures['mem_p99_5'] === undefined
            ? [
                {
                  id: 'memory',
                  text: 'Main memory of the smaller type is enough; it was not measured.',
                },
              ]
            : []),
        ],
        steps: resizeSteps(known, option, cube),
      };
    }
  }
}

function confidenceOf(
  action: PlanAction,
  { use, measured }: KnownFleet,
): SavingsAction['confidence'] {
  const days = measured?.telemetry['lookback_days'] ?? 0;
  if (action.lever === 'spot')
    return { level: 'medium', reason: 'The time between interruptions is as its owner states it.' };
  if (days >= 21 && use.hoursKnown)
    return {
      level: 'high',
      reason: `Every machine was measured over ${days.toFixed(0)} days; its hours are known.`,
    };
  if (!use.hoursKnown)
    return {
      level: 'medium',
      reason: `Measured over ${days.toFixed(0)} days; the bill has day rows only.`,
    };
  return {
    level: 'medium',
    reason: `Every machine was measured, but only over ${days.toFixed(0)} days.`,
  };
}

/** Other options of the same workload, with what they would save less. */
export function rejectedOf(action: PlanAction, prepared: Prepared): SavingsAction['rejected'] {
  const { of, workload } = action;
  if (workload === null) return [];
  const { pool, plan } = of.advised;
  const own = pool.workloads[workload];
  if (!own) return [];
  const chosen = plan.selection[workload] ?? 0;
  const bill = (selection: readonly number[]) => billOf(fieldOf(pool, selection), plan.amounts);
  const best = bill(plan.selection);
  const simulated = own.choices.flatMap((choice, c) => {
    if (c === chosen || c === 0) return [];
    const more = (bill(plan.selection.with(workload, c)) - best) / monthsAhead;
    const spot = choice.spot ? ' on spot' : '';
    return [
      {
        option: `${titleOf(of.model.fleets, own.id, choice.option)}${spot}`,
        reason: more > 0.5 ? `saves ${moneyWords(more)} less` : 'saves no more',
        savesLess: moneyText(more),
      },
    ];
  });
  const refused = refusalsOf(prepared, own.id);
  return [...simulated, ...refused];
}

/** What rules or prices do not allow of a workload. */
export function refusalsOf(prepared: Prepared, workload: string): SavingsAction['rejected'] {
  const fleets = prepared.gathered.models.flatMap(({ fleets: own }) => own);
  const known = fleets.find(({ use }) => use.fleet.id === workload);
  const refused = prepared.refusals
    .filter((refusal) => refusal.workload === workload)
    .map(({ option, reason, gate }) => {
      const failed = gate?.checks.filter(({ holds }) => !holds) ?? [];
      const [first] = failed;
      const days = gate?.checks[0]?.observed ?? null;
      const figures =
        first === undefined
          ? reason
          : gate?.rule === 'data'
            ? `measured for ${days === null ? 'no time' : countWords(Math.floor(days), 'day')}; 14 days and 30 hours are needed`
            : first.observed === null
              ? `${first.what}: unknown`
              : `${first.what}: ${short(first.observed)}, and at most ${short(first.limit)} is allowed`;
      return { option: titleOf(fleets, workload, option), reason: figures, savesLess: null };
    });
  const objected = (known?.shapes ?? [])
    .filter(({ shape }) => shape.objection !== null)
    .map(({ shape }) => ({ option: shape.title, reason: shape.objection ?? '', savesLess: null }));
  return [...refused, ...objected];
}

function short(value: number): string {
  return Number(value.toFixed(2)).toLocaleString('en-US');
}

function titleOf(fleets: readonly KnownFleet[], workload: string, option: string): string {
  if (option === 'keep') return 'as it is';
  if (option === 'stop') return 'stop it';
  const known = fleets.find(({ use }) => use.fleet.id === workload);
  const [plain = '', ...rest] = option.split(' on spot');
  const title = known?.shapes.find(({ shape }) => shape.option === plain)?.shape.title ?? plain;
  return rest.length > 0 ? `${title} on spot` : title;
}

/** Offers of the same pool that the plan does not take. */
function commitmentRejected(
  { of, purchases }: PlanAction,
  { policy }: Prepared,
): SavingsAction['rejected'] {
  const taken = new Set(
    of.advised.pool.columns.flatMap((column, c) =>
      (of.advised.plan.amounts[c] ?? 0) > 0 ? [column.offer] : [],
    ),
  );
  const kind = purchases[0]?.column.kind;
  const inPool = new Set(
    of.advised.pool.columns.filter(({ owned }) => !owned).map(({ offer }) => offer),
  );
  const seen = new Map<string, SavingsAction['rejected'][number]>();
  for (const offer of inPool) {
    if (taken.has(offer)) continue;
    const [, , term = ''] = offer.split('|');
    seen.set(offer, {
      option: `${offerName(offer, of.model)}, ${term}`,
      reason: `none of it stays in the plan at a chance of loss of at most ${Math.round(100 * policy.mostLoss)}%`,
      savesLess: null,
    });
  }
  for (const { rates } of of.model.fleets) {
    for (const { offer, termMonths, kind: other } of rates.offers) {
      if (other !== kind || policy.maxTermMonths === null || termMonths <= policy.maxTermMonths)
        continue;
      seen.set(`${offer} ${termMonths}`, {
        option: `${offerName(`|${offer}`, of.model)}, ${termWords(termMonths)}`,
        reason: `longer than the ${termWords(policy.maxTermMonths)} that the options allow`,
        savesLess: null,
      });
    }
  }
  return [...seen.values()];
}
