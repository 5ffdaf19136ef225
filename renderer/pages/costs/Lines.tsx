import { useEffect, useRef, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { LinesTotal } from '../../../shared/contract/lines.ts';
import {
  formatAllDigits,
  formatCount,
  formatDecimal,
  formatDuration,
} from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { Select } from '../../components/Select.tsx';
import { useApi } from '../../data/useApi.ts';
import { useLink } from '../../stores/address.ts';
import { type Choices, choose, useChoices } from '../../stores/choices.ts';
import { linesInput } from '../../stores/costsInput.ts';
import type { Loaded } from '../../stores/period.ts';
import { LineSheet } from './LineSheet.tsx';
import { LinesTable } from './LinesTable.tsx';
import './lines.css';

type Answer = CallOutput<'costs.lines'>;
type Chosen = NonNullable<Choices['lines']>;

/** Lines of one answer; the table asks for the next where it is scrolled to. */
const pageLines = 200;

/** This window: its next question makes the one before needless. */
const viewer = `window-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

interface LinesProps {
  currency: string | null;
  chosen: Chosen;
  loaded: Loaded;
}

/** The lines behind the slice: what they add up to, a table, and the cells of the opened one. */
export function Lines({ currency, chosen, loaded }: LinesProps) {
  const choices = useChoices();
  const section = useRef<HTMLElement>(null);
  const [offset, setOffset] = useState(startOf(chosen.line ?? 0));
  // Opened by a key or a figure, they are walked with the arrow keys at once.
  useEffect(() => section.current?.querySelector<HTMLElement>('[role="grid"]')?.focus(), []);
  const slice = linesInput(choices, loaded, currency);
  const asked = useApi('costs.lines', { ...slice, offset, limit: pageLines, viewer });
  const answer = asked.data;
  const opened =
    answer === null || chosen.line === null ? undefined : answer.rows[chosen.line - answer.offset];
  const failed = asked.error !== null && asked.error.code !== 'CANCELLED';
  return (
    <section className="lines" aria-label="Lines" ref={section}>
      <Head answer={failed ? null : answer} chosen={chosen} />
      {failed && asked.error && (
        <Failure
          error={asked.error}
          kept="The totals and the cells they come from are unchanged."
        />
      )}
      {!failed && answer && answer.withoutDetail.loads.length > 0 && <Without answer={answer} />}
      {!failed && (answer === null || answer.lines > 0) && (
        <div className={opened ? 'lines-place opened' : 'lines-place'}>
          <LinesTable
            // Other lines begin at the top.
            key={JSON.stringify(slice)}
            answer={answer}
            line={chosen.line}
            currency={currency}
            onView={(first) => setOffset(startOf(first))}
            onLine={(line) => choose({ lines: { ...chosen, line } })}
          />
          {opened && (
            <LineSheet
              line={opened}
              currency={currency}
              onClose={() => choose({ lines: { ...chosen, line: null } })}
            />
          )}
        </div>
      )}
    </section>
  );
}

/** Half a page before what is in view, so that scrolling back finds its lines there. */
function startOf(first: number): number {
  const half = pageLines / 2;
  return Math.max(0, Math.floor(first / half) * half - half / 2);
}

const sorts = { cost: 'Highest cost', time: 'Earliest start' } as const;

function Head({ answer, chosen }: { answer: Answer | null; chosen: Chosen }) {
  return (
    <div className="section-head lines-head">
      <h2>Lines</h2>
      <span className="num" aria-live="polite">
        {answer ? <Sums answer={answer} /> : '–'}
      </span>
      <span className="end">
        {answer && (
          <span className="caption muted">Read in {formatDuration(answer.elapsedMs)}</span>
        )}
        <Select
          name="Sort by"
          value={sorts[chosen.sort]}
          groups={[
            {
              options: (['cost', 'time'] as const).map((sort) => ({
                key: sort,
                label: sorts[sort],
                chosen: sort === chosen.sort,
                choose: () => choose({ lines: { sort, line: null } }),
              })),
            },
          ]}
        />
        <button type="button" className="button" onClick={() => choose({ lines: null })}>
          Close
        </button>
      </span>
    </div>
  );
}

/** "412 lines, 1,234.56 USD, ties out". Only billed and effective cost are summed over lines. */
function Sums({ answer }: { answer: Answer }) {
  const metric = useChoices((choices) => choices.metric);
  const summed = metric === 'effective' ? 'effective' : 'billed';
  const { lines, totals, tiesOut, withoutDetail } = answer;
  if (lines === 0) return <span className="muted">none kept</span>;
  const missing = countOf(withoutDetail.totals);
  return (
    <>
      <b>{formatCount(lines)}</b>
      {missing > 0 && ` of ${formatCount(lines + missing)}`} {lines === 1 ? 'line' : 'lines'}
      {totals.map((total) => {
        const cost = total[summed];
        return (
          <span
            key={total.currency ?? ''}
            title={cost === null ? undefined : formatAllDigits(cost)}
          >
            , <b>{cost === null ? 'unknown' : formatDecimal(cost, 2)}</b> {total.currency ?? ''}
          </span>
        );
      })}
      {summed !== metric && ' billed'}
      {tiesOut ? ', ties out' : <span className="risk">, does not tie out</span>}
    </>
  );
}

function countOf(totals: readonly LinesTotal[]): number {
  return totals.reduce((sum, { lines }) => sum + lines, 0);
}

const namedFiles = 3;

/** What of the slice has no lines, how much it is, and why. */
function Without({ answer }: { answer: Answer }) {
  const link = useLink();
  const wanted = useApi('settings.get', {}).data?.detail ?? true;
  const { totals, loads } = answer.withoutDetail;
  const count = countOf(totals);
  const named = loads.slice(0, namedFiles).map(({ file }) => file);
  const more = loads.length - named.length;
  return (
    <p className="lines-without">
      <span className="strong">
        {formatCount(count)} {count === 1 ? 'line is' : 'lines are'} not kept
      </span>
      <span className="num">
        {totals.map(
          ({ currency, billed }) =>
            `, ${billed === null ? 'unknown' : formatDecimal(billed, 2)} ${currency ?? ''} billed`,
        )}
      </span>
      : {named.join(', ')}
      {more > 0 && ` and ${formatCount(more)} more`}.{' '}
      {wanted ? (
        <>
          Import {loads.length === 1 ? 'the file' : 'the files'} again in{' '}
          <a className="link" href={link({ page: 'sources' })}>
            Sources
          </a>{' '}
          to see {loads.length === 1 ? 'its' : 'their'} lines; nothing else changes.
        </>
      ) : (
        <>
          Keeping lines is switched off in{' '}
          <a className="link" href={link({ page: 'settings' })}>
            Settings
          </a>
          .
        </>
      )}
    </p>
  );
}
