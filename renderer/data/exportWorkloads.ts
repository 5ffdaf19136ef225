import type { CallOutput } from '../../shared/contract/contract.ts';
import type { ErrorBody } from '../../shared/contract/errors.ts';
import { purposeTitles } from '../../shared/workloads/purposes.ts';
import { useChoices } from '../stores/choices.ts';
import type { Loaded } from '../stores/period.ts';
import { workloadsInput } from '../stores/workloadsInput.ts';
import { csvCell, downloadText } from './download.ts';
import type { Api } from './useApi.ts';

/** The most workloads one export holds; the page asks for fewer. */
const exportRows = 5000;

/** Saves the workloads of the chosen period as CSV; answers what went wrong, or null. */
export async function exportWorkloads(api: Api, loaded: Loaded): Promise<ErrorBody | null> {
  const input = { ...workloadsInput(useChoices.getState(), loaded), limit: exportRows };
  const result = await api.call('workloads.overview', input);
  if (!result.ok) return result.error;
  downloadText(workloadsCsv(result.value), `workloads-${result.value.range.from}.csv`, 'text/csv');
  return null;
}

type Exported = Pick<
  CallOutput<'workloads.overview'>,
  'metric' | 'currency' | 'workloads' | 'restCost' | 'unassigned' | 'ai'
>;

const head = [
  'Workload',
  'Kind',
  'Purpose',
  'Reason',
  'Rule',
  'Currency',
  'AI cost',
  'Of which shared',
  'Not AI',
  'GPU-hours paid',
  'Busy share',
  'Cost a busy GPU-hour',
  'Unit',
  'Cost a unit',
  'Telemetry',
];

/** Every digit; an empty cell is unknown. The rows after the workloads make up the AI total. */
export function workloadsCsv({ metric, currency, ...view }: Exported): string {
  const lines = [head.map((cell) => csvCell(cell === 'AI cost' ? `AI cost, ${metric}` : cell))];
  for (const row of view.workloads) {
    lines.push([
      ...[row.name, row.kind, purposeTitles[row.purpose], row.reason, row.rule, currency ?? ''].map(
        csvCell,
      ),
      // Amounts are decimals, so they stay numbers.
      row.cost ?? '',
      row.shared ?? '',
      row.notAi ?? '',
      row.gpu.hours ?? '',
      row.gpu.busyShare === null ? '' : row.gpu.busyShare.toFixed(6),
      row.gpu.perBusyHour ?? '',
      csvCell(row.unit?.unit ?? ''),
      row.unit?.perUnit ?? '',
      csvCell(row.telemetry.reason),
    ]);
  }
  const sum = (label: string, cost: string | null) => {
    const cells = head.map(() => '');
    cells[0] = csvCell(label);
    cells[5] = csvCell(currency ?? '');
    cells[6] = cost ?? '';
    lines.push(cells);
  };
  if (view.restCost !== null) sum('Further workloads', view.restCost);
  sum('Without a workload', view.unassigned.cost);
  sum('All AI cost', view.ai.cost);
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}
