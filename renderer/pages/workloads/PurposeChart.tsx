import { useMemo } from 'react';
import { type StackedBarsData, stackedBarsUnit } from '../../../shared/charts/stackedBars.ts';
import { compareDecimals, formatAllDigits, formatDecimal } from '../../../shared/domain/format.ts';
import type { Purpose } from '../../../shared/workloads/purposes.ts';
import { StackedChart } from '../../charts/StackedChart.tsx';
import { choose, useChoices } from '../../stores/choices.ts';
import { metricNames } from '../../stores/words.ts';
import { type Group, groupsOf } from './purposeGroups.ts';
import { sumOf, sumPoints } from './sums.ts';
import { type Overview, purposeShort } from './words.ts';

type Part = Overview['purposes'][number];

interface PurposeChartProps {
  overview: Overview;
  /** The files deliver effective cost. */
  effective: boolean;
}

/** AI spend over time by purpose, and the amounts that add up to the whole bill. */
export function PurposeChart({ overview, effective }: PurposeChartProps) {
  const table = useChoices((choices) => choices.table);
  const groups = useMemo(() => groupsOf(overview.purposes.filter(({ ai }) => ai)), [overview]);
  const data = useMemo<StackedBarsData>(
    () => ({
      periods: overview.periods,
      granularity: overview.periods[0]?.length === 7 ? 'month' : 'day',
      stacks: groups.map(({ label, colour, parts }) => ({
        label,
        colour,
        points: sumPoints(parts.map(({ points }) => points)),
      })),
      comparison: null,
    }),
    [overview, groups],
  );
  return (
    <section className="purposes" aria-label="Spend by purpose">
      <div className="section-head">
        <h2>Spend by purpose</h2>
        <span className="caption muted">
          {stackedBarsUnit(data, overview.currency)}, {metricNames[overview.metric].toLowerCase()}{' '}
          cost
        </span>
        {overview.metric === 'billed' && effective && (
          <button
            type="button"
            className="link-button caption end"
            title="Commitments are spread over the hours that use them, which unit costs need"
            onClick={() => choose({ metric: 'effective' })}
          >
            Show effective cost
          </button>
        )}
      </div>
      <div className={table ? 'purposes-row tabled' : 'purposes-row'}>
        <StackedChart
          data={data}
          height={226}
          labels={false}
          right={4}
          onStack={(index) => {
            const parts = groups[index]?.parts ?? [];
            if (parts.length === 1 && parts[0]) choosePurpose(parts[0].purpose);
          }}
        />
        <Legend overview={overview} groups={groups} />
      </div>
    </section>
  );
}

function choosePurpose(purpose: Purpose): void {
  const chosen = useChoices.getState().purpose;
  choose({ purpose: chosen === purpose ? null : purpose });
}

function Legend({ overview, groups }: { overview: Overview; groups: readonly Group<Part>[] }) {
  const notAi = overview.purposes.find(({ ai }) => !ai);
  const chosen = useChoices((choices) => choices.purpose);
  return (
    <div className="purpose-legend" role="group" aria-label="Amounts by purpose">
      <ul>
        {[...groups].reverse().flatMap(({ label, colour, parts }) => [
          ...(parts.length > 1
            ? [
                <li key={label}>
                  <span className={`swatch cat-${colour}`} />
                  <span className="cut">{label}</span>
                  <Cost cost={sumOf(parts.map(({ cost }) => cost))} />
                </li>,
              ]
            : []),
          ...[...parts]
            .sort((a, b) => (a.cost && b.cost ? compareDecimals(b.cost, a.cost) : 0))
            .map((part) => (
              <li key={part.purpose} className={parts.length > 1 ? 'of-group' : undefined}>
                {parts.length === 1 && <span className={`swatch cat-${colour}`} />}
                <button
                  type="button"
                  className="cut"
                  aria-pressed={part.purpose === chosen}
                  title={`${part.title}: show its workloads`}
                  onClick={() => choosePurpose(part.purpose)}
                >
                  {purposeShort(part.purpose)}
                </button>
                <Cost cost={part.cost} />
              </li>
            )),
        ])}
        <li className="ruled">
          <span className="strong">AI</span>
          <Cost cost={overview.ai.cost} strong />
        </li>
        {notAi && (
          <li>
            <span className="muted">Not AI</span>
            <Cost cost={notAi.cost} />
          </li>
        )}
        <li>
          <span className="muted">All charges</span>
          <Cost cost={overview.total.cost} />
        </li>
      </ul>
    </div>
  );
}

function Cost({ cost, strong = false }: { cost: string | null; strong?: boolean }) {
  return (
    <span
      className={strong ? 'num strong' : 'num muted'}
      title={cost === null ? undefined : formatAllDigits(cost)}
    >
      {cost === null ? 'unknown' : formatDecimal(cost, 2)}
    </span>
  );
}
