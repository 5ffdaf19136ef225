/** Cells of one line; a delimiter within quotes is text, and a quote is written twice. */
export function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? '';
    if (char === '"') {
      if (quoted && line[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = !quoted;
    } else if (char === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  cells.push(cell.trim());
  return cells;
}

/** The delimiter that a header has most of. */
export function delimiterOf(header: string): ',' | ';' | '\t' {
  const number = (of: string) => header.split(of).length;
  const all = [',', ';', '\t'] as const;
  return all.reduce((best, one) => (number(one) > number(best) ? one : best));
}
