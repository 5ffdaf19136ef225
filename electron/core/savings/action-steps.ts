import type { SavingsAction } from '../../../shared/contract/savings.ts';
import { formatDay } from '../../../shared/domain/format.ts';
import type { Cube } from '../store/cube.ts';
import { offerName, scopeWords, termWords } from './describe.ts';
import type { PlanAction } from './evaluate.ts';
import type { KnownFleet } from './model.ts';

type Step = SavingsAction['steps'][number];

const plain = (text: string): Step => ({ text, command: null, console: null });

/** Machines that a command names; more are listed by the evidence. */
const mostNamed = 20;

function idsOf({ live, use }: KnownFleet, cube: Cube): string[] {
  const texts = cube.values('resource');
  const ids = live.size > 0 ? live : use.fleet.resources;
  return [...ids].slice(0, mostNamed).map((id) => texts[id] ?? '');
}

const lastPart = (id: string) => id.slice(Math.max(id.lastIndexOf('/'), id.lastIndexOf(':')) + 1);

/** How a fleet is stopped, undone by starting it again where that is possible. */
export function stopSteps(known: KnownFleet, cube: Cube): Step[] {
  const { fleet } = known.use;
  const ids = idsOf(known, cube);
  const owner = plain(`Ask the owner of ${fleet.name} whether anything still needs it.`);
  const { region } = fleet;
  if (fleet.cloud === 'aws' && fleet.type.startsWith('ml.')) {
    const notebook = fleet.sku.endsWith(' notebook');
    return [
      owner,
      {
        text: notebook
          ? 'Stop the notebook instances.'
          : 'Delete the endpoints; their models and configurations stay.',
        command: ids
          .map((id) =>
            notebook
              ? `aws sagemaker stop-notebook-instance --region ${region} --notebook-instance-name ${lastPart(id)}`
              : `aws sagemaker delete-endpoint --region ${region} --endpoint-name ${lastPart(id)}`,
          )
          .join('\n'),
        console: 'Amazon SageMaker AI, Inference, Endpoints',
      },
    ];
  }
  if (fleet.cloud === 'aws') {
    return [
      owner,
      {
        text: 'Stop the instances. Their disks stay and go on costing.',
        command: `aws ec2 stop-instances --region ${region} --instance-ids ${ids.map(lastPart).join(' ')}`,
        console: 'EC2, Instances',
      },
      plain('After two weeks without a complaint, take snapshots of the disks and terminate them.'),
    ];
  }
  if (fleet.cloud === 'google') {
    return [
      owner,
      {
        text: 'Stop the instances. Their disks stay and go on costing.',
        command: ids
          .map((id) => `gcloud compute instances stop ${lastPart(id)} --project ${fleet.account}`)
          .join('\n'),
        console: 'Compute Engine, VM instances',
      },
    ];
  }
  return [
    owner,
    {
      text: 'Deallocate the machines; one that is only shut down goes on costing.',
      command: `az vm deallocate --ids ${ids.join(' ')}`,
      console: 'Virtual machines',
    },
  ];
}

/** How a fleet gets other machines, or fewer of them. */
export function resizeSteps(known: KnownFleet, option: string, cube: Cube): Step[] {
  const { fleet } = known.use;
  const shape = known.shapes.find(({ shape: own }) => own.option === option)?.shape;
  if (!shape) return [];
  if (shape.sku === fleet.sku) {
    return [
      plain(
        `Let replicas of ${fleet.name} share machines, and let its scaling keep ${shape.title}.`,
      ),
      plain(
        'Take machines out one by one, at most one a day, and watch latency at the daily peak.',
      ),
      plain('Put the last one back if the latency objective is missed.'),
    ];
  }
  const ids = idsOf(known, cube);
  const change: Step =
    fleet.cloud === 'aws' && !fleet.type.startsWith('ml.')
      ? {
          text: `Stop each machine, give it the type ${shape.type}, start it again.`,
          command: ids
            .map(
              (id) =>
                `aws ec2 modify-instance-attribute --region ${fleet.region} --instance-id ${lastPart(id)} --instance-type ${shape.type}`,
            )
            .join('\n'),
          console: 'EC2, Instances, Change instance type',
        }
      : plain(`Move each machine to ${shape.type}.`);
  return [
    plain(`Try one machine of ${fleet.name} on ${shape.type} for a day of ordinary work.`),
    change,
    plain('Keep the old type in the template until a week has passed.'),
  ];
}

export function spotSteps({ use }: KnownFleet, minutes: number | null): Step[] {
  return [
    plain(
      minutes === null
        ? 'Write checkpoints.'
        : `Write a checkpoint at least every ${minutes} minutes, and test that a run resumes from it.`,
    ),
    plain(
      `Run ${use.fleet.name} in a group of spot machines of at least three zones, with on demand to fall back on.`,
    ),
    plain('Note every interruption: what the next plan says about spot rests on them.'),
  ];
}

/** How a commitment is bought, tranche by tranche. */
export function commitSteps(
  action: PlanAction,
  tranches: readonly { day: string; amount: number }[],
): Step[] {
  const { column } = action.purchases[0] ?? {};
  if (!column) return [];
  const name = offerName(column.offer, action.of.model);
  const term = termWords(Math.round(column.termH / 730));
  const of = scopeWords(column);
  const unit = column.kind === 'ri' ? 'machines' : 'an hour';
  const cloud = action.of.model.fleets[0]?.use.fleet.cloud;
  const place =
    cloud === 'aws'
      ? column.kind === 'ri'
        ? 'EC2, Reserved Instances, Purchase'
        : 'Billing and Cost Management, Savings Plans, Purchase Savings Plans'
      : cloud === 'google'
        ? 'Compute Engine, Committed use discounts, Purchase commitment'
        : 'Azure portal, Reservations or Savings plans, Add';
  const type = /sagemaker/i.test(column.offer)
    ? 'SageMaker'
    : column.kind === 'isp'
      ? 'EC2Instance'
      : 'Compute';
  const seconds = Math.round(column.termH / 8760) * 31_536_000;
  const look: Step = {
    text: `Look up the offering: ${name}, ${term}, paid monthly.`,
    command:
      cloud === 'aws' && column.kind !== 'ri'
        ? `aws savingsplans describe-savings-plans-offerings --plan-types ${type} --durations ${seconds} --payment-options "No Upfront"`
        : null,
    console: place,
  };
  return [
    plain('Do the other steps of the plan first: what they take away needs no commitment.'),
    look,
    ...tranches.map(({ day, amount }) =>
      plain(
        `${formatDay(day)}: buy ${amount} ${unit} of ${name}${of === '' ? '' : `, ${of}`}, if use is still where it was.`,
      ),
    ),
  ];
}
