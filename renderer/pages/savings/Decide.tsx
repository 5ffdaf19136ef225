import { useState } from 'react';
import type { CallInput } from '../../../shared/contract/contract.ts';
import type { DecisionItem } from '../../data/decided.ts';
import type { Decision, DecisionState } from '../../../shared/contract/decisions.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import type { SavingsAction } from '../../../shared/contract/savings.ts';
import { decisionKey } from '../../../shared/decisions/decisionKey.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import { Failure } from '../../components/Failure.tsx';
import { useConnection } from '../../data/useApi.ts';
import { useConfirmed } from './confirmed.ts';

type Kind = Decision['kind'];

interface DecideProps {
  action: SavingsAction;
  item: DecisionItem | undefined;
  currency: string | null;
  today: string | null;
  plan: CallInput<'savings.plan'>;
}

const names: Record<Kind, string> = {
  accept: 'Accept',
  schedule: 'Schedule',
  done: 'Done',
  dismiss: 'Dismiss',
  snooze: 'Snooze',
  reopen: 'Reopen',
};

/** What can be decided next. */
const next: Record<DecisionState, readonly Kind[]> = {
  open: ['accept', 'schedule', 'done', 'dismiss', 'snooze'],
  accepted: ['schedule', 'done', 'dismiss', 'reopen'],
  scheduled: ['done', 'schedule', 'dismiss', 'reopen'],
  done: ['reopen'],
  dismissed: ['reopen'],
  snoozed: ['reopen'],
};

/** Accept, schedule, done, dismiss, snooze; what needs a date or a reason asks for it in place. */
export function Decide({ action, item, currency, today, plan }: DecideProps) {
  const api = useConnection();
  const confirmed = useConfirmed((all) => all[action.id]);
  const [asking, setAsking] = useState<Kind | null>(null);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [copied, setCopied] = useState(false);
  const left = action.assumptions.filter(({ id }) => !confirmed?.includes(id)).length;
  const kinds = next[item?.state ?? 'open'];

  async function record(decision: Decision) {
    setSaving(true);
    const answer = await api.call('decisions.record', {
      key: decisionKey(currency, action.id),
      decision,
      plan,
    });
    setSaving(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setAsking(null);
  }

  function choose(kind: Kind) {
    setError(null);
    if (kind === 'accept' || kind === 'reopen') void record({ kind });
    else setAsking(asking === kind ? null : kind);
  }

  return (
    <section className="decide" aria-label="Decision">
      <div className="buttons">
        {kinds.map((kind, index) => {
          const waits = left > 0 && (kind === 'accept' || kind === 'schedule');
          return (
            <button
              key={kind}
              type="button"
              className={index === 0 && kind !== 'reopen' ? 'button primary' : 'button'}
              disabled={saving || waits || today === null}
              aria-expanded={kind === 'accept' || kind === 'reopen' ? undefined : asking === kind}
              onClick={() => choose(kind)}
            >
              {names[kind]}
            </button>
          );
        })}
        <button
          type="button"
          className="button"
          onClick={() => {
            void navigator.clipboard.writeText(stepsText(action)).then(() => setCopied(true));
          }}
        >
          {copied ? 'Steps copied' : 'Copy steps'}
        </button>
      </div>
      {asking !== null && today !== null && (
        <Ask key={asking} kind={asking} today={today} saving={saving} onSave={record} />
      )}
      {left > 0 && kinds.includes('accept') && (
        <p className="caption muted">
          {left} {left === 1 ? 'assumption' : 'assumptions'} left to confirm before it can be
          accepted.
        </p>
      )}
      {error && <Failure error={error} kept="Nothing was recorded." />}
    </section>
  );
}

interface AskProps {
  kind: Kind;
  today: string;
  saving: boolean;
  onSave: (decision: Decision) => void;
}

const days = {
  schedule: { label: 'Will be done on', ahead: 7 },
  done: { label: 'In effect since', ahead: 0 },
  snooze: { label: 'Out of sight until', ahead: 30 },
} as const;

function Ask({ kind, today, saving, onSave }: AskProps) {
  const of = kind === 'schedule' || kind === 'done' || kind === 'snooze' ? kind : null;
  const [day, setDay] = useState(of ? addDays(today, days[of].ahead) : today);
  const [reason, setReason] = useState('');
  const decision = decisionOf(kind, day, reason.trim());

  return (
    <form
      className="decide-ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (decision) onSave(decision);
      }}
    >
      {of ? (
        <label>
          <span className="muted small">{days[of].label}</span>
          <input
            className="field"
            type="date"
            required
            value={day}
            min={of === 'done' ? undefined : of === 'snooze' ? addDays(today, 1) : today}
            max={of === 'done' ? today : undefined}
            onChange={(event) => setDay(event.currentTarget.value)}
            ref={focusOnce}
          />
        </label>
      ) : (
        <label className="wide">
          <span className="muted small">Why not</span>
          <input
            className="field"
            type="text"
            required
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            ref={focusOnce}
          />
        </label>
      )}
      <button type="submit" className="button primary" disabled={saving || decision === null}>
        {names[kind]}
      </button>
    </form>
  );
}

function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}

function decisionOf(kind: Kind, day: string, reason: string): Decision | null {
  if (kind === 'dismiss') return reason === '' ? null : { kind, reason };
  if (day === '') return null;
  if (kind === 'snooze') return { kind, until: day };
  return kind === 'schedule' || kind === 'done' ? { kind, on: day } : null;
}

/** The steps as numbered lines, each with its command below. */
export function stepsText(action: Pick<SavingsAction, 'title' | 'steps'>): string {
  const lines = action.steps.flatMap(({ text, command, console: place }, index) => [
    `${index + 1}. ${text}${place === null ? '' : `, ${place}`}`,
    ...(command === null ? [] : [`   ${command}`]),
  ]);
  return `${action.title}\n${lines.join('\n')}\n`;
}
