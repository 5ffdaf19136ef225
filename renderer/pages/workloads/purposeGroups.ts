import { purposeColours } from '../../../shared/charts/purposeColours.ts';
import type { Purpose } from '../../../shared/workloads/purposes.ts';
import { purposeShort } from './words.ts';

export interface Group<P> {
  label: string;
  colour: number;
  parts: readonly P[];
}

/** Purposes from the axis up: one a colour, and those that share the last colour as one. */
export function groupsOf<P extends { purpose: Purpose }>(purposes: readonly P[]): Group<P>[] {
  const named = purposes
    .filter(({ purpose }) => purposeColours[purpose] < 7)
    .sort((a, b) => purposeColours[a.purpose] - purposeColours[b.purpose])
    .map((part) => ({
      label: purposeShort(part.purpose),
      colour: purposeColours[part.purpose],
      parts: [part],
    }));
  const rest = purposes.filter(({ purpose }) => purposeColours[purpose] === 7);
  const only = rest[0];
  if (!only) return named;
  const label = rest.length === 1 ? purposeShort(only.purpose) : 'Further purposes';
  return [...named, { label, colour: 7, parts: rest }];
}
