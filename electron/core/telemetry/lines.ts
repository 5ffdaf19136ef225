import { OutlayError } from '../../../shared/contract/errors.ts';

/** A line and whether the file ends with it, without a line end behind it. */
export type OnLine = (line: string, row: number, cut: boolean) => void;

const longest = 16 * 2 ** 20;

/** Calls `onLine` for every line, counted from 1, without its line end (LF, CRLF or CR LF mixed). */
export async function eachLine(
  name: string,
  chunks: AsyncIterable<string>,
  onLine: OnLine,
): Promise<void> {
  let rest = '';
  let row = 0;
  const give = (line: string, cut: boolean) => {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    onLine(row === 0 && bare.startsWith('\uFEFF') ? bare.slice(1) : bare, ++row, cut);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', from)) {
      give(rest + chunk.slice(from, at), false);
      rest = '';
      from = at + 1;
    }
    rest += chunk.slice(from);
    if (rest.length > longest) {
      throw new OutlayError(
        'FILE_TOO_LARGE',
        `${name} holds a line of more than 16 MB. Nothing was changed.`,
        'No metrics export has such lines; check what the file is.',
      );
    }
  }
  if (rest !== '') give(rest, true);
}
