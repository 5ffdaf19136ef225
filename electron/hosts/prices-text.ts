import type { CallOutput } from '../../shared/contract/contract.ts';
import type { Price, PricesImported, PriceSheet } from '../../shared/contract/prices.ts';
import { table } from './cli-text.ts';

/** What became of each file of an import. */
export function importedSheetsText({ sheets }: PricesImported): string {
  return sheets
    .map(({ file, status, sheet, reason, hint }) => {
      const lines = [`${status.padEnd(9)} ${file}${sheet ? `, ${sheetText(sheet)}` : ''}`];
      for (const line of [reason, hint]) if (line) lines.push(`          ${line}`);
      for (const { count, message } of sheet?.leftOut ?? []) {
        lines.push(`          ${message} (${count})`);
      }
      return lines.join('\n');
    })
    .join('\n');
}

function sheetText({ id, format, kind, dated, prices }: PriceSheet): string {
  return `${format}, ${kind}, ${dated}, ${prices} ${prices === 1 ? 'price' : 'prices'}, sheet ${id}`;
}

/** The prices that were asked for and, below them, the sheets that they come from. */
export function pricesText(answer: CallOutput<'prices.list'>): string {
  const { at, sheets, prices, matched } = answer;
  if (sheets.length === 0) return 'No price sheet has been imported yet.';
  if (prices.length === 0) return `No price holds on ${at} for what was asked.`;
  const head = ['provider', 'sku', 'region', 'purchase', 'price', '', 'unit', 'from', 'sheet', ''];
  const rows = prices.map((price) => [
    price.provider,
    [price.sku, price.variant].filter((text) => text !== '').join(', '),
    price.region ?? 'every region',
    purchaseText(price),
    price.amount,
    price.currency,
    price.unit,
    price.validFrom ?? 'unknown',
    String(price.sheet),
    price.upfront === null ? '' : `and ${price.upfront} ${price.currency} at the start`,
  ]);
  const used = new Set(prices.map((price) => price.sheet));
  const more = matched - prices.length;
  return [
    table([head, ...rows], 4),
    ...(more > 0 ? [`${more} more; --limit shows them.`] : []),
    '',
    ...sheets
      .filter(({ id }) => used.has(id))
      .map(
        (sheet) =>
          `sheet ${sheet.id}: ${sheet.file}, ${sheet.format}, ${sheet.kind}, ${sheet.dated}`,
      ),
  ].join('\n');
}

function purchaseText(price: Price): string {
  const { purchase, offer, termMonths, payment } = price;
  if (purchase !== 'commitment') return purchase;
  const term = termMonths ? `${termMonths} months` : '';
  const paid =
    payment === null
      ? ''
      : { none: 'no upfront', partial: 'part upfront', all: 'all upfront' }[payment];
  return [offer ?? purchase, term, paid].filter((text) => text !== '').join(', ');
}
