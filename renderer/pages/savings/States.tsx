import type { SavingsPlanned, SavingsReconciliation } from '../../../shared/contract/savings.ts';
import {
  formatAllDigits,
  formatChange,
  formatChangeAllDigits,
  formatCount,
  formatDay,
  formatDecimal,
  formatRange,
} from '../../../shared/domain/format.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import { MissingInputs } from '../../components/MissingInputs.tsx';
import { noValue } from '../../stores/words.ts';
import { type Answer, intervalWords } from './words.ts';

/** In place of the plan: the simulated bill is not the bill, and by how much. */
export function Withheld({ answer }: { answer: Answer }) {
  const { reconciliation, currency, window, notes } = answer;
  const differing = reconciliation.filter(({ holds }) => !holds);
  const parts = (differing.find(({ provider }) => provider === null) ?? differing[0])?.parts ?? [];
  return (
    <>
      <section className="withheld" aria-label="Withheld">
        <p className="state-words">
          No advice is given: the bill that is simulated from what is loaded is not the bill.
        </p>
        <p className="muted">
          A plan whose baseline is wrong would promise what is not there. The difference is below;
          it usually comes from charges without a price or an hour.
          {window && ` Days ${formatRange(window.from, window.to, true)}.`}
        </p>
        <table className="table reconciliation">
          <colgroup>
            <col />
            <col style={{ width: 140 }} />
            <col style={{ width: 140 }} />
            <col style={{ width: 128 }} />
            <col style={{ width: 88 }} />
            <col style={{ width: 96 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Provider, {currency ?? noValue}</th>
              <th scope="col" className="right">
                Effective cost
              </th>
              <th scope="col" className="right">
                Simulated
              </th>
              <th scope="col" className="right">
                Difference
              </th>
              <th scope="col" className="right">
                Share
              </th>
              <th scope="col" className="right">
                At most
              </th>
            </tr>
          </thead>
          <tbody>
            {reconciliation.map((row) => (
              <Reconciled key={row.provider ?? ''} row={row} />
            ))}
          </tbody>
        </table>
        {parts.length > 0 && (
          <>
            <h2 className="strong">What the simulated bill is made of</h2>
            <ul className="parts-list num">
              {parts.map(({ what, cost }) => (
                <li key={what}>
                  <span>{what}</span>
                  <span title={formatAllDigits(cost)}>{formatDecimal(cost, 2)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        <Notes notes={notes} />
      </section>
      <MissingInputs missing={answer.missing} currency={currency} />
    </>
  );
}

function Reconciled({ row }: { row: SavingsReconciliation }) {
  return (
    <tr className={row.provider === null ? 'total' : undefined}>
      <th scope="row">{row.provider ?? 'All of them'}</th>
      <td className="right" title={formatAllDigits(row.effective)}>
        {formatDecimal(row.effective, 2)}
      </td>
      <td className="right" title={formatAllDigits(row.simulated)}>
        {formatDecimal(row.simulated, 2)}
      </td>
      <td
        className={row.holds ? 'right' : 'right risk'}
        title={formatChangeAllDigits(row.difference)}
      >
        {formatChange(row.difference, 2)}
      </td>
      <td className="right">{row.share === null ? 'n/a' : percent(row.share)}</td>
      <td className="right muted">{percent(row.limit)}</td>
    </tr>
  );
}

function percent(share: number): string {
  return `${formatDecimal((share * 100).toFixed(4), 2)}%`;
}

/** In place of the plan: there is nothing to plan with. */
export function NothingToPlan({ answer }: { answer: Answer }) {
  return (
    <>
      <section className="withheld" aria-label="No plan">
        <p className="state-words">There is no plan yet: what it needs is not loaded.</p>
        <Notes notes={answer.notes} />
      </section>
      <MissingInputs missing={answer.missing} currency={answer.currency} />
    </>
  );
}

/** The plan is to change nothing. */
export function NothingWorthDoing({ answer }: { answer: Answer }) {
  const { plan, window } = answer;
  if (!plan) return null;
  return (
    <section className="withheld" aria-label="Nothing worth doing">
      <p className="state-words">
        Nothing is worth doing: no action saves enough for its risk and its effort.
      </p>
      <p className="muted">
        {window &&
          `Looked at ${formatRange(window.from, window.to, true)}, ${formatCount(window.rows)} charges; the bill comes to ${formatDecimal(plan.baseline)} ${answer.currency ?? ''} a month. `}
        {plan.gap.complete
          ? 'Every combination was looked at or ruled out.'
          : `Not every combination was looked at; any plan could save at most ${formatDecimal(plan.gap.amount)} a month.`}
      </p>
    </section>
  );
}

export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="plan-notes muted small">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

/** What the figures rest on, in the order in which a reader asks. */
export function Basis({ answer, plan }: { answer: Answer; plan: SavingsPlanned }) {
  const { window, reconciliation } = answer;
  const whole = reconciliation.find(({ provider }) => provider === null) ?? reconciliation[0];
  const { gap, basis, horizon } = plan;
  const gapShare = gap.share === null ? '' : ` (${percent(gap.share)})`;
  const hourly =
    window === null || window.hourlyShare === null
      ? ''
      : ` ${percent(window.hourlyShare)} of the machine-hours are stated by the hour.`;
  return (
    <section className="plan-basis small" aria-label="What the figures rest on">
      <div className="section-head">
        <h2>What the figures rest on</h2>
      </div>
      <ul>
        {window && (
          <li>
            Bill of {formatRange(window.from, window.to, true)}:{' '}
            {formatDecimal(window.effective, 2)} effective cost in {formatCount(window.rows)}{' '}
            charges.{hourly}
            {whole &&
              ` Simulated again it differs by ${formatChange(whole.difference, 2)}, at most ${percent(whole.limit)} is allowed.`}
          </li>
        )}
        <li>
          Figures are a month of 730 hours, the mean of {formatDay(horizon.from)} to{' '}
          {formatDay(addDays(horizon.to, -1))}.{' '}
          {gap.complete
            ? `Every combination was looked at or ruled out; no plan can be cheaper by more than ${formatDecimal(gap.amount, 2)}${gapShare}.`
            : `Not every combination was looked at; a better plan could save at most ${formatDecimal(gap.amount, 2)}${gapShare} more.`}
        </li>
        <li>
          {formatCount(basis.scenarios)} scenarios from {formatCount(basis.historyWeeks)} weeks of
          history, {formatCount(basis.pastDecisions)} past{' '}
          {basis.pastDecisions === 1 ? 'decision' : 'decisions'}. {basis.note}
        </li>
        {answer.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}

/** What is not proved, so in no figure: a range, and what would bring it in. */
export function Outside({ plan }: { plan: SavingsPlanned }) {
  if (plan.outside.length === 0) return null;
  return (
    <section className="plan-outside" aria-label="Worth a look, in no figure">
      <div className="section-head">
        <h2>Worth a look, in no figure</h2>
        <span className="caption muted">not proved on this account; a range a month</span>
      </div>
      <table className="table table-wide">
        <colgroup>
          <col style={{ width: '26%' }} />
          <col style={{ width: '30%' }} />
          <col style={{ width: 148 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Advice</th>
            <th scope="col" className="right">
              Could save
            </th>
            <th scope="col" className="apart">
              Why it is outside
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.outside.map(({ id, title, advice, low, high, reason }) => (
            <tr key={id}>
              <td className="wrap">{title}</td>
              <td className="wrap">{advice}</td>
              <td className="right">
                {low === null || high === null ? (
                  <span className="muted">unknown</span>
                ) : (
                  intervalWords({ low, high })
                )}
              </td>
              <td className="apart wrap muted">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Workloads that stay as they are, with the reason. */
export function Kept({ plan }: { plan: SavingsPlanned }) {
  if (plan.kept.length === 0) return null;
  return (
    <section className="plan-kept" aria-label="Looked at and left as it is">
      <div className="section-head">
        <h2>Looked at and left as it is</h2>
        <span className="caption muted">what was rejected, and why</span>
      </div>
      <table className="table table-wide">
        <colgroup>
          <col style={{ width: '30%' }} />
          <col style={{ width: 96 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <th scope="col" className="right">
              A month
            </th>
            <th scope="col" className="apart">
              Rejected
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.kept.map((one) => (
            <tr key={one.workload}>
              <th scope="row" title={`${one.workloadName}, ${one.detail}`}>
                {one.workloadName}
                <span className="muted">, {one.detail}</span>
              </th>
              <td className="right">{formatDecimal(one.monthly)}</td>
              <td className="apart wrap muted">
                {one.rejected.length === 0
                  ? 'no alternative is known'
                  : one.rejected.map(({ option, reason }) => `${option}: ${reason}`).join('; ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
