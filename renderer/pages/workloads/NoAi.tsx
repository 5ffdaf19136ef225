import { formatDecimal, formatRange, placesOf } from '../../../shared/domain/format.ts';
import { choose } from '../../stores/choices.ts';
import { noValue } from '../../stores/words.ts';
import type { Overview } from './words.ts';

/** The page where no charge of the period is AI. */
export function NoAi({ overview }: { overview: Overview }) {
  const { total, range, currency } = overview;
  return (
    <div className="nothing">
      <p>
        No charge in {formatRange(range.from, range.to, true)} is known as AI.
        {total.cost !== null &&
          ` All ${formatDecimal(total.cost, placesOf(total.cost))} ${currency ?? noValue} are classified as something else.`}
      </p>
      <p className="muted small">
        Look at other days, or say by a rule of your own which accounts, services or tags are AI.
      </p>
      <div className="buttons">
        <button
          type="button"
          className="button primary"
          onClick={() => choose({ period: { kind: 'all' } })}
        >
          Show all loaded days
        </button>
        <button type="button" className="button" onClick={() => choose({ rules: true })}>
          Write a rule
        </button>
      </div>
    </div>
  );
}
