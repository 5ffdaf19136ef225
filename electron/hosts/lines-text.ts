import type { CallOutput } from '../../shared/contract/contract.ts';
import type { LinesTotal } from '../../shared/contract/lines.ts';
import { table } from './cli-text.ts';

type Answer = CallOutput<'costs.lines'>;

/** One line a charge, then what all of them add up to and what has no lines. */
export function linesText(answer: Answer): string {
  const { lines, rows, totals, tiesOut, withoutDetail } = answer;
  if (lines === 0 && withoutDetail.loads.length === 0) return 'No lines match.';
  const head = ['day', 'service', 'resource', 'billed', 'effective', '', 'file', 'row'];
  const cells = rows.map((line) => [
    line.day,
    line.dimensions['service'] ?? '(no value)',
    line.dimensions['resource'] ?? '(no value)',
    line.billed ?? 'unknown',
    line.effective ?? 'unknown',
    line.dimensions['currency'] ?? '',
    line.file,
    String(line.row),
  ]);
  const shown = rows.length === lines ? '' : ` (${rows.length} shown)`;
  return [
    ...(rows.length === 0 ? [] : [table([head, ...cells], 3, 4)]),
    ...totals.map((total) => `${totalText(total)}${shown}`),
    ...(lines === 0 ? [] : [tiesOut ? 'Ties out to what is stored.' : differs]),
    ...withoutDetail.loads.flatMap(({ file, totals: left }) =>
      left.map((total) => `Not kept: ${file}, ${totalText(total)}`),
    ),
  ].join('\n');
}

const differs = 'Does not tie out to what is stored: import the files again.';

function totalText({ currency, lines, billed, effective }: LinesTotal): string {
  const count = `${lines} ${lines === 1 ? 'line' : 'lines'}`;
  return `${count}, billed ${billed ?? 'unknown'}, effective ${effective ?? 'unknown'} ${currency ?? ''}`.trimEnd();
}
