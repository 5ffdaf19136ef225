import type { DateOrder } from './formats/layout.ts';

/**
 * Amounts written as money, "$10,000.00 ", as plain decimals: the sign of the row's own currency
 * goes, and commas where they can only be thousands (a point behind them, or two of them). What
 * can be read in two ways stays as it is and is refused as no number.
 */
export function plainAmount(amount: string, currency: string): string {
  const grouped = '[0-9]{1,3}(,[0-9]{3})+[.][0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}';
  const pattern = (sign: string) =>
    `'[+-]?${sign} ?[+-]?(${grouped}${sign === '' ? '' : '|[0-9]+([.][0-9]+)?'})'`;
  const signs = [
    ['[$]', `(${currency} LIKE '__D' OR ${currency} = 'MXN')`],
    ['€', `${currency} = 'EUR'`],
    ['£', `${currency} = 'GBP'`],
  ] as const;
  const signed = signs.map(
    ([sign, fits]) => `WHEN ${fits} AND regexp_full_match(${amount}, ${pattern(sign)})`,
  );
  return `CASE ${[...signed, `WHEN regexp_full_match(${amount}, ${pattern('')})`]
    .map((when) => `${when} THEN regexp_replace(${amount}, '[$€£, ]', '', 'g')`)
    .join(' ')} ELSE ${amount} END`;
}

/**
 * A date with slashes, points or hyphens and the year last, as YYYY-MM-DD; a time of day behind
 * it is dropped, for days are all that is kept. Any other text stays as it is.
 */
export function orderedDate(date: string, order: DateOrder): string {
  const isOrdered = `regexp_full_match(${date},
    '[0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{2}|[0-9]{4})( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AP]M)?)?')`;
  const day = `regexp_replace(split_part(${date}, ' ', 1), '[.-]', '/', 'g')`;
  const [first, second] = order === 'mdy' ? ['%m', '%d'] : ['%d', '%m'];
  const read = (year: string) => `try_strptime(${day}, '${first}/${second}/${year}')`;
  return `CASE WHEN ${isOrdered} THEN coalesce(strftime(
      CASE WHEN regexp_full_match(${day}, '.*/[0-9]{4}') THEN ${read('%Y')} ELSE ${read('%y')} END,
      '%Y-%m-%d'), ${date}) ELSE ${date} END`;
}
