import type { Change, ChangedAmounts } from '../../../shared/contract/changes.ts';
import {
  compareDecimals,
  currencySign,
  formatAllDigits,
  formatChange,
  formatChangeAllDigits,
  formatCount,
  formatDay,
  formatDecimal,
  formatMonth,
} from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { useApi } from '../../data/useApi.ts';
import { choose } from '../../stores/choices.ts';
import { noValue, valueName } from '../../stores/words.ts';

const linesShown = 20;

interface ChangesProps {
  period: string;
  /** Whose month it is; without it all that bill the month. */
  of?: { provider: string | null; billingAccount: string | null };
}

/** What each restatement of a billing month moved, by account and service. */
export function Changes({ period, of }: ChangesProps) {
  const asked = useApi('changes.list', { period, ...of, limit: linesShown });
  if (asked.error) return <Failure error={asked.error} kept="What is loaded is unchanged." />;
  if (asked.data?.length === 0) return <p className="muted small">Nothing was restated.</p>;
  return asked.data?.map((change) => (
    <ChangeTable key={change.id} change={change} named={of === undefined} />
  ));
}

/** What was restated in the month that the address names. */
export function ChangesOfMonth({ period }: { period: string }) {
  return (
    <section aria-label={`Restated in ${formatMonth(period)}`}>
      <div className="section-head">
        <h2>Restated in {formatMonth(period)}</h2>
        <span className="caption muted">a billing month, the newest change first</span>
        <button
          type="button"
          className="link-button small end"
          onClick={() => choose({ changes: null })}
        >
          Close
        </button>
      </div>
      <Changes period={period} />
    </section>
  );
}

const kinds: Record<Change['kind'], string> = {
  restated: 'Restated',
  added: 'A further part',
  removed: 'Import removed',
};

function ChangeTable({ change, named }: { change: Change; named: boolean }) {
  const { kind, from, to, totals, lines, rest } = change;
  // Named once in the heads; only where currencies meet does each figure carry its own.
  const single = totals.length === 1 ? (totals[0]?.currency ?? null) : null;
  const mixed = totals.length > 1;
  const head = mixed ? '' : ` ${currencySign(single) || noValue}`;
  const about = `${kinds[kind]} on ${formatDay(change.changedAt.slice(0, 10))}, version ${formatCount(from.number)} to ${formatCount(to.number)}`;
  const { provider, billingAccount, billingAccountName } = change;
  return (
    <section className="change" aria-label={about}>
      <p className="small">
        {named && (
          <b>
            {provider ?? noValue}, {valueName(billingAccount, billingAccountName)}:{' '}
          </b>
        )}
        {about}{' '}
        <span className="muted">
          {files(from)} to {files(to)}
        </span>
      </p>
      {lines.length === 0 && <p className="muted small">Nothing moved by account and service.</p>}
      <table className="table">
        <colgroup>
          <col style={{ width: '24%' }} />
          <col />
          <col style={{ width: 160 }} />
          <col style={{ width: 160 }} />
          <col style={{ width: 160 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Service</th>
            <th scope="col" className="right">
              Billed before{head}
            </th>
            <th scope="col" className="right">
              Billed now{head}
            </th>
            <th scope="col" className="right">
              Change{head}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={JSON.stringify([line.currency, line.account, line.service])}>
              <td title={line.account ?? noValue}>{valueName(line.account, line.accountName)}</td>
              <td title={line.service ?? noValue}>{line.service ?? noValue}</td>
              <Figures amounts={line} mixed={mixed} />
            </tr>
          ))}
          {rest.map(({ currency, lines: count, difference }) => (
            <tr key={currency} className="muted">
              <td colSpan={4}>{formatCount(count)} more</td>
              <td className="right">{signed(difference, currency, mixed)}</td>
            </tr>
          ))}
          {totals.map((total) => (
            <tr key={total.currency} className="total">
              <th scope="row" colSpan={2}>
                Whole month
              </th>
              <Figures amounts={total} mixed={mixed} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Before, now and the change: cents, every digit on hover. */
function Figures({ amounts, mixed }: { amounts: ChangedAmounts; mixed: boolean }) {
  const { currency, old, new: now, difference, oldRows, newRows } = amounts;
  return (
    <>
      <td className="right" title={allDigits(old.billed)}>
        {oldRows === 0 ? 'new' : figure(old.billed, currency, mixed)}
      </td>
      <td className="right" title={allDigits(now.billed)}>
        {newRows === 0 ? 'gone' : figure(now.billed, currency, mixed)}
      </td>
      <td className="right" title={allDigits(difference.billed)}>
        {signed(difference.billed, currency, mixed)}
      </td>
    </>
  );
}

function files({ loads }: Change['to']): string {
  return loads.map((load) => load.file).join(', ');
}

function allDigits(amount: string | null): string | undefined {
  return amount === null ? undefined : formatAllDigits(amount);
}

function figure(amount: string | null, currency: string | null, mixed: boolean): string {
  return withSign(amount === null ? 'unknown' : formatDecimal(amount, 2), currency, mixed);
}

/** A change below a cent is written out: it would read as none. */
function signed(amount: string | null, currency: string | null, mixed: boolean): string {
  if (amount === null) return withSign('unknown', currency, mixed);
  const cents = formatChange(amount, 2);
  const hidden = compareDecimals(amount, '0') !== 0 && cents === formatChange('0', 2);
  return withSign(hidden ? formatChangeAllDigits(amount) : cents, currency, mixed);
}

function withSign(text: string, currency: string | null, mixed: boolean): string {
  return mixed ? `${currencySign(currency) || noValue} ${text}` : text;
}
