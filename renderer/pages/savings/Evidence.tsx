import { useEffect, useRef } from 'react';
import type { CallInput } from '../../../shared/contract/contract.ts';
import type { DecisionItem } from '../../data/decided.ts';
import type { EvidenceLine, SavingsAction } from '../../../shared/contract/savings.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import { formatAllDigits, formatDay, formatDecimal } from '../../../shared/domain/format.ts';
import { choose } from '../../stores/choices.ts';
import { Bought } from './Bought.tsx';
import { confirm, useConfirmed } from './confirmed.ts';
import { Decide } from './Decide.tsx';
import { DecisionTag } from './DecisionTag.tsx';
import { levelWords } from '../../stores/words.ts';
import { effortNames } from './words.ts';

interface EvidenceProps {
  action: SavingsAction;
  item: DecisionItem | undefined;
  currency: string | null;
  level: number;
  today: string | null;
  /** What the plan was asked with. */
  plan: CallInput<'savings.plan'>;
}

/** One action: what it saves, why, from which rows and prices, what else there was, how it is done. */
export function Evidence({ action, item, currency, level, today, plan }: EvidenceProps) {
  const title = useRef<HTMLHeadingElement>(null);
  const { id } = action;
  useEffect(() => {
    // Rows are walked with the evidence open: only an opening from elsewhere moves the focus.
    if (document.activeElement?.getAttribute('role') !== 'grid') {
      title.current?.focus({ preventScroll: true });
    }
  }, []);
  const rules = action.evidence.filter(({ kind }) => kind === 'rule');
  const prices = action.evidence.filter(({ kind }) => kind === 'price');
  const facts = action.evidence.filter(({ kind }) => kind !== 'rule' && kind !== 'price');
  return (
    <aside className="evidence" aria-label="Evidence of the action">
      <div className="evidence-head">
        <h2 tabIndex={-1} ref={title}>
          {action.title}
        </h2>
        <button
          type="button"
          className="link-button small"
          onClick={() => choose({ action: null })}
        >
          Close <kbd className="kbd">Esc</kbd>
        </button>
      </div>
      <p className="muted small">
        {[action.detail, action.provider, action.accountName ?? action.account]
          .filter((part) => part !== null && part !== '')
          .join(', ')}
      </p>
      <dl className="evidence-figures num">
        <Amount label="Marginal" amount={action.marginal} save />
        <Amount label="Last-in" amount={action.lastIn} />
        <Amount label="Stand-alone" amount={action.standalone} />
        <div>
          <dt>{levelWords(level)} interval</dt>
          <dd>
            {formatDecimal(action.low)} to {formatDecimal(action.high)}
          </dd>
        </div>
      </dl>
      <p>{action.advice}</p>
      <p className="small muted">
        {currency} a month. Confidence {action.confidence.level}: {action.confidence.reason}{' '}
        {effortNames[action.effort]} effort.
        {action.monthly !== null && ` Costs ${formatDecimal(action.monthly)} a month today.`}
      </p>
      {action.commitment && <Bought bought={action.commitment} />}
      {rules.length > 0 && <Rules rules={rules} />}
      {prices.length > 0 && <Lines title="Price" lines={prices} />}
      {facts.length > 0 && <Lines title="Where the figures come from" lines={facts} />}
      {action.rejected.length > 0 && (
        <section aria-label="Rejected instead">
          <h3>Rejected instead</h3>
          <ul className="evidence-rows">
            {action.rejected.map(({ option, reason, savesLess }) => (
              <li key={option}>
                <span>{option}</span>
                <span className="muted">
                  {reason}
                  {savesLess !== null && `; saves ${formatDecimal(savesLess)} less`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Steps action={action} />
      <Assumptions action={action} />
      <Decide key={id} action={action} item={item} currency={currency} today={today} plan={plan} />
      {item && item.history.length > 0 && (
        <p className="small muted">
          <DecisionTag item={item} />{' '}
          {item.history.length === 1 ? 'once decided' : `decided ${item.history.length} times`}, the
          history is below the actions.
        </p>
      )}
    </aside>
  );
}

function Amount({
  label,
  amount,
  save = false,
}: {
  label: string;
  amount: string;
  save?: boolean;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={save ? 'save' : undefined} title={formatAllDigits(amount)}>
        {formatDecimal(amount)}
      </dd>
    </div>
  );
}

function Rules({ rules }: { rules: readonly EvidenceLine[] }) {
  return (
    <section aria-label="Rule">
      <h3>Rule</h3>
      <table className="table evidence-table">
        <colgroup>
          <col />
          <col style={{ width: 84 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 44 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Condition</th>
            <th scope="col" className="right">
              Threshold
            </th>
            <th scope="col" className="right">
              Observed
            </th>
            <th scope="col" className="right">
              Holds
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.what} title={`${rule.what}. ${sourceWords(rule)}`}>
              <th scope="row">{rule.what}</th>
              <td className="right">{rule.threshold ?? 'n/a'}</td>
              <td className="right">{rule.value}</td>
              <td className={rule.holds === false ? 'right risk' : 'right'}>
                {rule.holds === null ? 'n/a' : rule.holds ? 'yes' : 'no'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function sourceWords({ source, date }: EvidenceLine): string {
  return date === null ? source : `${source}, ${formatDay(date)}`;
}

function Lines({ title, lines }: { title: string; lines: readonly EvidenceLine[] }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul className="evidence-lines">
        {lines.map((line) => (
          <li key={`${line.what} ${line.source}`}>
            <span>{line.what}</span>
            <span className="num">{line.value}</span>
            <span className="muted caption">
              {line.link ? <RowsLink line={line} link={line.link} /> : sourceWords(line)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Opens the rows of the bill that a figure is made of. */
function RowsLink({ line, link }: { line: EvidenceLine; link: NonNullable<EvidenceLine['link']> }) {
  return (
    <button
      type="button"
      className="link-button"
      onClick={() =>
        choose({
          page: 'costs',
          metric: 'effective',
          period: { kind: 'days', from: link.from, to: addDays(link.to, -1) },
          filters:
            link.resources.length > 0
              ? [{ dimension: 'resource', values: [...link.resources] }]
              : [],
          lines: { sort: 'cost', line: null },
        })
      }
    >
      {line.source}
    </button>
  );
}

function Steps({ action }: { action: SavingsAction }) {
  if (action.steps.length === 0) return null;
  return (
    <section aria-label="Steps">
      <h3>
        Steps{' '}
        <span className="caption muted">
          effective {formatDay(action.effectiveFrom)}; {action.reversibility}
        </span>
      </h3>
      <ol className="evidence-steps">
        {action.steps.map(({ text, command, console: place }) => (
          <li key={text}>
            {text}
            {place !== null && <span className="muted">, {place}</span>}
            {command !== null && <code>{command}</code>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Assumptions({ action }: { action: SavingsAction }) {
  const confirmed = useConfirmed((all) => all[action.id]);
  if (action.assumptions.length === 0) return null;
  return (
    <fieldset className="evidence-confirm">
      <legend>Confirm before accepting</legend>
      {action.assumptions.map(({ id, text }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={confirmed?.includes(id) ?? false}
            onChange={(event) => confirm(action.id, id, event.currentTarget.checked)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
