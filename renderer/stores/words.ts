import type { Dimension, Filter, Metric } from '../../shared/contract/values.ts';
import { dimensionName, dimensionNames } from '../../shared/domain/dimensions.ts';
import { formatShare } from '../../shared/domain/format.ts';

// Only types come from the contract: its schemas belong to the core, and their library probes for
// `eval`, which the content policy of the window reports as a violation.

export const metricNames: Record<Metric, string> = {
  billed: 'Billed',
  effective: 'Effective',
  list: 'List',
  contracted: 'Contracted',
};

export function isMetric(text: string | null): text is Metric {
  return text !== null && Object.hasOwn(metricNames, text);
}

export function isDimension(text: string): text is Dimension {
  return Object.hasOwn(dimensionNames, text) || /^tag:.+/s.test(text);
}

export const noValue = 'no value';

/** A value as people know it: its name where the bill has one, else its id. */
export function valueName(value: string | null, name: string | null): string {
  return name ?? value ?? noValue;
}

/** "Service is not Tax, Support". */
export function filterWords(filter: Filter): string {
  const values = filter.values.map((value) => value ?? noValue).join(', ');
  return `${dimensionName(filter.dimension)} is ${filter.not ? 'not ' : ''}${values}`;
}

/** A share from 0 to 1 with one digit: "61.4%"; undefined is n/a. */
export function rateWords(share: number | null): string {
  return share === null ? 'n/a' : formatShare(share.toFixed(6), '1');
}

/** A chance from 0 to 1 in whole percents: "4%", "<1%", "0%"; unknown is the word. */
export function chance(share: number | null): string {
  if (share === null) return 'unknown';
  if (share > 0 && share < 0.01) return '<1%';
  return `${Math.round(share * 100)}%`;
}

/** The level of an interval, 0 to 1: "80%". */
export function levelWords(level: number): string {
  return `${Math.round(level * 100)}%`;
}
