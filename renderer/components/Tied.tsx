import { currencySign, formatAllDigits, formatDecimal } from '../../shared/domain/format.ts';
import { noValue } from '../stores/words.ts';

/** An amount that is tied out: cents, every digit on hover, and its currency. */
export function Tied({ currency, amount }: { currency: string | null; amount: string | null }) {
  const sign = currencySign(currency) || noValue;
  if (amount === null) return <div>{sign} unknown</div>;
  return (
    <div title={`${sign} ${formatAllDigits(amount)}`}>
      {sign} {formatDecimal(amount, 2)}
    </div>
  );
}
