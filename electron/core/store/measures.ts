import { limbs } from './limbs.ts';

/** The amounts of a cell. Costs are in the series' currency, the quantity in its unit. */
export const measures = ['billed', 'effective', 'list', 'contracted', 'quantity'] as const;
export type Measure = (typeof measures)[number];

/**
 * Column names of a segment: `billed` is the nano limb (always there), `billed.whole` and so on
 * the others (only where not all zero), `billed.known` the count of charges that deliver the
 * amount (only where it differs from `rows`).
 */
export function limbColumn(measure: Measure, limb: (typeof limbs)[number]): string {
  return limb === 'nano' ? measure : `${measure}.${limb}`;
}

export function knownColumn(measure: Measure): string {
  return `${measure}.known`;
}

/** What makes two charges of one day the same series; the order is the order of storage. */
export const seriesDimensions = [
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
  'commitment-status',
  'instance',
  'unit',
  'invoice',
  'currency',
  'tags',
] as const;
export type SeriesDimension = (typeof seriesDimensions)[number];

/** Dimensions whose ids have a display name beside them in the bill. */
export const namedDimensions = [
  'billing-account',
  'account',
  'region',
  'sku',
  'resource',
  'commitment',
] as const satisfies SeriesDimension[];
export type NamedDimension = (typeof namedDimensions)[number];
