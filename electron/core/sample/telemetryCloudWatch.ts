import { machinesOf, type Machine, type Moment, ownId } from './measuredMachines.ts';
import { between, seedOf } from './noise.ts';
import { demandAt } from './telemetryCluster.ts';
import type { CloudWatchMetric } from './telemetryFiles.ts';

/**
 * What CloudWatch has of the company: endpoints of which one was never asked, a training job that
 * leaves the processors idle, notebooks with their nights and weekends, a staging service that nobody
 * calls, and batch machines whose GPUs are not measured.
 */
export function cloudWatchMetrics(): CloudWatchMetric[] {
  return [...endpoints(), ...tuning(), ...notebooks(), ...unused(), ...embedding()];
}

type Value = (moment: Moment, seed: number) => number;

function metric(
  { id, moments }: Pick<Machine, 'id' | 'moments'>,
  namespace: string,
  name: string,
  stat: CloudWatchMetric['stat'],
  labels: Record<string, string>,
  value: Value,
): CloudWatchMetric {
  const seed = seedOf(`${id}/${name}/${Object.values(labels).join('/')}`);
  return {
    namespace,
    name,
    stat,
    labels,
    moments,
    value: (moment) => String(value(moment, seed)),
  };
}

const about =
  (low: number, high: number, divisor = 10): Value =>
  ({ hour }, seed) =>
    between(seed, hour, low, high) / divisor;

/** Shares of the day's demand, so that a busy hour is busy in every metric. */
const follows =
  (low: number, high: number, divisor = 10): Value =>
  (moment, seed) =>
    Math.floor((demandAt(moment) * between(seed, moment.hour, low, high)) / 1000) / divisor;

const nothing: Value = () => 0;

/** SageMaker adds shares up over 4 GPUs and 48 vCPUs. The last endpoint never got a request. */
function endpoints(): CloudWatchMetric[] {
  return machinesOf('guardrails-eu', 'smEndpoint', '2026-10-01').flatMap((machine) => {
    const labels = { EndpointName: machine.name, VariantName: 'AllTraffic' };
    const asked = !machine.name.endsWith('-04');
    const host = '/aws/sagemaker/Endpoints';
    const of = (name: string, value: Value) =>
      metric(machine, host, name, 'Average', labels, value);
    return [
      metric(
        machine,
        'AWS/SageMaker',
        'Invocations',
        'Sum',
        labels,
        asked ? follows(7_200, 8_800, 1) : nothing,
      ),
      of('GPUUtilization', asked ? follows(1_500, 2_100) : nothing),
      of('GPUMemoryUtilization', about(1_480, 1_500)),
      of('CPUUtilization', asked ? follows(5_200, 7_400) : about(4, 9)),
      of('MemoryUtilization', about(210, 230)),
    ];
  });
}

/** Two machines of 8 GPUs and 96 vCPUs: the GPUs work without a break, the processors hardly. */
function tuning(): CloudWatchMetric[] {
  return machinesOf('sft-tuning', 'smTrain', '2026-10-01', 2n).flatMap((job) =>
    ['algo-1', 'algo-2'].flatMap((host) => {
      const labels = { Host: `${job.name}/${host}` };
      const of = (name: string, value: Value) =>
        metric(job, '/aws/sagemaker/TrainingJobs', name, 'Average', labels, value);
      return [
        of('GPUUtilization', about(7_320, 7_810)),
        of('GPUMemoryUtilization', about(6_400, 6_900)),
        of('CPUUtilization', about(1_350, 2_050)),
        of('MemoryUtilization', about(110, 140)),
      ];
    }),
  );
}

function ec2(machine: Machine, cpu: Value, bytes: Value): CloudWatchMetric[] {
  const labels = { InstanceId: ownId(machine) };
  return [
    metric(machine, 'AWS/EC2', 'CPUUtilization', 'Maximum', labels, cpu),
    metric(machine, 'AWS/EC2', 'NetworkIn', 'Sum', labels, bytes),
    metric(machine, 'AWS/EC2', 'NetworkOut', 'Sum', labels, bytes),
  ];
}

function gpus(
  machine: Machine,
  [name, count]: readonly [name: string, count: number],
  util: (gpu: number) => Value,
  usedMiB: (gpu: number) => Value,
): CloudWatchMetric[] {
  return Array.from({ length: count }, (_, gpu) => {
    const labels = { InstanceId: ownId(machine), index: String(gpu), name };
    const of = (counter: string, value: Value) =>
      metric(machine, 'CWAgent', `nvidia_smi_${counter}`, 'Average', labels, value);
    return [of('utilization_gpu', util(gpu)), of('memory_used', usedMiB(gpu))];
  }).flat();
}

/** People use one of the four GPUs, from nine to six on weekdays; what runs later does nothing. */
function notebooks(): CloudWatchMetric[] {
  const atWork = ({ ofDay, weekend }: Moment) => !weekend && ofDay >= 9 && ofDay < 18;
  const during =
    (value: Value, otherwise: Value): Value =>
    (moment, seed) =>
      (atWork(moment) ? value : otherwise)(moment, seed);
  return machinesOf('research-notebooks', 'g5', '2026-10-20')
    .filter(({ name }) => name <= 'notebook-07')
    .flatMap((machine) => [
      ...ec2(
        machine,
        during(about(180, 620), about(8, 30)),
        during(about(60_000_000, 420_000_000, 1), about(90_000, 160_000, 1)),
      ),
      ...gpus(
        machine,
        ['NVIDIA A10G', 4],
        (gpu) => (gpu === 0 ? during(about(120, 710), nothing) : nothing),
        (gpu) => (gpu === 0 ? during(about(5_200, 15_900, 1), about(2_900, 3_100, 1)) : () => 3),
      ),
    ]);
}

/** The second version of the reranker left staging in October; nobody told the first one. */
function unused(): CloudWatchMetric[] {
  return machinesOf('rerank-v1', 'p4d', '2026-10-25').flatMap((machine) => [
    ...ec2(machine, about(9, 31), about(21_000, 44_000, 1)),
    ...gpus(
      machine,
      ['NVIDIA A100-SXM4-40GB', 8],
      () => nothing,
      () => () => 4,
    ),
  ]);
}

/** Only what CloudWatch knows by itself: whether their GPUs work is not known. */
function embedding(): CloudWatchMetric[] {
  return machinesOf('embed-batch', 'p4d', '2026-10-25').flatMap((machine) =>
    ec2(machine, about(290, 470), about(1_200_000_000, 2_600_000_000, 1)),
  );
}
