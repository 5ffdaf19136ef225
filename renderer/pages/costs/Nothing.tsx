import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Filter } from '../../../shared/contract/values.ts';
import { formatRange } from '../../../shared/domain/format.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import { filterWords } from '../../stores/words.ts';

function same(a: Filter, b: Filter): boolean {
  return (
    a.dimension === b.dimension &&
    (a.not ?? false) === (b.not ?? false) &&
    a.values.length === b.values.length &&
    a.values.every((value, index) => value === b.values[index])
  );
}

/** An empty slice: why, and the one thing to undo. */
export function Nothing({ view }: { view: CallOutput<'costs.view'> }) {
  const filters = useChoices((choices) => choices.filters);
  const cause = view.emptyBecause;
  const days = formatRange(view.range.from, view.range.to, true);
  if (filters.length === 0) {
    return (
      <div className="nothing">
        <p>No charges are loaded for {days}.</p>
        <button
          type="button"
          className="button primary"
          onClick={() => choose({ period: { kind: 'latest' } })}
        >
          Show the latest month
        </button>
      </div>
    );
  }
  const rest = cause ? filters.filter((filter) => !same(filter, cause)) : [];
  return (
    <div className="nothing">
      <p>
        No charge in {days} matches the filters.
        {cause && ` “${filterWords(cause)}” excludes most.`}
      </p>
      <button type="button" className="button primary" onClick={() => choose({ filters: rest })}>
        {cause && rest.length > 0 ? 'Remove that filter' : 'Remove all filters'}
      </button>
    </div>
  );
}
