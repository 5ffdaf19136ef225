import * as z from 'zod/mini';
import { isDay } from '../domain/calendar.ts';

/** A calendar day in UTC: 2026-11-21. */
export const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD'));
/** A calendar month: 2026-11. */
export const month = z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month as YYYY-MM'));
/** A day, or a month standing for its first day. */
export const dayOrMonth = z
  .pipe(
    z
      .string()
      .check(z.regex(/^\d{4}-\d{2}(-\d{2})?$/, 'a day as YYYY-MM-DD or a month as YYYY-MM')),
    z.transform((text) => (text.length === 7 ? `${text}-01` : text)),
  )
  .check(z.refine(isDay, 'not a day that exists'));
/** Exact money or quantity: a decimal without exponent, never rounded. */
export const decimal = z.string().check(z.regex(/^-?\d+(\.\d+)?$/));

export const metrics = ['billed', 'effective', 'list', 'contracted'] as const;
export const metric = z.enum(metrics);
export type Metric = z.infer<typeof metric>;

export const granularity = z.enum(['day', 'month', 'none']);
export type Granularity = z.infer<typeof granularity>;

/** The dimensions of a charge; `tag:KEY` is one more for every tag key. */
export const dimensions = [
  'provider',
  'billing-account',
  'account',
  'service',
  'category',
  'region',
  'sku',
  'resource',
  'pricing',
  'charge',
  'charge-class',
  'commitment',
  'instance',
  'unit',
  'invoice',
  'currency',
] as const;
/** What Outlay finds of a charge: what it is for, and what it belongs to. */
export const classDimensions = ['purpose', 'workload'] as const;
export type ClassDimension = (typeof classDimensions)[number];
export type Dimension = (typeof dimensions)[number] | ClassDimension | `tag:${string}`;

export const dimension = z.union(
  [
    z.enum([...dimensions, ...classDimensions]),
    z.templateLiteral(['tag:', z.string().check(z.minLength(1))]),
  ],
  { error: `one of ${[...dimensions, ...classDimensions].join(', ')} or tag:KEY` },
) as unknown as z.ZodMiniType<Dimension, Dimension>;

/** Values of one dimension: any of them matches (OR); null matches charges without a value. */
export const filter = z.object({
  dimension,
  values: z.array(z.nullable(z.string())).check(z.minLength(1)),
  /** Keep the charges that match none of the values instead. */
  not: z.optional(z.boolean()),
});
export type Filter = z.infer<typeof filter>;

/** One amount a currency; amounts of different currencies are never added. */
export const currencyTotal = z.object({
  currency: z.nullable(z.string()),
  cost: z.nullable(decimal),
  /** Charges for which the source delivers no such amount. */
  unknownRows: z.int(),
});
export type CurrencyTotal = z.infer<typeof currencyTotal>;
