import { machinesOf, type Machine, type Moment, ownId } from './measuredMachines.ts';
import { between, hex, seedOf, token } from './noise.ts';
import type { Measured } from './telemetryFiles.ts';

/**
 * What the exporters of the three GPU clusters saw (DCGM and vLLM through Prometheus): a trainer that
 * is fed well, one whose run ended while its machines stayed, one that waits for its data, and chat
 * machines that are far larger than what they hold.
 */
export function* clusterSeries(): Iterable<Measured> {
  yield* trainers();
  yield* forgotten();
  yield* starved();
  yield* chat();
}

const h100MiB = 81_559;
const gpusEach = 8;
const memorySince = '2026-11-01';

/** Requests through a day of Central European office hours, in thousandths of the peak. */
const demand = [
  180, 140, 120, 110, 120, 160, 260, 420, 620, 800, 920, 980, 1000, 970, 940, 900, 850, 800, 740,
  660, 560, 450, 340, 250,
];

export function demandAt({ ofDay, weekend }: Moment): number {
  return Math.floor(((demand[ofDay] ?? 0) * (weekend ? 620 : 1000)) / 1000);
}

export function uuidOf(seed: string): string {
  const part = (name: string, length: number) => token(`${seed}/${name}`, length, hex);
  return `GPU-${part('a', 8)}-${part('b', 4)}-${part('c', 4)}-${part('d', 4)}-${part('e', 12)}`;
}

interface GpuStory {
  machine: Machine;
  who?: { namespace: string; pod: string; container: string };
  /** Thousandths. */
  smActive: (moment: Moment, seed: number) => number;
  usedMiB: (moment: Moment, seed: number) => number;
}

/** SM active, memory in use and, once a week, the memory there is, of each GPU of a machine. */
function* gpuSeries({ machine, who, smActive, usedMiB }: GpuStory): Iterable<Measured> {
  const firstHour = Date.parse(memorySince) / 3_600_000;
  const late = machine.moments.filter(({ hour }) => hour >= firstHour);
  for (let gpu = 0; gpu < gpusEach; gpu += 1) {
    const seed = seedOf(`${machine.id}/gpu ${gpu}`);
    const labels = {
      gpu: String(gpu),
      UUID: uuidOf(`${machine.id}/${gpu}`),
      device: `nvidia${gpu}`,
      modelName: 'NVIDIA H100 80GB HBM3',
      Hostname: machine.name,
      instance_id: ownId(machine),
      ...who,
    };
    yield {
      name: 'DCGM_FI_PROF_SM_ACTIVE',
      labels,
      moments: machine.moments,
      value: (moment) => String(smActive(moment, seed) / 1000),
    };
    yield {
      name: 'DCGM_FI_DEV_FB_USED',
      labels,
      moments: late,
      value: (moment) => String(usedMiB(moment, seed)),
    };
    yield {
      name: 'DCGM_FI_DEV_FB_TOTAL',
      labels,
      moments: late.filter((_, at) => at % 168 === 0),
      value: () => String(h100MiB),
    };
  }
}

/** A recording rule has made one figure of the processors of a machine. */
function cpu(machine: Machine, low: number, high: number): Measured {
  return {
    name: 'cpu_util',
    labels: { instance_id: ownId(machine), Hostname: machine.name },
    moments: machine.moments,
    value: ({ hour }) => String(between(machine.seed, hour, low, high) / 10),
  };
}

/** Busy day and night; every twelfth hour a checkpoint is written and the GPUs wait for it. */
function* trainers(): Iterable<Measured> {
  const machines = machinesOf('llm-pretrain-b', 'p5', '2026-10-01');
  for (const machine of machines.filter(({ name }) => name.startsWith('pretrain-b1-'))) {
    yield* gpuSeries({
      machine,
      who: { namespace: 'foundation', pod: machine.name, container: 'trainer' },
      smActive: ({ hour }, seed) =>
        hour % 12 === 0 ? between(seed, hour, 300, 450) : between(seed, hour, 760, 890),
      usedMiB: ({ hour }, seed) => between(seed, hour, 71_000, 74_600),
    });
    yield cpu(machine, 240, 340);
  }
}

/** The second cluster: its run ended in the night to 18 November, its machines were left on. */
function* forgotten(): Iterable<Measured> {
  const ended = Date.parse('2026-11-18T04:00:00Z') / 3_600_000;
  const machines = machinesOf('llm-pretrain-b', 'p5', '2026-11-17');
  for (const machine of machines.filter(({ name }) => name.startsWith('pretrain-b2-'))) {
    yield* gpuSeries({
      machine,
      smActive: ({ hour }, seed) => (hour < ended ? between(seed, hour, 740, 880) : 0),
      usedMiB: ({ hour }, seed) => (hour < ended ? between(seed, hour, 70_200, 73_800) : 4),
    });
  }
}

/** On Google Cloud the processors are full with reading data, and the GPUs wait half of the time. */
function* starved(): Iterable<Measured> {
  for (const machine of machinesOf('llm-pretrain-b', 'a3', '2026-10-25')) {
    yield* gpuSeries({
      machine,
      who: { namespace: 'foundation', pod: machine.name, container: 'trainer' },
      smActive: ({ hour }, seed) => between(seed, hour, 360, 560),
      usedMiB: ({ hour }, seed) => between(seed, hour, 61_500, 64_200),
    });
    yield cpu(machine, 920, 985);
  }
}

/** Machines of 8 x 80 GB for a model of 18 GB, which follow the day of those who ask. */
function* chat(): Iterable<Measured> {
  for (const machine of machinesOf('chat-serving-eu', 'p5', '2026-11-01')) {
    const { seed, moments } = machine;
    yield* gpuSeries({
      machine,
      who: { namespace: 'assistant', pod: machine.name, container: 'chat' },
      smActive: (moment, gpuSeed) =>
        30 + Math.floor((demandAt(moment) * between(gpuSeed, moment.hour, 240, 310)) / 1000),
      usedMiB: ({ hour }, gpuSeed) => between(gpuSeed, hour, 17_900, 19_400),
    });
    const labels = {
      instance_id: ownId(machine),
      Hostname: machine.name,
      model_name: 'meridian-chat-8b',
    };
    const requests = runningTotal(moments, (moment) =>
      Math.floor((demandAt(moment) * between(seed, moment.hour, 4_600, 5_400)) / 1000),
    );
    const served = (name: string, each: number): Measured => ({
      name,
      labels,
      moments,
      value: ({ hour }) => String((requests.get(hour) ?? 0) * each),
    });
    yield served('vllm:request_success_total', 1);
    yield served('vllm:prompt_tokens_total', 910);
    yield served('vllm:generation_tokens_total', 260);
  }
}

/** A counter that rises while its machine runs and begins again at 0 with each start. */
function runningTotal(
  moments: readonly Moment[],
  added: (moment: Moment) => number,
): Map<number, number> {
  const totals = new Map<number, number>();
  for (const moment of moments) {
    const before = totals.get(moment.hour - 1) ?? 0;
    totals.set(moment.hour, before + added(moment));
  }
  return totals;
}
