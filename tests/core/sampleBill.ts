import { sampleFiles } from '../../electron/core/sample/sample.ts';

/** A charge as its file has it: texts by column; an empty cell is an empty text. */
export type Charge = Record<string, string>;

/** Reads one line of CSV. The sample has no line ends within cells. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      let text = '';
      at += 1;
      for (;;) {
        const quote = line.indexOf('"', at);
        if (quote < 0) throw new Error(`a quote is not closed: ${line}`);
        text += line.slice(at, quote);
        at = quote + 1;
        if (line[at] !== '"') break;
        text += '"';
        at += 1;
      }
      if (at < line.length && line[at] !== ',') throw new Error(`text after a quote: ${line}`);
      cells.push(text);
    } else {
      const comma = line.indexOf(',', at);
      const end = comma < 0 ? line.length : comma;
      const text = line.slice(at, end);
      if (text.includes('"')) throw new Error(`a quote within a bare cell: ${line}`);
      cells.push(text);
      at = end;
    }
    at += 1;
  }
  return cells;
}

/** A plain decimal as a whole number of 1e-27; refuses exponents, plus signs and blanks. */
export function units(text: string): bigint {
  const match = /^(-?)(0|[1-9]\d*)(?:\.(\d{1,27}))?$/.exec(text);
  if (!match) throw new Error(`not a plain decimal: "${text}"`);
  const value = BigInt(match[2] + (match[3] ?? '').padEnd(27, '0'));
  return match[1] ? -value : value;
}

/** The decimal of a whole number of 1e-27, without trailing zeros. */
export function decimal(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const text = (value < 0n ? -value : value).toString().padStart(28, '0');
  const fraction = text.slice(-27).replace(/0+$/, '');
  return sign + text.slice(0, -27) + (fraction && `.${fraction}`);
}

/** Every charge of the sample with the file it is in, one at a time: there are 100,000. */
export function* charges(): Iterable<{ file: string; charge: Charge; columns: string[] }> {
  for (const { name, lines } of sampleFiles()) {
    let columns: string[] | null = null;
    for (const line of lines()) {
      const cells = cellsOf(line);
      if (columns === null) {
        columns = cells;
        continue;
      }
      if (cells.length !== columns.length) throw new Error(`${cells.length} cells: ${line}`);
      const charge: Charge = {};
      for (const [index, column] of columns.entries()) charge[column] = cells[index] ?? '';
      yield { file: name, charge, columns };
    }
  }
}
