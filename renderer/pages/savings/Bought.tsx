import { commitmentAmount } from '../../../shared/charts/costCurve.ts';
import type { SavingsAction } from '../../../shared/contract/savings.ts';
import { formatDay, formatDecimal } from '../../../shared/domain/format.ts';
import { rateWords } from '../../stores/words.ts';

import { termWords } from './WhatIf.tsx';

/** What a commitment binds to, and the ladder that buys it. */
export function Bought({ bought }: { bought: NonNullable<SavingsAction['commitment']> }) {
  const rows: [string, string][] = [
    ['Amount', `${commitmentAmount(bought.amount, bought.kind)} ${bought.unit}`],
    [
      'Term',
      `${termWords(bought.termMonths)}, ${formatDay(bought.starts)} to ${formatDay(bought.ends)}`,
    ],
    ['Fees over the term', formatDecimal(bought.committed)],
    ['Paid at the start', formatDecimal(bought.cash)],
    ['Pays from a use of', rateWords(bought.breakEven)],
    ...(bought.renews === null ? [] : [['Takes over from', bought.renews] as [string, string]]),
  ];
  return (
    <section aria-label="Commitment">
      <h3>Commitment</h3>
      <ul className="evidence-rows num">
        {rows.map(([label, value]) => (
          <li key={label}>
            <span>{label}</span>
            <span>{value}</span>
          </li>
        ))}
        {bought.tranches.map(({ day, amount }) => (
          <li key={day}>
            <span>Buy on {formatDay(day)}</span>
            <span>
              {commitmentAmount(amount, bought.kind)} {bought.unit}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
