import type { ReactNode } from 'react';
import { divide } from '../../shared/domain/format.ts';
import './figure.css';

interface FigureProps {
  label: string;
  /** Stands at the end of the label. */
  state?: ReactNode;
  /** What the figure is made of; null where the page itself shows it. */
  href: string | null;
  value: ReactNode;
  bar: ReactNode;
  note: ReactNode;
}

/** A figure at the top of a page: its name, its value, a bar and a note. */
export function Figure({ label, state, href, value, bar, note }: FigureProps) {
  return (
    <div className="figure">
      <div className="figure-label">
        <span>{label}</span>
        {state}
      </div>
      {href === null ? (
        <span className="figure-value num">{value ?? '–'}</span>
      ) : (
        <a className="figure-value num" href={href}>
          {value ?? '–'}
        </a>
      )}
      {bar ?? <Bar filled={0} />}
      <div className="figure-note num">{note}</div>
    </div>
  );
}

interface BarProps {
  /** 0 to 1. */
  filled: number;
  tick?: number;
  /** It shows what was saved. */
  save?: boolean;
}

/** Part of a whole; the tick is what it is compared with. */
export function Bar({ filled, tick, save = false }: BarProps) {
  return (
    <div className={save ? 'figure-bar of-save' : 'figure-bar'} aria-hidden="true">
      <span style={{ width: `${filled * 100}%` }} />
      {tick !== undefined && <i style={{ left: `${tick * 100}%` }} />}
    </div>
  );
}

/** Part of whole as a number from 0 to 1, for lengths only. */
export function ratio(part: string, whole: string): number {
  return Math.min(1, Math.max(0, Number(divide(part, whole, 4) ?? '0')));
}
