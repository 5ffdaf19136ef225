import * as z from 'zod/mini';
import type { payments, PurchaseKind, SheetKind } from '../../../shared/contract/prices.ts';
import { type ErrorCode, OutlayError } from '../../../shared/contract/errors.ts';
import { isDay } from '../../../shared/domain/calendar.ts';
import { formatExact, parseExact } from '../../../shared/domain/exact.ts';

/** One price as a layout reads it; amounts are decimal text. */
export interface SheetRow {
  /** Row or record of the file, for messages and evidence. */
  row: number;
  provider: string;
  sku: string;
  skuId: string;
  variant: string;
  /** Empty: every region. */
  region: string;
  currency: string;
  unit: string;
  purchase: PurchaseKind;
  offer: string;
  termMonths: number;
  payment: (typeof payments)[number] | '';
  tier: string;
  amount: string;
  upfront: string | null;
  /** Empty where the file names a last day or none at all: since ever. */
  validFrom: string;
  validTo: string | null;
}

/** A price without anything special about it, to be filled in. */
export const plainRow = {
  skuId: '',
  variant: '',
  region: '',
  purchase: 'on-demand',
  offer: '',
  termMonths: 0,
  payment: '',
  tier: '0',
  upfront: null,
  validTo: null,
} as const satisfies Partial<SheetRow>;

/** A text of a JSON list that may be left out; numbers are text when they come here. */
export const maybeText = z.nullish(z.string());

/** What an import was told of what a file does not say. */
export interface SheetReading {
  region?: string | undefined;
  currency?: string | undefined;
  date?: string | undefined;
  kind?: SheetKind | undefined;
  /** Label under which the sheet can be removed again. */
  source?: string | undefined;
}

/** Where a layout puts what it reads. */
export interface SheetSink {
  price: (row: SheetRow) => void;
  /** Something that is no price; it is counted by its code. */
  leaveOut: (code: string, message: string) => void;
  /** The file says of itself of which day it is. */
  dated: (day: string) => void;
}

/** What a layout knows while it reads. */
export interface SheetContext {
  file: string;
  reading: SheetReading;
  /** UTC day of the import. */
  today: string;
  sink: SheetSink;
}

/** Where a cell stands, for refusals. */
export interface Place {
  file: string;
  row: number;
  column: string;
}

function refuse(code: ErrorCode, { file, row, column }: Place, what: string, hint: string) {
  return new OutlayError(
    code,
    `${file}, row ${row}, column ${column}: ${what}. Nothing was changed.`,
    hint,
  );
}

/** A price: a decimal of 0 or more, written out in full. */
export function amountOf(text: string, place: Place): string {
  const value = parseExact(text.trim());
  if (value === null) {
    throw refuse(
      'AMOUNT_BAD',
      place,
      `"${text.slice(0, 40)}" is not a decimal number`,
      'Write a price as 55.04: a point, no currency sign, no separators of thousands.',
    );
  }
  if (value < 0n) {
    throw refuse('AMOUNT_BAD', place, `the price ${text} is below 0`, 'A price is 0 or more.');
  }
  return formatExact(value);
}

/** The UTC day of a date or time ("2026-07-20", "2023-08-10T22:49:22.905126Z"). */
export function dayOf(text: string, place: Place): string {
  const day = text.trim().slice(0, 10);
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && isDay(day) && /^(?:$|[T ])/.test(text.trim().slice(10))) {
    return day;
  }
  throw refuse(
    'DATE_BAD',
    place,
    `"${text.slice(0, 40)}" is not a day`,
    'Write days as YYYY-MM-DD.',
  );
}

export function currencyOf(text: string, place: Place): string {
  const code = text.trim().toUpperCase();
  if (/^[A-Z]{3}$/.test(code)) return code;
  throw refuse(
    'CURRENCY_BAD',
    place,
    code === '' ? 'no currency' : `"${text.slice(0, 40)}" is not a currency code`,
    'Write a three-letter code such as USD, or give one with --currency.',
  );
}

export function textOf(text: string, place: Place): string {
  const value = text.trim();
  if (value === '') {
    throw refuse('ROW_BAD', place, 'it is empty', `Fill in ${place.column} in every row.`);
  }
  if (value.length > 500) {
    throw refuse('ROW_BAD', place, 'it is longer than 500 characters', 'Shorten it.');
  }
  return value;
}

/** "1yr", "3 Years", "P1Y", "36 months", "12": months. 0 for an empty text. */
export function monthsOf(text: string, place: Place): number {
  const value = text.trim().toLowerCase();
  if (value === '') return 0;
  const [, number, unit = ''] =
    /^p?(\d{1,3})\s*(y|yr|yrs|year|years|m|mo|month|months)?$/.exec(value) ?? [];
  const months = Number(number) * (unit.startsWith('y') ? 12 : 1);
  if (number !== undefined && months >= 1 && months <= 120) return months;
  throw refuse(
    'ROW_BAD',
    place,
    `"${text.slice(0, 40)}" is not a term`,
    'Write a term as 1y, 3y or 36m.',
  );
}

export function paymentOf(text: string, place: Place): SheetRow['payment'] {
  const value = text.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (value === '') return '';
  if (/^no(?:ne|upfront)$/.test(value)) return 'none';
  if (/^partial(?:upfront)?$/.test(value)) return 'partial';
  if (/^all(?:upfront)?$/.test(value)) return 'all';
  throw refuse(
    'ROW_BAD',
    place,
    `"${text.slice(0, 40)}" is not a way to pay`,
    'It is none, partial or all.',
  );
}

export function oneOf<T extends string>(text: string, values: readonly T[], place: Place): T {
  const value = text.trim().toLowerCase().replaceAll(/[_ ]/g, '-');
  const found = values.find((candidate) => candidate === value.replace('ondemand', 'on-demand'));
  if (found) return found;
  throw refuse(
    'ROW_BAD',
    place,
    `"${text.slice(0, 40)}" is none of ${values.join(', ')}`,
    `Write one of ${values.join(', ')}.`,
  );
}
