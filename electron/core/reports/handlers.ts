import type { Handlers } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { CostsDeps } from '../costs/view.ts';

export interface ReportsDeps extends CostsDeps {
  now: () => Date;
}

export function reportsHandlers(_deps: ReportsDeps): Pick<Handlers, 'reports.make'> {
  return {
    'reports.make': ({ kind, format }) => {
      if (kind !== 'monthly' || format !== 'html') {
        throw new OutlayError(
          'NOT_AVAILABLE',
          `The ${kind} report as ${format} is not available in this version.`,
          'Use --kind monthly --format html.',
        );
      }
      throw new OutlayError('NOT_AVAILABLE', 'soon');
    },
  };
}
