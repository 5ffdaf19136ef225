import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import {
  compareDecimals,
  currencySign,
  formatAllDigits,
  formatCount,
  formatDay,
  formatDecimal,
  formatRange,
  formatShare,
} from '../../../shared/domain/format.ts';
import { useApi } from '../../data/useApi.ts';

type Banked = CallOutput<'decisions.banked'>;

/** What was decided, and of what was done: promised beside banked. */
export function Decisions() {
  const banked = useApi('decisions.banked', {}).data;
  const listed = useApi('decisions.list', {}).data;
  if (!listed || listed.items.length === 0) return null;
  return (
    <>
      {banked && banked.items.length > 0 && <PromisedBanked banked={banked} />}
      <History items={listed.items} />
    </>
  );
}

function PromisedBanked({ banked }: { banked: Banked }) {
  return (
    <section className="banked" aria-label="Promised beside banked">
      <div className="section-head">
        <h2>Promised beside banked</h2>
        <span className="caption muted">
          measured on the bill
          {banked.countedTo !== null && ` to ${formatDay(addDays(banked.countedTo, -1))}`},
          normalised for usage
        </span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: '26%' }} />
          <col style={{ width: 96 }} />
          <col style={{ width: 148 }} />
          <col style={{ width: 96 }} />
          <col style={{ width: 96 }} />
          <col style={{ width: 72 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Action</th>
            <th scope="col">Done</th>
            <th scope="col">Days counted</th>
            <th scope="col" className="right">
              Promised
            </th>
            <th scope="col" className="right">
              Banked
            </th>
            <th scope="col" className="right">
              Kept
            </th>
            <th scope="col" className="apart">
              How it is known
            </th>
          </tr>
        </thead>
        <tbody>
          {banked.items.map((item) => (
            <tr key={item.key}>
              <th scope="row" title={item.title}>
                {item.title}
              </th>
              <td>{formatDay(item.doneOn)}</td>
              <td className="num">
                {item.counted
                  ? `${formatRange(item.counted.from, item.counted.to)}, ${formatCount(item.counted.days)}`
                  : 'none yet'}
              </td>
              <td className="right">{money(item.promised)}</td>
              <td
                className={`right ${bankedLook(item.banked)}`}
                title={item.banked === null ? undefined : formatAllDigits(item.banked)}
              >
                {item.banked === null
                  ? item.status === 'waiting'
                    ? 'waiting'
                    : 'unknown'
                  : formatDecimal(item.banked)}
              </td>
              <td className="right">{kept(item.banked, item.promised)}</td>
              <td className="apart muted" title={item.reason}>
                {item.reason}
              </td>
            </tr>
          ))}
          {banked.totals.map((total) => (
            <tr className="total" key={total.currency ?? ''}>
              <th scope="row">
                Measured, {formatCount(total.items)}
                {total.left > 0 && (
                  <span className="muted">, {formatCount(total.left)} not yet</span>
                )}
              </th>
              <td />
              <td>{currencySign(total.currency)}</td>
              <td className="right">{formatDecimal(total.promised)}</td>
              <td
                className={`right ${bankedLook(total.banked)}`}
                title={formatAllDigits(total.banked)}
              >
                {formatDecimal(total.banked)}
              </td>
              <td className="right">{kept(total.banked, total.promised)}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Only what was saved is green. */
function bankedLook(banked: string | null): string {
  if (banked === null) return 'muted';
  const sign = compareDecimals(banked, '0');
  return sign > 0 ? 'save' : sign < 0 ? 'risk' : '';
}

function money(text: string | null): string {
  return text === null ? 'unknown' : formatDecimal(text);
}

function kept(banked: string | null, promised: string | null): string {
  return banked === null || promised === null ? 'n/a' : formatShare(banked, promised);
}

/** "Accepted", "Dismissed: the run may not move". */
function decisionWords(decision: Decision): string {
  switch (decision.kind) {
    case 'accept':
      return 'Accepted';
    case 'schedule':
      return `Scheduled for ${formatDay(decision.on)}`;
    case 'done':
      return `Done, in effect since ${formatDay(decision.on)}`;
    case 'dismiss':
      return `Dismissed: ${decision.reason}`;
    case 'snooze':
      return `Snoozed until ${formatDay(decision.until)}`;
    case 'reopen':
      return 'Reopened';
  }
}

const shownAtFirst = 8;

function History({ items }: { items: CallOutput<'decisions.list'>['items'] }) {
  const [whole, setWhole] = useState(false);
  const all = items
    .flatMap((item) => item.history.map((entry) => ({ item, entry })))
    .sort((a, b) => b.entry.id - a.entry.id);
  const shown = whole ? all : all.slice(0, shownAtFirst);
  return (
    <section className="decision-history" aria-label="Decisions">
      <div className="section-head">
        <h2>Decisions</h2>
        <span className="caption muted">
          latest first, kept for good; promised a month as it stood
        </span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: 132 }} />
          <col style={{ width: '34%' }} />
          <col />
          <col style={{ width: 112 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">When, UTC</th>
            <th scope="col">Action</th>
            <th scope="col">Decision</th>
            <th scope="col" className="right">
              Promised
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ item, entry }) => (
            <tr key={entry.id}>
              <td className="num">
                {formatDay(entry.at.slice(0, 10))} {entry.at.slice(11, 16)}
              </td>
              <td title={`${item.title}, ${item.detail}`}>{item.title}</td>
              <td title={decisionWords(entry.decision)}>{decisionWords(entry.decision)}</td>
              <td className="right">
                {entry.promise === null ? 'n/a' : formatDecimal(entry.promise.monthly)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < all.length && (
        <button type="button" className="link-button small" onClick={() => setWhole(true)}>
          Show all {formatCount(all.length)} decisions
        </button>
      )}
    </section>
  );
}
