import type { ReactNode } from 'react';
import {
  compareDecimals,
  formatAllDigits,
  formatDecimal,
  formatHeadline,
  subtract,
} from '../../../shared/domain/format.ts';
import { chance, levelWords, rateWords } from '../../stores/words.ts';
import { type Figures, intervalWords } from './words.ts';

interface FiguresProps {
  figures: Figures | null;
  currency: string | null;
}

/** The one number for the manager, how sure it is, and why it is not the sum of its parts. */
export function PlanFigures({ figures, currency }: FiguresProps) {
  return (
    <dl className="plan-figures num">
      <Figure label="Joint savings, a month" main>
        {figures && (
          <>
            <span className="save" title={formatAllDigits(figures.savings)}>
              {formatHeadline(figures.savings, currency)}
            </span>
            {figures.share !== null && (
              <span className="beside">{rateWords(figures.share)} of the bill</span>
            )}
          </>
        )}
      </Figure>
      <Figure label={figures ? `${levelWords(figures.level)} interval` : 'Interval'}>
        {figures && intervalWords(figures)}
      </Figure>
      <Figure label="Chance of loss">{figures && chance(figures.pLoss)}</Figure>
      <Figure label="Worst scenario">{figures && <Worst figures={figures} />}</Figure>
      <Figure label="Stand-alone sum">{figures && <StandAlone figures={figures} />}</Figure>
    </dl>
  );
}

interface FigureProps {
  label: string;
  main?: boolean;
  children: ReactNode;
}

function Figure({ label, main = false, children }: FigureProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={main ? 'main-figure' : undefined}>{children ?? '–'}</dd>
    </div>
  );
}

function Worst({ figures: { worst, worstScenario } }: { figures: Figures }) {
  const sign = compareDecimals(worst, '0');
  const title = worstScenario ?? undefined;
  if (sign === 0) return <span title={title}>none</span>;
  return sign < 0 ? (
    <span className="risk" title={title}>
      loses {formatDecimal(subtract('0', worst))}
    </span>
  ) : (
    <span title={title}>saves {formatDecimal(worst)}</span>
  );
}

function StandAlone({ figures: { standaloneSum, savings } }: { figures: Figures }) {
  const over = subtract(standaloneSum, savings);
  const sign = compareDecimals(over, '0');
  return (
    <>
      {formatDecimal(standaloneSum)}
      {sign !== 0 && (
        <span className="beside">
          {sign > 0
            ? `overlap ${formatDecimal(over)}`
            : `synergy ${formatDecimal(subtract('0', over))}`}
        </span>
      )}
    </>
  );
}
