import type { Moment } from './measuredMachines.ts';

/** One series as an exporter gives it; a value of null is what nvidia-smi writes as [N/A]. */
export interface Measured {
  name: string;
  labels: Record<string, string>;
  moments: readonly Moment[];
  /** As the source writes it. */
  value: (moment: Moment) => string;
}

/** Readings are of the half hour. */
const secondOf = ({ hour }: Moment): number => hour * 3600 + 1800;

/** The answer of Prometheus to a range query with a step of an hour, in pieces. */
export function* prometheusText(series: Iterable<Measured>): Iterable<string> {
  let between = '{"status":"success","data":{"resultType":"matrix","result":[\n';
  for (const { name, labels, moments, value } of series) {
    if (moments.length === 0) continue;
    const values = moments.map((moment) => `[${secondOf(moment)},"${value(moment)}"]`);
    yield `${between}{"metric":${JSON.stringify({ __name__: name, ...labels })},"values":[${values.join(',')}]}`;
    between = ',\n';
  }
  yield '\n]}}\n';
}

/** A metric of CloudWatch; `labels` are its dimensions. */
export interface CloudWatchMetric extends Measured {
  namespace: string;
  stat: 'Average' | 'Maximum' | 'Sum';
}

/** An answer of GetMetricData with the queries it answers, as one document, in pieces. */
export function* cloudWatchText(metrics: readonly CloudWatchMetric[]): Iterable<string> {
  const queries = metrics.map(({ namespace, name, labels, stat }, index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(labels).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: 3600,
      Stat: stat,
    },
  }));
  yield `{"MetricDataQueries":${JSON.stringify(queries)},\n"MetricDataResults":[\n`;
  for (const [index, { name, moments, value }] of metrics.entries()) {
    const times = moments.map(({ hour }) => `"${isoOf(hour * 3600)}+00:00"`);
    const result =
      `{"Id":"m${index}","Label":${JSON.stringify(name)},"StatusCode":"Complete",` +
      `"Timestamps":[${times.join(',')}],"Values":[${moments.map(value).join(',')}]}`;
    yield `${index === 0 ? '' : ',\n'}${result}`;
  }
  yield '\n]}\n';
}

/** What nvidia-smi says of one GPU at a moment. */
export interface SmiGpu {
  uuid: string;
  name: string;
  mig: boolean;
  totalMiB: number;
  usedMiB: (moment: Moment) => number;
  /** Hidden while the GPU is cut into MIG instances. */
  util: (moment: Moment) => number;
}

/** A log of `nvidia-smi --query-gpu=... --format=csv -l 3600` on one machine, in pieces. */
export function* nvidiaSmiText(
  gpus: readonly SmiGpu[],
  moments: readonly Moment[],
): Iterable<string> {
  yield 'timestamp, name, index, uuid, mig.mode.current, utilization.gpu [%], memory.used [MiB], memory.total [MiB]\n';
  for (const moment of moments) {
    const time = isoOf(secondOf(moment)).replaceAll('-', '/').replace('T', ' ');
    for (const [index, { uuid, name, mig, totalMiB, usedMiB, util }] of gpus.entries()) {
      yield [
        `${time}.000`,
        name,
        index,
        uuid,
        mig ? 'Enabled' : 'Disabled',
        mig ? '[N/A]' : `${util(moment)} %`,
        `${usedMiB(moment)} MiB`,
        `${totalMiB} MiB\n`,
      ].join(', ');
    }
  }
}

const isoOf = (second: number): string => new Date(second * 1000).toISOString().slice(0, 19);
