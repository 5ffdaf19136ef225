import { currencySign, formatAllDigits, formatDecimal } from '../../shared/domain/format.ts';
import { noValue } from '../stores/words.ts';

interface Total {
  currency: string | null;
  amount: string | null;
}

/** Totals that are tied out, one line a currency; currencies are never added. */
export function TiedTotals({ totals }: { totals: readonly Total[] }) {
  return totals.map((total) => <Tied key={total.currency ?? ''} {...total} />);
}

/** Cents, every digit on hover, and the currency. */
export function Tied({ currency, amount }: Total) {
  const sign = currencySign(currency) || noValue;
  if (amount === null) return <div>{sign} unknown</div>;
  return (
    <div title={`${sign} ${formatAllDigits(amount)}`}>
      {sign} {formatDecimal(amount, 2)}
    </div>
  );
}
