import type { StackedBarsData } from '../charts/stackedBars.ts';
import type { WaterfallData } from '../charts/waterfall.ts';

/**
 * A report as a document: what is said and in which order, without markup. Every text is plain and
 * may hold anything that a bill can hold; whoever writes it out escapes it.
 */
export interface ReportDocument {
  title: string;
  /** Small lines over the title. */
  left: string;
  right: string;
  /** One with a heading a currency, or a single one without. */
  sections: { heading: string | null; blocks: Block[] }[];
  /** Scope, cost column and date of the data; on every printed page. */
  footer: string;
}

export type Block =
  | { kind: 'lead'; sentences: Sentence[] }
  | { kind: 'figures'; figures: Figure[] }
  | { kind: 'chart'; title: string; unit: string; summary: string; data: StackedBarsData }
  | { kind: 'waterfall'; title: string; unit: string; summary: string; data: WaterfallData }
  | { kind: 'table'; table: Table }
  /** Two tables side by side where the page is wide enough. */
  | { kind: 'pair'; left: Table; right: Table }
  | { kind: 'notes'; title: string; notes: string[] }
  | { kind: 'actions'; title: string; unit: string; actions: ActionText[] };

/** One action of a plan, to be read without the others. */
export interface ActionText {
  title: string;
  /** Beside the title: machines and place. */
  detail: string;
  /** What it saves, with its interval and chance of loss. */
  figures: Sentence;
  advice: string;
  /** Lists under small heads, in order; an empty one is left out. */
  lists: { head: string; ordered: boolean; items: string[] }[];
}

/** Runs of text; the strong ones carry the figure. */
export type Sentence = (string | { strong: string; saves?: boolean })[];

export interface Figure {
  label: string;
  value: string;
  note: string;
  /** It is a saving: of the plan, or measured. */
  saves?: boolean;
}

export interface Table {
  title: string;
  /** Beside the title: what must be known to read it. */
  unit: string;
  columns: { label: string; figures: boolean }[];
  rows: Row[];
  total: Row | null;
  notes: string[];
}

export interface Row {
  cells: Cell[];
  /** A line of small print under the row. */
  detail?: string;
  /** It stands for several that are not listed. */
  rest?: boolean;
}

export interface Cell {
  text: string;
  /** Exact decimal text behind a rounded figure. */
  exact?: string;
  /** An id beside a name. */
  secondary?: string;
  /** Colour of the chart, 1 to 7. */
  colour?: number;
  /** It is a saving: of the plan, or measured. */
  saves?: boolean;
}
