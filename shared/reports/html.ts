import { categoryColour, lightTokens } from '../charts/palette.ts';
import type { Stack, StackedBarsData } from '../charts/stackedBars.ts';
import type { WaterfallData } from '../charts/waterfall.ts';
import type { ActionText, Block, Cell, ReportDocument, Row, Sentence, Table } from './document.ts';
import { pageFooter, style } from './style.ts';

export interface HtmlParts {
  /** The font as base64 of a woff2 file. */
  font: string;
  /** The chart as an `<svg>` element without identifiers, script or references. */
  svg: (data: StackedBarsData) => string;
  /** The same of a waterfall. */
  waterfall: (data: WaterfallData) => string;
}

/**
 * Without control characters and lone surrogates, which HTML does not allow, and without direction
 * overrides, which make a name read as another one.
 */
export function readable(text: string): string {
  return text.replace(/(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd').toWellFormed();
}

/** Text inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return readable(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** A document as one file that opens without a network, a script or an app. */
export function documentHtml(document: ReportDocument, parts: HtmlParts): string {
  const several = document.sections.length > 1;
  const level = several ? 3 : 2;
  const body = document.sections.map(({ heading, blocks }) => {
    const inner = blocks.map((block) => blockHtml(block, level, parts)).join('\n');
    return heading === null
      ? inner
      : `<section>\n<h2 class="currency">${escapeHtml(heading)}</h2>\n${inner}\n</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
<title>${escapeHtml(document.title)}</title>
<style>
${style(parts.font)}
${pageFooter(document.footer)}
</style>
</head>
<body>
<main>
<header>
<p class="small"><span>${escapeHtml(document.left)}</span> <span>${escapeHtml(document.right)}</span></p>
<h1>${escapeHtml(document.title)}</h1>
</header>
${body.join('\n')}
</main>
<footer><p>${escapeHtml(document.footer)}</p></footer>
</body>
</html>
`;
}

function blockHtml(block: Block, level: number, parts: HtmlParts): string {
  switch (block.kind) {
    case 'lead':
      return `<p class="lead">${block.sentences.map(sentenceHtml).join(' ')}</p>`;
    case 'figures':
      return `<dl class="figures">${block.figures
        .map(
          ({ label, value, note, saves }) =>
            `<div><dt>${escapeHtml(label)}</dt><dd class="value${saves ? ' saves' : ''}">${escapeHtml(value)}</dd><dd>${escapeHtml(note)}</dd></div>`,
        )
        .join('')}</dl>`;
    case 'chart': {
      const stacks = block.data.stacks.map(readableStack);
      return chartHtml(block, parts.svg({ ...block.data, stacks }), level);
    }
    case 'waterfall':
      return chartHtml(block, parts.waterfall(block.data), level);
    case 'table':
      return tableHtml(block.table, level);
    case 'pair':
      return `<div class="pair">\n${tableHtml(block.left, level)}\n${tableHtml(block.right, level)}\n</div>`;
    case 'notes':
      return `<section>${headingHtml(level, block.title, '')}\n<ul>${block.notes
        .map((note) => `<li>${escapeHtml(note)}</li>`)
        .join('')}</ul>\n</section>`;
    case 'actions':
      return `<section class="actions">${headingHtml(level, block.title, block.unit)}\n${block.actions
        .map((action) => actionHtml(action, level + 1))
        .join('\n')}\n</section>`;
  }
}

function chartHtml(
  { title, unit, summary }: { title: string; unit: string; summary: string },
  svg: string,
  level: number,
): string {
  const described = svg.replace(
    '<svg ',
    () => `<svg role="img" aria-label="${escapeHtml(summary)}" `,
  );
  return `<section class="chart">${headingHtml(level, title, unit)}\n${described}\n</section>`;
}

function actionHtml({ title, detail, figures, advice, lists }: ActionText, level: number): string {
  const parts = lists
    .filter(({ items }) => items.length > 0)
    .map(({ head, ordered, items }) => {
      const list = ordered ? 'ol' : 'ul';
      return `<p class="head">${escapeHtml(head)}</p><${list}>${items
        .map((item) => `<li>${escapeHtml(item)}</li>`)
        .join('')}</${list}>`;
    });
  return `<article>${headingHtml(level, title, detail)}
<p class="small">${sentenceHtml(figures)}</p>
<p>${escapeHtml(advice)}</p>
${parts.join('\n')}
</article>`;
}

function readableStack(stack: Stack): Stack {
  return { ...stack, label: readable(stack.label) };
}

function sentenceHtml(sentence: Sentence): string {
  return sentence
    .map((run) =>
      typeof run === 'string'
        ? escapeHtml(run)
        : `<strong${run.saves ? ' class="saves"' : ''}>${escapeHtml(run.strong)}</strong>`,
    )
    .join('');
}

function headingHtml(level: number, title: string, unit: string): string {
  const beside = unit === '' ? '' : ` <span class="unit">${escapeHtml(unit)}</span>`;
  return `<h${level}>${escapeHtml(title)}${beside}</h${level}>`;
}

function tableHtml(table: Table, level: number): string {
  const head = table.columns.map(
    ({ label, figures }) =>
      `<th scope="col"${figures ? ' class="figure"' : ''}>${escapeHtml(label)}</th>`,
  );
  const rows = table.rows.map((row) => rowHtml(row, table)).join('\n');
  const foot = table.total ? `\n<tfoot>${rowHtml(table.total, table)}</tfoot>` : '';
  const notes = table.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('');
  // Narrow screens scroll a wide table, which the keyboard must reach.
  return `<section tabindex="0">${headingHtml(level, table.title, table.unit)}
<table aria-label="${escapeHtml(table.title)}">
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows}
</tbody>${foot}
</table>${notes}
</section>`;
}

function rowHtml(row: Row, table: Table): string {
  const cells = row.cells.map((cell, index) =>
    table.columns[index]?.figures
      ? `<td class="figure">${cellHtml(cell)}</td>`
      : `<th scope="row"${cell.colour === undefined ? '' : ' class="coloured"'}>${cellHtml(cell)}</th>`,
  );
  const kind = row.detail === undefined ? (row.rest ? ' class="rest"' : '') : ' class="described"';
  const line = `<tr${kind}>${cells.join('')}</tr>`;
  if (row.detail === undefined) return line;
  return `${line}\n<tr class="detail"><td colspan="${row.cells.length}">${escapeHtml(row.detail)}</td></tr>`;
}

function cellHtml({ text, exact, secondary, colour, saves }: Cell): string {
  const swatch =
    colour === undefined
      ? ''
      : `<i class="swatch" style="background:${categoryColour(lightTokens, colour)}"></i>`;
  const shown =
    exact === undefined
      ? escapeHtml(text)
      : `<data value="${escapeHtml(exact)}">${escapeHtml(text)}</data>`;
  const beside = secondary === undefined ? '' : ` <small>${escapeHtml(secondary)}</small>`;
  return saves ? `${swatch}<b class="saves">${shown}</b>${beside}` : `${swatch}${shown}${beside}`;
}
