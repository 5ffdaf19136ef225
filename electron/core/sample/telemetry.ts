import { machinesOf, type Machine } from './measuredMachines.ts';
import { between, seedOf } from './noise.ts';
import { cloudWatchMetrics } from './telemetryCloudWatch.ts';
import { clusterSeries, uuidOf } from './telemetryCluster.ts';
import { cloudWatchText, nvidiaSmiText, prometheusText } from './telemetryFiles.ts';

export interface TelemetryFile {
  name: string;
  /** The machine that was measured, where the file does not name it. */
  host?: string;
  /** The text in pieces. Each call starts from the beginning. */
  text: () => Iterable<string>;
}

/**
 * What the sample company measured in the last weeks of its bill: readings of every hour in which a
 * machine is billed. Much is not measured, as everywhere: the vision and speech services, the sweeps,
 * the TPUs, most machines on Azure. The same bytes every time.
 */
export function telemetryFiles(): TelemetryFile[] {
  return [
    { name: 'prometheus-gpu-clusters.json', text: () => prometheusText(clusterSeries()) },
    { name: 'cloudwatch-metric-data.json', text: () => cloudWatchText(cloudWatchMetrics()) },
    { name: 'nvidia-smi-rank-nd-01.csv', host: 'rank-nd-01', text: () => rankTrainer() },
    { name: 'nvidia-smi-rank-eval-03.csv', host: 'rank-eval-03', text: () => migHost() },
  ];
}

const since = '2026-10-25';

function named(machines: readonly Machine[], name: string): Machine {
  const machine = machines.find((each) => each.name === name);
  if (!machine) throw new RangeError(`no machine ${name}`);
  return machine;
}

/** GPU-Util says only that a kernel ran; there is no better counter on this machine. */
function rankTrainer(): Iterable<string> {
  const machine = named(machinesOf('rank-train', 'ndH100', since), 'rank-nd-01');
  const gpus = Array.from({ length: 8 }, (_, gpu) => {
    const seed = seedOf(`${machine.id}/${gpu}`);
    return {
      uuid: uuidOf(`${machine.id}/${gpu}`),
      name: 'NVIDIA H100 80GB HBM3',
      mig: false,
      totalMiB: 81_559,
      usedMiB: ({ hour }: { hour: number }) => between(seed, hour, 66_100, 70_800),
      util: ({ hour }: { hour: number }) => between(seed, hour + 1_000_000, 91, 100),
    };
  });
  return nvidiaSmiText(gpus, machine.moments);
}

/** Cut into MIG instances, so that the driver hides how busy it is: unknown, not idle. */
function migHost(): Iterable<string> {
  const machine = named(machinesOf('rank-train', 'ncA100', since), 'rank-eval-03');
  const gpu = {
    uuid: uuidOf(machine.id),
    name: 'NVIDIA A100 80GB PCIe',
    mig: true,
    totalMiB: 81_920,
    usedMiB: ({ hour }: { hour: number }) => between(machine.seed, hour, 21_400, 38_900),
    util: () => 0,
  };
  return nvidiaSmiText([gpu], machine.moments);
}
