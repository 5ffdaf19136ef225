import type { Block, Cell, ReportDocument, Row, Sentence, Table } from './document.ts';

/**
 * A report as CSV (RFC 4180, UTF-8): what it says line by line, each table under its title, amounts
 * exact and not rounded. Charts are left out: their figures stand in the tables.
 */
export function documentCsv(document: ReportDocument): string {
  const lines: string[][] = [
    [document.title],
    [document.left],
    [document.right],
    ...document.sections.flatMap(({ heading, blocks }) => [
      ...(heading === null ? [] : [[], [heading]]),
      ...blocks.flatMap(blockLines),
    ]),
    [],
    [document.footer],
  ];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function blockLines(block: Block): string[][] {
  switch (block.kind) {
    case 'lead':
      return [[], ...block.sentences.map((sentence) => [sentenceText(sentence)])];
    case 'figures':
      return [[], ...block.figures.map(({ label, value, note }) => [label, value, note])];
    case 'chart':
    case 'waterfall':
      return [];
    case 'table':
      return tableLines(block.table);
    case 'pair':
      return [...tableLines(block.left), ...tableLines(block.right)];
    case 'notes':
      return [[], [block.title], ...block.notes.map((note) => [note])];
    case 'actions':
      return [
        [],
        [block.title, block.unit],
        ...block.actions.flatMap(({ title, detail, figures, advice, lists }) => [
          [],
          [title, detail, sentenceText(figures), advice],
          ...lists.flatMap(({ head, items }) => items.map((item) => [head, item])),
        ]),
      ];
  }
}

function tableLines({ title, unit, columns, rows, total, notes }: Table): string[][] {
  return [
    [],
    [title, unit],
    columns.map(({ label }) => label),
    ...rows.map(rowCells),
    ...(total ? [rowCells(total)] : []),
    ...notes.map((note) => [note]),
  ];
}

/** The line of small print is one more cell. */
function rowCells({ cells, detail }: Row): string[] {
  return [...cells.map(cellText), ...(detail === undefined ? [] : [detail])];
}

function cellText({ text, exact, secondary }: Cell): string {
  if (exact !== undefined) return exact;
  return secondary === undefined ? text : `${text} (${secondary})`;
}

function sentenceText(sentence: Sentence): string {
  return sentence.map((run) => (typeof run === 'string' ? run : run.strong)).join('');
}

/**
 * Quoted where it must be. What a spreadsheet would run as a formula (names in a bill are anyone's)
 * begins with an apostrophe, unless it is a number.
 */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
