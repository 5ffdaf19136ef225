import type { CallOutput } from '../../../shared/contract/contract.ts';
import {
  formatAllDigits,
  formatChange,
  formatChangePercent,
  formatCount,
  formatDecimal,
  formatDuration,
  formatHeadline,
  formatRange,
  formatRows,
  formatShare,
  placesOf,
  subtract,
} from '../../../shared/domain/format.ts';
import { useLink } from '../../stores/address.ts';

type View = CallOutput<'costs.view'>;

/** The total of the slice, its share of all, its change and whether it ties out. */
export function Summary({ view }: { view: View | null }) {
  const link = useLink();
  if (!view)
    return (
      <div className="summary">
        <span className="summary-total num">–</span>
      </div>
    );
  const { cost, unknownRows } = view.total;
  const all = view.totalUnfiltered.cost;
  const { periods, tiedOut } = view.tieOut;
  return (
    <div className="summary num">
      <a
        className="summary-total"
        href={link({ lines: { sort: 'cost', line: null } })}
        title={cost === null ? 'Its lines' : `${formatAllDigits(cost)}, its lines`}
      >
        {cost === null ? 'unknown' : formatHeadline(cost, view.currency, placesOf(cost))}
      </a>
      {cost !== null && all !== null && (
        <span className="muted">
          {cost === all
            ? 'all charges'
            : `${formatShare(cost, all)} of ${formatDecimal(all, placesOf(all))}`}
        </span>
      )}
      {unknownRows > 0 && (
        <span className="strong">{formatCount(unknownRows)} charges without this cost</span>
      )}
      <Change view={view} />
      <a
        className={tiedOut === periods ? 'muted' : 'risk'}
        href={link({ page: 'sources' })}
        title="Billing months behind this answer that equal the total their file states"
      >
        {tiedOut === periods
          ? `Ties out to ${formatCount(periods)} billing ${periods === 1 ? 'month' : 'months'}, difference 0.00`
          : `${formatCount(periods - tiedOut)} of ${formatCount(periods)} billing months do not tie out`}
      </a>
      <span className="caption muted end">
        Answered in {formatDuration(view.elapsedMs)} from {formatRows(view.chargeRows)} rows
      </span>
    </div>
  );
}

function Change({ view }: { view: View }) {
  const { compareRange, previousTotal } = view;
  const { cost } = view.total;
  if (!compareRange || previousTotal === null || cost === null) return null;
  return (
    <span className="muted">
      Against {formatRange(compareRange.from, compareRange.to)}:{' '}
      <b>{formatChange(subtract(cost, previousTotal), placesOf(cost))}</b>,{' '}
      {formatChangePercent(cost, previousTotal)}
    </span>
  );
}
