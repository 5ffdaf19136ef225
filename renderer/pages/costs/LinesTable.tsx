import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Line } from '../../../shared/contract/lines.ts';
import {
  currencySign,
  formatAllDigits,
  formatCount,
  formatDay,
  formatDecimal,
} from '../../../shared/domain/format.ts';
import { noValue, valueName } from '../../stores/words.ts';
import { nextRow, rowHeight, unasked, visible } from '../../components/virtualRows.ts';

interface LinesTableProps {
  /** Null before the first answer. */
  answer: CallOutput<'costs.lines'> | null;
  /** Place of the opened line. */
  line: number | null;
  currency: string | null;
  /** The first line in view has become another. */
  onView: (first: number) => void;
  onLine: (line: number | null) => void;
}

/** The lines in view of all that there are; those not yet answered are dashes. */
export function LinesTable({ answer, line, currency, onView, onLine }: LinesTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const tableId = useId();
  const count = answer?.lines ?? 0;
  // The virtualiser changes in place; this component is not compiled, so nothing is kept stale.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    ...unasked,
    initialOffset: (line ?? 0) * rowHeight,
  });
  const first = virtual.range?.startIndex ?? 0;
  useEffect(() => onView(first), [first, onView]);
  const inView = Math.min(count, visible(virtual.scrollRect?.height ?? 0));

  function press(event: KeyboardEvent) {
    const next = nextRow(event.key, line ?? -1, count, inView);
    if (next === null) return;
    // Escape with nothing opened closes the lines themselves.
    if (event.key === 'Escape' && line === null) return;
    event.preventDefault();
    onLine(next < 0 ? null : next);
    if (next >= 0) virtual.scrollToIndex(next);
  }

  const sign = currencySign(currency);
  return (
    <div
      className="grid lines-grid"
      role="grid"
      aria-label="Lines"
      aria-rowcount={count + 1}
      aria-activedescendant={line === null ? undefined : `${tableId}-${line}`}
      tabIndex={0}
      onKeyDown={press}
    >
      <div role="rowgroup">
        <div className="grid-row fixed head" role="row">
          <div role="columnheader">Day</div>
          <div role="columnheader">Resource</div>
          <div role="columnheader" className="wide">
            Service
          </div>
          <div role="columnheader" className="wide">
            SKU
          </div>
          <div role="columnheader" className="right">
            Billed {sign}
          </div>
          <div role="columnheader" className="right">
            Effective {sign}
          </div>
          <div role="columnheader">File</div>
          <div role="columnheader" className="right">
            Row
          </div>
        </div>
      </div>
      <div className="grid-scroll" role="rowgroup" ref={scroller}>
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            // The grid has the focus and the keys; a row is for the pointer.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={index}
              id={`${tableId}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === line}
              className="grid-row"
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => onLine(index === line ? null : index)}
            >
              <Cells line={answer?.rows[index - answer.offset]} />
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup">
        <div className="grid-row fixed total" role="row">
          <div role="gridcell" className="span muted">
            {answer ? `${formatCount(inView)} of ${formatCount(count)} in view` : '–'}
          </div>
        </div>
      </div>
    </div>
  );
}

function Cells({ line }: { line: Line | undefined }) {
  if (!line) {
    return (
      <div role="gridcell" className="muted">
        –
      </div>
    );
  }
  const { dimensions, names } = line;
  const named = (dimension: string) =>
    valueName(dimensions[dimension] ?? null, names[dimension] ?? null);
  return (
    <>
      <div role="gridcell" className="nowrap num" title={line.start ?? undefined}>
        {formatDay(line.day)}
      </div>
      <Text value={dimensions['resource'] ?? null} shown={named('resource')} />
      <Text className="wide" value={dimensions['service'] ?? null} shown={named('service')} />
      <Text className="wide" value={dimensions['sku'] ?? null} shown={named('sku')} />
      <Amount value={line.billed} />
      <Amount value={line.effective} />
      <div role="gridcell" className="cut muted" title={line.file}>
        {line.file}
      </div>
      <div role="gridcell" className="right muted">
        {/* The row's own click opens it; this says so, and lets the rows be scrolled by key. */}
        <button type="button" tabIndex={-1} className="figure-link" title="The cells of this row">
          {formatCount(line.row)}
        </button>
      </div>
    </>
  );
}

function Text({
  value,
  shown,
  className = '',
}: {
  value: string | null;
  shown: string;
  className?: string;
}) {
  return (
    <div
      role="gridcell"
      className={`cut ${className} ${shown === noValue ? 'muted' : ''}`}
      title={value === null || value === shown ? shown : `${shown}, ${value}`}
    >
      {shown}
    </div>
  );
}

/** Digits after the point that a column has room for; all of them on hover. */
const mostPlaces = 10;

function Amount({ value }: { value: string | null }) {
  if (value === null) {
    return (
      <div role="gridcell" className="right muted">
        unknown
      </div>
    );
  }
  const all = formatAllDigits(value);
  const places = all.split('.')[1]?.length ?? 0;
  return (
    <div role="gridcell" className="right" title={all}>
      {places > mostPlaces ? formatDecimal(value, mostPlaces) : all}
    </div>
  );
}
