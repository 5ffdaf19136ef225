import type { Metric } from '../../shared/contract/values.ts';
import { choose } from '../stores/choices.ts';
import { metricNames, noValue } from '../stores/words.ts';

/** In place of a chart: no charge delivers the cost column. Unknown is never drawn as 0. */
export function UnknownCost({ metric, currency }: { metric: Metric; currency: string | null }) {
  return (
    <div className="unknown-cost">
      <p>
        {metricNames[metric]} cost in {currency ?? noValue} is unknown: the loaded files do not
        deliver it for any of these charges.
      </p>
      {metric !== 'billed' && (
        <button type="button" className="button" onClick={() => choose({ metric: 'billed' })}>
          Show billed cost
        </button>
      )}
    </div>
  );
}
