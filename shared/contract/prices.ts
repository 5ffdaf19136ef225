import * as z from 'zod/mini';
import { job } from './sources.ts';
import { day, decimal } from './values.ts';

export const purchases = ['on-demand', 'spot', 'commitment'] as const;
export type PurchaseKind = (typeof purchases)[number];

/** Negotiated prices win over published ones, whichever is the later. */
export const sheetKinds = ['negotiated', 'published'] as const;
export type SheetKind = (typeof sheetKinds)[number];

/** How much of a commitment is paid at its start. */
export const payments = ['none', 'partial', 'all'] as const;

const currency = z.string().check(z.regex(/^[A-Za-z]{3}$/));

/** What a file held that is no price, with how often. */
export const leftOut = z.object({ code: z.string(), count: z.int(), message: z.string() });
export type LeftOut = z.infer<typeof leftOut>;

/** One imported file. It stays readable when a later one takes over. */
export const priceSheet = z.object({
  id: z.int(),
  /** File name without its folder. */
  file: z.string(),
  /** Which layout it was recognised as. */
  format: z.string(),
  kind: z.enum(sheetKinds),
  /** The later dated sheet wins. */
  dated: day,
  sha256: z.string(),
  bytes: z.int(),
  prices: z.int(),
  leftOut: z.array(leftOut),
  /** UTC, ISO 8601. */
  importedAt: z.string(),
});
export type PriceSheet = z.infer<typeof priceSheet>;

/** One price, exact. Null is "does not apply" or "the file does not say". */
export const price = z.object({
  sheet: z.int(),
  /** Row (CSV) or record (JSON) of the file. */
  row: z.int(),
  kind: z.enum(sheetKinds),
  provider: z.string(),
  /** Machine type, model or meter. */
  sku: z.string(),
  /** The provider's own id of it. */
  skuId: z.nullable(z.string()),
  /** What sets it apart from the plain one: "Windows", "input"; empty for the plain one. */
  variant: z.string(),
  /** Null for every region. */
  region: z.nullable(z.string()),
  currency,
  unit: z.string(),
  purchase: z.enum(purchases),
  /** Of a commitment: "reserved", "savings-plan", "cud". */
  offer: z.nullable(z.string()),
  termMonths: z.nullable(z.int()),
  payment: z.nullable(z.enum(payments)),
  /** Units of a month above which it holds. */
  tier: decimal,
  /** A unit. */
  amount: decimal,
  /** Beside it, once at the start of the term. */
  upfront: z.nullable(decimal),
  /** Null where the file does not say since when. */
  validFrom: z.nullable(day),
  /** First day on which it does not hold any more. */
  validTo: z.nullable(day),
});
export type Price = z.infer<typeof price>;

/** Price lists into the store. Answers when all is done; a file that is refused leaves nothing behind. */
export const pricesImport = {
  input: z.object({
    job,
    paths: z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(1000)),
    /** For what a file does not say of itself. */
    region: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
    currency: z.optional(currency),
    date: z.optional(day),
    kind: z.optional(z.enum(sheetKinds)),
  }),
  output: z.object({
    sheets: z.array(
      z.object({
        file: z.string(),
        status: z.enum(['loaded', 'unchanged', 'refused']),
        sheet: z.nullable(priceSheet),
        /** Of a refusal. */
        code: z.optional(z.string()),
        reason: z.optional(z.string()),
        hint: z.optional(z.string()),
      }),
    ),
  }),
};
export type PricesImported = z.infer<typeof pricesImport.output>;

/** The prices that hold on a day, or with `history` all there ever were. */
export const pricesList = {
  input: z.object({
    provider: z.optional(z.string()),
    /** Exactly, in any letter case; "p5*" is what begins so. */
    sku: z.optional(z.string()),
    region: z.optional(z.string()),
    currency: z.optional(currency),
    purchase: z.optional(z.enum(purchases)),
    sheet: z.optional(z.int()),
    /** Today where absent. */
    at: z.optional(day),
    history: z.prefault(z.boolean(), false),
    limit: z.prefault(z.int().check(z.minimum(1), z.maximum(100_000)), 1000),
  }),
  output: z.object({
    at: day,
    sheets: z.array(priceSheet),
    prices: z.array(price),
    /** Prices that match, beyond those answered too. */
    matched: z.int(),
  }),
};
