import type { ReactNode } from 'react';
import type { CommitmentsOverview } from '../../../shared/contract/commitments.ts';
import {
  compareDecimals,
  formatCount,
  formatDecimal,
  subtract,
} from '../../../shared/domain/format.ts';

import { Bar, Figure } from '../../components/Figure.tsx';
import { rateWords } from '../../stores/words.ts';

/** Coverage, utilisation, effective savings rate, and what is owned. */
export function Rates({ overview }: { overview: CommitmentsOverview | null }) {
  return (
    <section className="figures rates" aria-label="Figures">
      <Rate
        label="Coverage"
        rate={overview?.coverage ?? null}
        note={
          overview && `of eligible usage, ${formatDecimal(overview.coverage.denominator)} on demand`
        }
      />
      <Rate
        label="Utilisation"
        rate={overview?.utilisation ?? null}
        note={overview && unusedWords(overview)}
      />
      <Rate
        label="Effective savings rate"
        save
        rate={overview?.esr ?? null}
        note={overview && plannedWords(overview)}
      />
      <Figure
        label="Owned now"
        href={null}
        value={
          overview && (
            <>
              {formatCount(overview.owned.length)}
              <span className="figure-beside">
                {overview.owned.length === 1 ? 'commitment' : 'commitments'}
              </span>
            </>
          )
        }
        bar={<div className="figure-bar none" aria-hidden="true" />}
        note={overview && endingWords(overview)}
      />
    </section>
  );
}

type RateValue = CommitmentsOverview['coverage'];

interface RateProps {
  label: string;
  rate: RateValue | null;
  save?: boolean;
  note: ReactNode;
}

/** The tick is the same rate with the plan. */
function Rate({ label, rate, save = false, note }: RateProps) {
  const value = rate?.value ?? null;
  const planned = rate?.planned ?? null;
  const good = save && value !== null && value > 0;
  const bounded = (share: number) => Math.min(1, Math.max(0, share));
  return (
    <Figure
      label={label}
      state={planned !== null && <span>plan {rateWords(planned)}</span>}
      href={null}
      value={rate && <span className={good ? 'save' : undefined}>{rateWords(value)}</span>}
      bar={
        <Bar
          filled={value === null ? 0 : bounded(value)}
          save={good}
          {...(planned !== null && { tick: bounded(planned) })}
        />
      }
      note={note}
    />
  );
}

function unusedWords({ utilisation, owned }: CommitmentsOverview): string {
  if (utilisation.value === null)
    return owned.length === 0 ? 'nothing is committed' : 'no fee in these days';
  const unused = subtract(utilisation.denominator, utilisation.numerator);
  return `${formatDecimal(unused)} of ${formatDecimal(utilisation.denominator)} in fees unused`;
}

function plannedWords({ esr }: CommitmentsOverview): string {
  if (esr.value === null) return 'no eligible usage in these days';
  const sign = compareDecimals(esr.numerator, '0');
  return sign < 0
    ? `${formatDecimal(subtract('0', esr.numerator))} dearer than on demand`
    : `${formatDecimal(esr.numerator)} less than on demand`;
}

function endingWords({ owned, ended }: CommitmentsOverview): ReactNode {
  const soon = owned.filter(({ daysLeft }) => daysLeft !== null && daysLeft <= 60).length;
  if (soon > 0) {
    return (
      <span className="risk">
        {formatCount(soon)} {soon === 1 ? 'ends' : 'end'} within 60 days
      </span>
    );
  }
  if (ended.length > 0) return `${formatCount(ended.length)} ended in the last 12 months`;
  return owned.length === 0 ? 'the bill shows none' : 'none ends within 60 days';
}
