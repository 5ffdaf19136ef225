import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useCallback, useId, useMemo, useRef, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { CostsViewRow } from '../../../shared/contract/costs.ts';
import type { Dimension, Filter } from '../../../shared/contract/values.ts';
import {
  currencySign,
  formatAllDigits,
  formatChange,
  formatChangePercent,
  formatCount,
  formatDecimal,
  formatRange,
  formatShare,
  placesOf,
  subtract,
} from '../../../shared/domain/format.ts';
import { ShareBar } from '../../components/ShareBar.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { nextRow, rowHeight, unasked, visible } from '../../components/virtualRows.ts';
import { choose, useChoices, withValue } from '../../stores/choices.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { valueName } from '../../stores/words.ts';
import { byCost, changeWords, type Column, sameColumn, type Sort, sortRows } from './tableRows.ts';

type View = CallOutput<'costs.view'>;

interface TableProps {
  view: View;
  by: readonly Dimension[];
}

function filtersOf(by: readonly Dimension[], row: CostsViewRow, only?: number): readonly Filter[] {
  let { filters } = useChoices.getState();
  by.forEach((dimension, index) => {
    if (only !== undefined && only !== index) return;
    filters = withValue(filters, dimension, row.keys[index] ?? null);
  });
  return filters;
}

function openLines(by: readonly Dimension[], row: CostsViewRow): void {
  choose({ filters: filtersOf(by, row), lines: { sort: 'cost', line: null } });
}

/** The rows of the slice. Only those in view are in the page; the total is of all of them. */
export function CostsTable({ view, by }: TableProps) {
  const [sort, setSort] = useState<Sort>(byCost);
  const [chosen, setChosen] = useState(-1);
  const scroller = useRef<HTMLDivElement>(null);
  const tableId = useId();
  const rows = useMemo(() => sortRows(view.rows, sort), [view.rows, sort]);
  // The virtualiser changes in place; this component is not compiled, so nothing is kept stale.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    ...unasked,
    // So that the rows are there before the page is measured.
    initialRect: { width: 0, height: 10 * rowHeight },
  });
  const point = useCallback((index: number) => setChosen(index), []);
  const inView = Math.min(rows.length, visible(virtual.scrollRect?.height ?? 0));
  const compared = view.compareRange !== null;
  const left = view.rowCount - rows.length;
  const places = placesOf(view.total.cost);

  function press(event: KeyboardEvent) {
    const next = nextRow(event.key, chosen, rows.length, inView);
    const row = rows[chosen];
    if (next !== null) {
      event.preventDefault();
      setChosen(next);
      if (next >= 0) virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && row) {
      event.preventDefault();
      choose({ filters: filtersOf(by, row) });
    } else if (event.key === 'l' && row) {
      event.preventDefault();
      openLines(by, row);
    }
  }

  function sortBy(column: Column) {
    const again = sameColumn(sort.column, column);
    setSort({ column, descending: again ? !sort.descending : typeof column !== 'object' });
    setChosen(-1);
  }

  return (
    <div
      className={`grid keys-${by.length}${compared ? ' compared' : ''}`}
      role="grid"
      aria-label="Rows"
      aria-rowcount={view.rowCount + 2}
      aria-activedescendant={chosen >= 0 ? `${tableId}-${chosen}` : undefined}
      tabIndex={0}
      onKeyDown={press}
    >
      <div role="rowgroup">
        <Head view={view} by={by} sort={sort} onSort={sortBy} />
      </div>
      <div className="grid-scroll" role="rowgroup" ref={scroller}>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return (
              row && (
                // By place, so that other rows are written into the elements that are there.
                <Row
                  key={index}
                  view={view}
                  row={row}
                  by={by}
                  id={`${tableId}-${index}`}
                  index={index}
                  start={start}
                  selected={index === chosen}
                  onPoint={point}
                />
              )
            );
          })}
        </div>
      </div>
      <div role="rowgroup">
        {left > 0 && (
          <div className="grid-row fixed muted" role="row">
            <div role="gridcell" className="span">
              {formatCount(left)} more
              {view.restCost !== null && `, ${formatDecimal(view.restCost, places)}`}
            </div>
          </div>
        )}
        <Total view={view} inView={inView} keys={by.length} />
      </div>
    </div>
  );
}

interface HeadProps extends TableProps {
  sort: Sort;
  onSort: (column: Column) => void;
}

function Head({ view, by, sort, onSort }: HeadProps) {
  const sign = currencySign(view.currency);
  const { range, compareRange } = view;
  const each = view.periods[0]?.length === 7 ? 'Monthly' : 'Daily';
  const cell = (column: Column, label: string, right: boolean) => {
    const sorted = sameColumn(sort.column, column);
    return (
      <div
        key={label}
        role="columnheader"
        className={right ? 'right' : undefined}
        aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      >
        <button type="button" onClick={() => onSort(column)}>
          {label}
          {sorted && <span className="sort-mark">{sort.descending ? ' ▼' : ' ▲'}</span>}
        </button>
      </div>
    );
  };
  return (
    <div className="grid-row fixed head" role="row">
      {by.map((dimension, key) => cell({ key }, dimensionName(dimension), false))}
      {cell('cost', `${daysHead(range, 'Cost')} ${sign}`, true)}
      {compareRange && cell('previous', `${daysHead(compareRange, 'Before')} ${sign}`, true)}
      {compareRange && cell('change', `Change ${sign}`, true)}
      {compareRange && (
        <div role="columnheader" className="right">
          Change
        </div>
      )}
      <div role="columnheader">Share</div>
      <div role="columnheader">{each}</div>
    </div>
  );
}

/** The days where they fit the column, else a word: the header and the chart name them too. */
function daysHead(days: { from: string; to: string }, word: string): string {
  const text = formatRange(days.from, days.to);
  return text.length <= 14 ? text : word;
}

interface RowProps extends TableProps {
  row: CostsViewRow;
  id: string;
  index: number;
  /** Pixels from the top of all rows. */
  start: number;
  selected: boolean;
  onPoint: (index: number) => void;
}

const Row = memo(function Row({ view, row, by, id, index, start, selected, onPoint }: RowProps) {
  return (
    // The grid has the focus and the keys; a row is for the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className="grid-row"
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => onPoint(index)}
    >
      <Cells view={view} row={row} by={by} />
    </div>
  );
});

const Cells = memo(function Cells({ view, row, by }: TableProps & { row: CostsViewRow }) {
  const total = view.total.cost;
  const places = placesOf(total);
  const change = changeWords(row, places);
  return (
    <>
      {by.map((dimension, index) => {
        const value = row.keys[index] ?? null;
        const name = valueName(value, row.names[index] ?? null);
        return (
          <div role="gridcell" key={dimension} className="key">
            {index === 0 && <span className={`swatch cat-${row.colour}`} />}
            <button
              type="button"
              tabIndex={-1}
              className={value === null ? 'cut muted' : 'cut'}
              title={value === null || value === name ? name : `${name}, ${value}`}
              onClick={() => choose({ filters: filtersOf(by, row, index) })}
            >
              {name}
            </button>
          </div>
        );
      })}
      <div role="gridcell" className="right">
        <button
          type="button"
          tabIndex={-1}
          className="figure-link"
          title={row.cost === null ? 'Its lines' : `${formatAllDigits(row.cost)}, its lines`}
          onClick={() => openLines(by, row)}
        >
          {row.cost === null ? 'unknown' : formatDecimal(row.cost, places)}
        </button>
      </div>
      {view.compareRange && (
        <>
          <div role="gridcell" className="right muted">
            {row.previous === null ? 'n/a' : formatDecimal(row.previous, places)}
          </div>
          <div role="gridcell" className="right">
            {change.amount}
          </div>
          <div role="gridcell" className="right muted">
            {change.percent}
          </div>
        </>
      )}
      <div role="gridcell" className="share-cell num">
        {row.cost !== null && total !== null && (
          <>
            <ShareBar part={row.cost} whole={total} /> <span>{formatShare(row.cost, total)}</span>
          </>
        )}
      </div>
      <div role="gridcell">
        <Sparkline points={row.spark} />
      </div>
    </>
  );
});

function Total({ view, inView, keys }: { view: View; inView: number; keys: number }) {
  const { cost } = view.total;
  const places = placesOf(cost);
  const previous = view.previousTotal;
  return (
    <div className="grid-row fixed total" role="row" aria-rowindex={view.rowCount + 2}>
      <div role="gridcell" className={keys > 1 ? 'keys' : undefined}>
        Total of {formatCount(view.rowCount)} {view.rowCount === 1 ? 'row' : 'rows'}
      </div>
      <div role="gridcell" className="right">
        {cost === null ? 'unknown' : formatDecimal(cost, places)}
      </div>
      {view.compareRange && (
        <>
          <div role="gridcell" className="right">
            {previous === null ? 'n/a' : formatDecimal(previous, places)}
          </div>
          <div role="gridcell" className="right">
            {previous === null || cost === null
              ? 'n/a'
              : formatChange(subtract(cost, previous), places)}
          </div>
          <div role="gridcell" className="right">
            {previous === null || cost === null ? 'n/a' : formatChangePercent(cost, previous)}
          </div>
        </>
      )}
      <div role="gridcell" className="muted in-view">
        {formatCount(inView)} of {formatCount(view.rowCount)} in view
      </div>
      <div role="gridcell" />
    </div>
  );
}
