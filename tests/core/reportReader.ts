/** Reads what the report's own HTML holds; it is regular enough for patterns. */
export interface ReadTable {
  title: string;
  columns: string[];
  /** First cell, then the exact amounts of the row by column (null where a cell has none). */
  rows: ReadRow[];
  total: ReadRow | null;
}

export interface ReadRow {
  label: string;
  amounts: (string | null)[];
  texts: string[];
}

export function readTables(html: string): ReadTable[] {
  return [...html.matchAll(/<table aria-label="([^"]*)">([\s\S]*?)<\/table>/g)].map(
    ([, title = '', inner = '']) => {
      const [head = '', rest = ''] = inner.split('</thead>');
      const [body = '', foot = ''] = rest.split('<tfoot>');
      return {
        title: unescape(title),
        columns: [...head.matchAll(/<th[^>]*>([\s\S]*?)<\/th>/g)].map(([, cell = '']) =>
          plain(cell),
        ),
        rows: readRows(body),
        total: readRows(foot)[0] ?? null,
      };
    },
  );
}

export function readTable(html: string, title: string): ReadTable {
  const table = readTables(html).find((found) => found.title === title);
  if (!table) throw new Error(`the report has no table "${title}"`);
  return table;
}

function readRows(html: string): ReadRow[] {
  return [...html.matchAll(/<tr(?! class="detail")[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row = '']) => {
    const cells = [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(
      ([, cell = '']) => cell,
    );
    const texts = cells.map(plain);
    return {
      label: texts[0] ?? '',
      texts,
      amounts: cells.map((cell) => /<data value="([^"]*)">/.exec(cell)?.[1] ?? null),
    };
  });
}

/** Text of a piece of the report without its tags. */
export function plain(html: string): string {
  return unescape(html.replace(/<[^>]*>/g, ''));
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
