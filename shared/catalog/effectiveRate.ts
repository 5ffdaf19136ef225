/** A rate with what it rests on. */
export interface Rate {
  /** Decimal text, a unit. */
  amount: string;
  currency: string;
  unit: string;
  /** Day it holds from, or was seen on. */
  date: string;
  /** Where it was read: a bill's file, a price sheet's, a source of the catalogue. */
  from: string;
}

/** The same rate as three places give it; null where a place gives none. */
export interface RateQuestion {
  /** What the customer's own bill charges a unit. */
  bill: Rate | null;
  /** What an imported price sheet says. */
  sheet: Rate | null;
  /** What the catalogue's list price is. */
  list: Rate | null;
}

export interface EffectiveRate extends Rate {
  basis: 'bill' | 'sheet' | 'list';
  /** For people: which one, as of when, and what it wins over. */
  reason: string;
}

const names = {
  bill: 'the rate on your own bill',
  sheet: 'the price sheet',
  list: 'the list price',
} as const;
const order = ['bill', 'sheet', 'list'] as const;

/**
 * The rate to calculate with: what the customer is charged wins over what a sheet promises, and that
 * over what a provider publishes. Rates of another currency or unit are not compared with and so do
 * not stand behind the winner. Null where no place gives one: unknown, not 0.
 */
export function effectiveRate(question: RateQuestion): EffectiveRate | null {
  const basis = order.find((place) => question[place] !== null);
  const rate = basis && question[basis];
  if (!basis || !rate) return null;
  const others = order.slice(order.indexOf(basis) + 1).flatMap((place) => {
    const other = question[place];
    return other && other.currency === rate.currency && other.unit === rate.unit
      ? [`${names[place]} of ${other.date}, ${other.amount} ${other.currency}`]
      : [];
  });
  const over = others.length > 0 ? `; it comes before ${others.join(' and ')}` : '';
  const [first = '', ...rest] = names[basis];
  return {
    ...rate,
    basis,
    reason: `${first.toUpperCase()}${rest.join('')} of ${rate.date} (${rate.from})${over}.`,
  };
}
