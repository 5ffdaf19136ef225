import type { Counter } from '../../../shared/telemetry/counters.ts';
import { prometheusLabels } from '../../../shared/telemetry/identity.ts';
import { resourceOf, type TelemetryReading } from './reading.ts';
import type { SeriesFacts } from './samples.ts';

/** A series by its name and labels. */
export function prometheusSeries(
  name: string,
  counter: Counter,
  labels: Readonly<Record<string, string>>,
  reading: TelemetryReading,
): SeriesFacts {
  return {
    resource: resourceOf(prometheusLabels(labels), reading),
    metric: counter.metric,
    stat: 'sample',
    source: `${kindOf(name)}:${name}${counter.rises ? part(labels) : ''}`,
  };
}

function kindOf(name: string): string {
  return (/^[A-Za-z]+/.exec(name)?.[0] ?? 'prometheus').toLowerCase();
}

/** Labels that name the resource, or that two readings of one counter may differ in. */
const common =
  /^(gpu|uuid|gpu_uuid|index|pci_bus_id|modelname|hostname|host|instance(_id)?|node(_name|name)?|kubernetes_node|(exported_)?(pod|namespace|container|job|service|endpoint)|model_name|cluster(_name)?|prometheus(_replica)?|replica|driver_version|dcgm_fi_.*)$/i;

/**
 * Rising counters of one resource lie beside each other (a network card each, a reason to finish
 * each): what tells them apart belongs to the source, so that their steps are added up.
 */
function part(labels: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels)
    .filter(([name, value]) => name !== '__name__' && value !== '' && !common.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return own.length === 0 ? '' : ` {${own.join(', ')}}`;
}

/** What a machine sends to itself or between its own containers is no traffic of its own. */
const inner = /^(lo|veth.*|docker\d*|br-.*|cni\d*|cali.*|flannel.*|cilium.*|lxc.*|virbr\d*)$/;

export function isSkippedDevice(
  counter: Counter,
  labels: Readonly<Record<string, string>>,
): boolean {
  const device = labels['device'] ?? labels['interface'];
  return counter.metric === 'network_bytes' && device !== undefined && inner.test(device);
}
