import type { ReactNode } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import {
  currencySign,
  formatCount,
  formatDecimal,
  formatMonthShort,
  formatRange,
  formatShare,
} from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { Tied } from '../../components/Tied.tsx';
import { useApi } from '../../data/useApi.ts';
import { noValue } from '../../stores/words.ts';
import './health.css';

type Sheet = CallOutput<'loads.health'>['sheet'];

const invoicesShown = 8;

/** What one file looks like as data: complete, tagged, as FOCUS asks, tied to its invoices. */
export function HealthSheet({ load }: { load: number }) {
  const { data, error } = useApi('loads.health', { load });
  if (error) return <Failure error={error} />;
  // The answer before belongs to another load.
  if (data?.load !== load) return null;
  const { sheet, warnings } = data;
  return (
    <div className="health">
      <Facts sheet={sheet} />
      <Nulls sheet={sheet} />
      <section>
        <h3>FOCUS 1.2</h3>
        <Conformance sheet={sheet} />
        {warnings.length > 0 && (
          <>
            <h3>Noted while reading</h3>
            <ul>
              {warnings.map(({ code, message }) => (
                <li key={code}>{message}</li>
              ))}
            </ul>
          </>
        )}
      </section>
      <Invoices sheet={sheet} />
    </div>
  );
}

function Facts({ sheet }: { sheet: Sheet }) {
  const { firstDay, lastDay, gaps, negativeRows, untagged } = sheet;
  const missing = gaps.reduce((sum, { days }) => sum + days, 0);
  const range = (from: string, to: string) => formatRange(from, addDays(to, 1), true);
  return (
    <section>
      <h3>Rows and days</h3>
      <dl>
        <Fact name="Rows">{formatCount(sheet.rows)}</Fact>
        <Fact name="Days">
          {firstDay === null || lastDay === null ? 'unknown' : range(firstDay, lastDay)}
        </Fact>
        <Fact name="Days without a charge">
          {missing === 0 ? '0' : formatCount(missing)}
          {gaps.slice(0, 3).map(({ from, to }) => (
            <div key={from} className="muted">
              {range(from, to)}
            </div>
          ))}
          {gaps.length > 3 && <div className="muted">{formatCount(gaps.length - 3)} more gaps</div>}
        </Fact>
        <Fact name="Rows below zero">{formatCount(negativeRows)}</Fact>
        {untagged.map(({ currency, rows, billed, total }) => (
          <Fact key={currency} name={`Untagged ${currencySign(currency)}`}>
            {rows === 0 ? '0' : billed === null ? 'unknown' : formatDecimal(billed, 2)}
            {rows > 0 && billed !== null && total !== null && (
              <span className="muted"> {formatShare(billed, total)}</span>
            )}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}

function Nulls({ sheet }: { sheet: Sheet }) {
  const gaps = sheet.nulls.filter(({ rows }) => rows > 0);
  return (
    <section>
      <h3>Rows without a value</h3>
      {gaps.length === 0 ? (
        <p className="muted">None in {formatCount(sheet.nulls.length)} columns.</p>
      ) : (
        <dl>
          {gaps.map(({ column, rows }) => (
            <Fact key={column} name={column}>
              {formatCount(rows)}
              <span className="muted"> {formatShare(String(rows), String(sheet.rows))}</span>
            </Fact>
          ))}
        </dl>
      )}
    </section>
  );
}

function Conformance({ sheet: { rulesChecked, findings } }: { sheet: Sheet }) {
  if (rulesChecked === 0) return <p className="muted">Not a FOCUS file; nothing was checked.</p>;
  if (findings.length === 0) {
    return <p className="muted">{formatCount(rulesChecked)} rules checked, no finding.</p>;
  }
  return (
    <>
      <p className="muted">
        {formatCount(findings.length)} of {formatCount(rulesChecked)} rules are not followed.
      </p>
      <ul>
        {findings.map(({ rule, message, rows }) => (
          <li key={rule}>
            {message} Not so in {formatCount(rows)} {rows === 1 ? 'row' : 'rows'}.{' '}
            <span className="muted">{rule}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Invoices({ sheet: { invoices, moreInvoices } }: { sheet: Sheet }) {
  const shown = invoices.slice(0, invoicesShown);
  const more = invoices.length - shown.length + moreInvoices;
  return (
    <section>
      <h3>Invoices</h3>
      <dl>
        {shown.map(({ invoice, period, currency, billed }) => (
          <Fact
            key={`${invoice ?? ''} ${period} ${currency}`}
            name={`${invoice ?? noValue}, ${formatMonthShort(period)}`}
          >
            <Tied currency={currency} amount={billed} />
          </Fact>
        ))}
      </dl>
      {more > 0 && <p className="muted">{formatCount(more)} more</p>}
    </section>
  );
}
