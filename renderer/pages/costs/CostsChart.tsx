import { useMemo } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Dimension } from '../../../shared/contract/values.ts';
import {
  comparisonLabel,
  type StackedBarsData,
  stackedBarsUnit,
} from '../../../shared/charts/stackedBars.ts';
import {
  formatCount,
  formatDecimal,
  formatRange,
  placesOf,
} from '../../../shared/domain/format.ts';
import { StackedChart } from '../../charts/StackedChart.tsx';
import { choose, useChoices, withValue } from '../../stores/choices.ts';
import { metricNames, valueName } from '../../stores/words.ts';

type View = CallOutput<'costs.view'>;
type Stack = View['stacks'][number];

function stackName(stack: Stack): string {
  return stack.rest ? `${formatCount(stack.values)} other` : valueName(stack.key, stack.name);
}

function filterBy(dimension: Dimension, stack: Stack | undefined): void {
  if (!stack || stack.rest) return;
  choose({ filters: withValue(useChoices.getState().filters, dimension, stack.key) });
}

/** The slice over time, with the same days of the month before as a line, and its stacks ranked. */
export function CostsChart({ view, by }: { view: View; by: readonly Dimension[] }) {
  const granularity = view.periods[0]?.length === 7 ? 'month' : 'day';
  const line = view.compareRange ? comparisonLabel(view.compareRange) : '';
  const dimension = by[0] ?? 'service';
  const places = placesOf(view.total.cost);
  const data = useMemo<StackedBarsData>(
    () => ({
      periods: view.periods,
      granularity,
      stacks: view.stacks.map((stack) => ({
        label: stackName(stack),
        colour: stack.colour,
        points: stack.points,
      })),
      comparison: view.previousPoints && { label: line, points: view.previousPoints },
    }),
    [view, granularity, line],
  );
  return (
    <section className="costs-chart" aria-label="Chart">
      <p className="caption muted">
        {stackedBarsUnit(data, view.currency)}, {metricNames[view.metric].toLowerCase()} cost
        {view.previousPoints && view.compareRange
          ? `; line: ${formatRange(view.compareRange.from, view.compareRange.to)}`
          : ''}
      </p>
      <div className="costs-chart-row">
        <StackedChart
          data={data}
          height={224}
          labels={false}
          right={4}
          onStack={(index) => filterBy(dimension, view.stacks[index])}
        />
        <ol className="ranked">
          {[...view.stacks].reverse().map((stack) => (
            <li key={stack.rest ? 'rest' : (stack.key ?? '')}>
              <span className={`swatch cat-${stack.colour}`} />
              {stack.rest ? (
                <span className="cut">{stackName(stack)}</span>
              ) : (
                <button
                  type="button"
                  className="cut"
                  title={`Filter by ${stackName(stack)}`}
                  onClick={() => filterBy(dimension, stack)}
                >
                  {stackName(stack)}
                </button>
              )}
              <span className="num muted">
                {stack.cost === null ? 'unknown' : formatDecimal(stack.cost, places)}
              </span>
            </li>
          ))}
          {view.compareRange && view.previousTotal !== null && (
            <li className="ranked-line">
              <span className="line-mark" />
              <span className="cut">{line}</span>
              <span className="num muted">{formatDecimal(view.previousTotal, places)}</span>
            </li>
          )}
        </ol>
      </div>
    </section>
  );
}
