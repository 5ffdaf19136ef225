import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { currencySign, formatCount, formatRange } from '../../../shared/domain/format.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import { nextRow, rowHeight, unasked, visible } from '../../components/virtualRows.ts';
import { byCost, type Column, type Sort, sortRows } from './sortRows.ts';
import { Foot } from './WorkloadsFoot.tsx';
import { Row } from './WorkloadRowView.tsx';
import { type Overview, purposeInSentence } from './words.ts';

interface TableProps {
  overview: Overview;
  /** The workload that was opened last: its row has the keys when the table comes back. */
  opened: string | null;
}

/** The workloads, the dearest first. Only those in view are in the page. */
export function WorkloadsTable({ overview, opened }: TableProps) {
  const purpose = useChoices((choices) => choices.purpose);
  const [sort, setSort] = useState<Sort>(byCost);
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const tableId = useId();
  const rows = useMemo(() => {
    const all = overview.workloads;
    const of = purpose === null ? all : all.filter((row) => row.purpose === purpose);
    return sortRows(of, sort);
  }, [overview, purpose, sort]);
  const [chosen, setChosen] = useState(() => rows.findIndex(({ id }) => id === opened));
  // The virtualiser changes in place; this component is not compiled, so nothing is kept stale.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    ...unasked,
    // So that the rows are there before the page is measured.
    initialRect: { width: 0, height: 12 * rowHeight },
  });
  const inView = Math.min(rows.length, visible(virtual.scrollRect?.height ?? 0));

  useEffect(() => {
    if (opened === null || chosen < 0) return;
    grid.current?.focus({ preventScroll: true });
    virtual.scrollToIndex(chosen);
    // Once, when the table comes back.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  function press(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    const next = nextRow(event.key, chosen, rows.length, inView);
    const row = rows[chosen];
    if (next !== null) {
      event.preventDefault();
      setChosen(next);
      if (next >= 0) virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && row) {
      event.preventDefault();
      choose({ workload: row.id });
    }
  }

  function sortBy(column: Column) {
    const text = column === 'name' || column === 'purpose';
    setSort({ column, descending: sort.column === column ? !sort.descending : !text });
    setChosen(-1);
  }

  return (
    <section className="workloads-table" aria-label="Workloads">
      <div className="section-head">
        <h2>Workloads</h2>
        <span className="caption muted num">
          {purpose === null
            ? `${formatCount(overview.workloadCount)} in all, `
            : `${formatCount(rows.length)} of ${formatCount(overview.workloadCount)}, mainly ${purposeInSentence(purpose)}, `}
          {formatRange(overview.range.from, overview.range.to)}. Busy counts only hours with
          telemetry.
        </span>
      </div>
      <div
        className="grid workloads-grid"
        role="grid"
        aria-label="Workloads"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={chosen >= 0 ? `${tableId}-${chosen}` : undefined}
        tabIndex={0}
        onKeyDown={press}
        ref={grid}
      >
        <div role="rowgroup">
          <Head overview={overview} sort={sort} onSort={sortBy} />
        </div>
        <div className="grid-scroll" role="rowgroup" ref={scroller}>
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const row = rows[index];
              return (
                row && (
                  <Row
                    key={row.id}
                    row={row}
                    overview={overview}
                    id={`${tableId}-${index}`}
                    index={index}
                    start={start}
                    selected={index === chosen}
                    onPoint={setChosen}
                  />
                )
              );
            })}
          </div>
        </div>
        <div role="rowgroup">
          <Foot overview={overview} rows={rows} purpose={purpose} />
        </div>
      </div>
    </section>
  );
}

interface HeadProps {
  overview: Overview;
  sort: Sort;
  onSort: (column: Column) => void;
}

function Head({ overview, sort, onSort }: HeadProps) {
  const sign = currencySign(overview.currency);
  const cell = (column: Column, label: string, right: boolean) => {
    const sorted = sort.column === column;
    return (
      <div
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
      {cell('name', 'Workload', false)}
      {cell('purpose', 'Purpose', false)}
      {cell('cost', `AI cost ${sign}`, true)}
      {cell('change', 'Change', true)}
      <div role="columnheader" className="right">
        Share
      </div>
      <div role="columnheader" className="apart">
        {overview.periods[0]?.length === 7 ? 'Monthly' : 'Daily'}
      </div>
      {cell('hours', 'GPU-hours', true)}
      {cell('busy', 'Busy', true)}
      {cell('unit', `${sign} a unit`, true)}
      <div role="columnheader" className="apart">
        Telemetry
      </div>
    </div>
  );
}
