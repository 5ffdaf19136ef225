import { type CSSProperties, type KeyboardEvent, memo, useState } from 'react';
import {
  type HeatGrid,
  heatReadout,
  heatStep,
  heatSteps,
  heatSummary,
  heatValue,
  hourName,
} from '../../shared/charts/heatGrid.ts';
import { useChoices } from '../stores/choices.ts';
import './heatMap.css';

interface HeatMapProps {
  grid: HeatGrid;
  /** What the percentages are of: "busy". */
  measure: string;
}

interface Place {
  row: number;
  hour: number;
}

const hours = Array.from({ length: 24 }, (_, hour) => hour);
/** Lower the more days there are, so that a month stays beside its chart. */
function rowHeight(rows: number): number {
  return rows <= 7 ? 22 : rows <= 14 ? 14 : rows <= 21 ? 10 : 8;
}

/** Rows that are named; a name is higher than a low row. */
function namedRows(rows: number): number {
  return rows <= 14 ? 1 : rows <= 21 ? 2 : 5;
}

/** Hours that are named under the grid. */
const namedEvery = 3;

/**
 * Hour by day in six steps of one colour, so that lightness alone tells them apart; unknown hours are
 * crossed. The arrow keys walk the cells and have each one read aloud.
 */
export function HeatMap({ grid, measure }: HeatMapProps) {
  const table = useChoices((choices) => choices.table);
  const [walked, setWalked] = useState<Place | null>(null);
  const [pointed, setPointed] = useState<Place | null>(null);
  if (table) return <HeatTable grid={grid} />;
  const at = pointed ?? walked;
  const readout = at && heatReadout(grid, at.row, at.hour, measure);
  const aloud = walked && heatReadout(grid, walked.row, walked.hour, measure);

  function walk(event: KeyboardEvent) {
    if (event.key === 'Escape' && walked) {
      event.preventDefault();
      event.stopPropagation();
      setWalked(null);
      return;
    }
    const next = step(event.key, walked, grid.rows.length);
    if (!next) return;
    event.preventDefault();
    setPointed(null);
    setWalked(next);
  }

  return (
    // Walked like a list in two directions; no element of HTML says that.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="heat-map"
      role="application"
      aria-roledescription="heat map"
      aria-label={`${heatSummary(grid, measure)} Arrow keys read the values.`}
      // The arrow keys need the focus.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      style={{ '--heat-row': `${rowHeight(grid.rows.length)}px` } as CSSProperties}
      onKeyDown={walk}
      onBlur={() => setWalked(null)}
    >
      <Cells grid={grid} at={at} onPoint={setPointed} />
      {readout && at && (
        <div
          className={tipClass(at, grid.rows.length)}
          aria-hidden="true"
          style={tipPlace(at, grid.rows.length)}
        >
          <div className="strong">{readout.head}</div>
          <div className="num">{readout.value}</div>
          <div className="muted num">{readout.basis}</div>
        </div>
      )}
      <div className="unseen" aria-live="polite">
        {aloud && `${aloud.head}: ${aloud.value}, ${aloud.basis}`}
      </div>
    </div>
  );
}

function tipClass({ row, hour }: Place, rows: number): string {
  const up = row > rows / 2 ? ' up' : '';
  return `chart-tip heat-tip${hour > 11 ? ' left' : ''}${up}`;
}

/** Beside the cell, as a share of the grid: its names at the left have a fixed width. */
function tipPlace({ row, hour }: Place, rows: number) {
  const beside = hour > 11 ? hour : hour + 1;
  const below = row > rows / 2 ? row : row + 1;
  return {
    left: `calc(var(--heat-names) + (100% - var(--heat-names)) * ${beside / 24})`,
    top: `calc((100% - var(--heat-foot)) * ${below / rows})`,
  };
}

interface CellsProps {
  grid: HeatGrid;
  at: Place | null;
  onPoint: (place: Place | null) => void;
}

function Cells({ grid, at, onPoint }: CellsProps) {
  return (
    <div className="heat-grid" aria-hidden="true" onPointerLeave={() => onPoint(null)}>
      {grid.rows.map((row, index) => (
        <HeatLine
          key={row.name}
          grid={grid}
          index={index}
          at={at?.row === index ? at.hour : null}
          onPoint={onPoint}
        />
      ))}
      <div className="heat-hours">
        <span />
        {hours
          .filter((hour) => hour % namedEvery === 0)
          .map((hour) => (
            <span key={hour}>{String(hour).padStart(2, '0')}</span>
          ))}
      </div>
    </div>
  );
}

interface HeatLineProps {
  grid: HeatGrid;
  index: number;
  at: number | null;
  onPoint: (place: Place | null) => void;
}

const HeatLine = memo(function HeatLine({ grid, index, at, onPoint }: HeatLineProps) {
  const row = grid.rows[index];
  return (
    <div className="heat-line">
      <span className="heat-name">{index % namedRows(grid.rows.length) === 0 && row?.label}</span>
      {hours.map((hour) => {
        const cell = row?.cells[hour] ?? null;
        const colour = cell ? `heat-${heatStep(cell.value, grid.top)}` : 'heat-unknown';
        return (
          <span
            key={hour}
            className={`heat-cell ${colour}${at === hour ? ' at' : ''}`}
            onPointerEnter={() => onPoint({ row: index, hour })}
          />
        );
      })}
    </div>
  );
});

/** The steps with their ends, and what a crossed cell is. */
export function HeatScale({ grid }: { grid: HeatGrid }) {
  const unknown = grid.rows.some(({ cells }) => cells.some((cell) => cell === null));
  return (
    <div className="heat-scale caption muted num" aria-hidden="true">
      <span>0%</span>
      {Array.from({ length: heatSteps }, (_, index) => (
        <span
          key={index}
          className={`heat-cell heat-${index}`}
          title={`${Math.round((index * grid.top) / heatSteps)} to ${Math.round(((index + 1) * grid.top) / heatSteps)}%`}
        />
      ))}
      <span>{grid.top}%</span>
      {unknown && (
        <>
          <span className="heat-cell heat-unknown apart" />
          <span>unknown, no samples</span>
        </>
      )}
    </div>
  );
}

function HeatTable({ grid }: { grid: HeatGrid }) {
  return (
    <section
      className="numbers-scroll heat-numbers"
      // Scrollable content must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label="Values of the heat map"
    >
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">Hour, UTC</th>
            {grid.rows.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map((hour) => (
            <tr key={hour}>
              <th scope="row">{hourName(hour)}</th>
              {grid.rows.map(({ name, cells }) => {
                const cell = cells[hour] ?? null;
                return <td key={name}>{cell ? heatValue(cell.value) : 'unknown'}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function step(key: string, at: Place | null, rows: number): Place | null {
  const { row, hour } = at ?? { row: 0, hour: -1 };
  switch (key) {
    case 'ArrowRight':
      return { row, hour: Math.min(23, hour + 1) };
    case 'ArrowLeft':
      return at ? { row, hour: Math.max(0, hour - 1) } : { row: 0, hour: 23 };
    case 'ArrowDown':
      return at ? { row: Math.min(rows - 1, row + 1), hour } : { row: 0, hour: 0 };
    case 'ArrowUp':
      return at ? { row: Math.max(0, row - 1), hour } : { row: rows - 1, hour: 0 };
    case 'Home':
      return { row, hour: 0 };
    case 'End':
      return { row, hour: 23 };
    default:
      return null;
  }
}
