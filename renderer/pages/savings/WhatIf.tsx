import { formatDecimal } from '../../../shared/domain/format.ts';
import type { WhatIf } from '../../stores/choices.ts';
import { advisedPolicy, isAdvised } from '../../stores/savingsInput.ts';
import { chance } from '../../stores/words.ts';

interface WhatIfProps {
  whatIf: WhatIf;
  currency: string | null;
  onMove: (whatIf: WhatIf) => void;
  onReset: () => void;
  /** What the figures are just now. */
  state: string;
}

/** Steps of the sliders; the last one of term and cash is "any". */
const losses = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5];
const terms = [1, 3, 6, 12, 24, 36, 'any'] as const;
const cashes = [0, 1000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, null];
const usages = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3, 1.5, 2];

/** What the plan may do. Every movement is re-simulated; a rest plans anew. */
export function WhatIfControls({ whatIf, currency, onMove, onReset, state }: WhatIfProps) {
  return (
    <section className="what-if" aria-label="What if">
      <h2>What if</h2>
      <Slider
        name="Chance of loss up to"
        steps={losses}
        value={whatIf.mostLoss ?? advisedPolicy.mostLoss}
        words={(value) => chance(value)}
        onChange={(value) =>
          onMove({ ...whatIf, mostLoss: value === advisedPolicy.mostLoss ? null : value })
        }
      />
      <Slider
        name="Longest term"
        steps={terms}
        value={whatIf.maxTermMonths ?? advisedPolicy.maxTermMonths}
        words={termWords}
        onChange={(term) =>
          onMove({
            ...whatIf,
            maxTermMonths: term === advisedPolicy.maxTermMonths ? null : term,
          })
        }
      />
      <Slider
        name="Paid at the start"
        steps={cashes}
        value={whatIf.maxCash}
        words={(value) => cashWords(value, currency)}
        onChange={(maxCash) => onMove({ ...whatIf, maxCash })}
      />
      <Slider
        name="Usage"
        steps={usages}
        value={whatIf.usage ?? advisedPolicy.usage}
        words={usageWords}
        onChange={(usage) =>
          onMove({ ...whatIf, usage: usage === advisedPolicy.usage ? null : usage })
        }
      />
      <div className="what-if-end">
        <button type="button" className="button" disabled={isAdvised(whatIf)} onClick={onReset}>
          Reset
        </button>
      </div>
      <p className="what-if-state caption muted" aria-live="polite">
        {state}
      </p>
    </section>
  );
}

export function termWords(months: number | 'any'): string {
  if (months === 'any') return 'any';
  if (months % 12 !== 0) return `${months} ${months === 1 ? 'month' : 'months'}`;
  return months === 12 ? '1 year' : `${months / 12} years`;
}

function cashWords(cash: number | null, currency: string | null): string {
  if (cash === null) return 'any';
  return cash === 0 ? 'nothing' : `up to ${formatDecimal(String(cash))} ${currency ?? ''}`.trim();
}

function usageWords(usage: number): string {
  const percent = Math.round((usage - 1) * 100);
  if (percent === 0) return 'as today';
  return percent > 0 ? `+${percent}%` : `\u2212${-percent}%`;
}

type Step = number | 'any' | null;

interface SliderProps<T extends Step> {
  name: string;
  steps: readonly T[];
  value: T;
  words: (value: T) => string;
  onChange: (value: T) => void;
}

function Slider<T extends Step>({ name, steps, value, words, onChange }: SliderProps<T>) {
  // A value of the address may lie between two steps.
  const at = nearest(steps, value);
  return (
    <div className="slider">
      <span className="slider-words" aria-hidden="true">
        <span className="muted">{name}</span>
        <b className="num">{words(value)}</b>
      </span>
      <input
        type="range"
        min={0}
        max={steps.length - 1}
        step={1}
        value={at}
        aria-label={name}
        aria-valuetext={words(value)}
        onChange={(event) => onChange(steps[Number(event.currentTarget.value)] as T)}
      />
    </div>
  );
}

function nearest(steps: readonly Step[], value: Step): number {
  const exact = steps.indexOf(value);
  if (exact >= 0) return exact;
  let best = 0;
  steps.forEach((step, index) => {
    if (typeof step !== 'number' || typeof value !== 'number') return;
    if (Math.abs(step - value) < Math.abs(Number(steps[best]) - value)) best = index;
  });
  return best;
}
