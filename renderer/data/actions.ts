import type { ErrorBody } from '../../shared/contract/errors.ts';
import { monthOfPeriod, type Loaded } from '../stores/period.ts';
import { useChoices } from '../stores/choices.ts';
import { costsInput } from '../stores/costsInput.ts';
import { costsCsv, downloadText } from './download.ts';
import type { Api } from './useApi.ts';

/** The most rows one export holds; the page asks for fewer. */
const exportRows = 5000;

/** Saves the rows of the Costs page as CSV; answers what went wrong, or null. */
export async function exportCosts(api: Api, loaded: Loaded): Promise<ErrorBody | null> {
  const choices = useChoices.getState();
  const input = { ...costsInput(choices, loaded), limit: exportRows };
  const result = await api.call('costs.view', input);
  if (!result.ok) return result.error;
  const { range } = result.value;
  const csv = costsCsv(result.value, choices.by);
  downloadText(csv, `costs-${range.from}-${choices.by.join('-')}.csv`, 'text/csv');
  return null;
}

/** Makes the report of the chosen month and saves it; answers what went wrong, or null. */
export async function makeReport(api: Api, loaded: Loaded): Promise<ErrorBody | null> {
  const { period, metric } = useChoices.getState();
  const month = monthOfPeriod(period, loaded);
  const result = await api.call('reports.make', { month, format: 'html', metric });
  if (!result.ok) return result.error;
  // A full path is possible where the core keeps a copy; the saved file has the last part.
  const name = result.value.file.split(/[\\/]/).at(-1) ?? `outlay-${month}.html`;
  downloadText(result.value.text ?? '', name, 'text/html');
  return null;
}
