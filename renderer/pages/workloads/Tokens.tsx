import type { TokenRow } from '../../../shared/contract/workloads.ts';
import {
  currencySign,
  formatAllDigits,
  formatCount,
  placesOf,
} from '../../../shared/domain/format.ts';
import { noValue } from '../../stores/words.ts';
import { sumOf } from './sums.ts';
import { amount, type Detail, unitPrice } from './words.ts';

const classNames: Record<TokenRow['tokenClass'], string> = {
  uncached: 'Input, not cached',
  'cache-read': 'Input, read from cache',
  'cache-write': 'Input, written to cache',
  input: 'Input, cached or not',
  output: 'Output',
};

const rowsShown = 40;

/** Tokens by model and class; the classes never overlap. */
export function Tokens({ detail }: { detail: Detail }) {
  const { tokens, currency, workload } = detail;
  if (tokens.length === 0) return null;
  const sign = currencySign(currency);
  const places = placesOf(workload.cost);
  const left = tokens.slice(rowsShown).filter(({ counted }) => counted);
  return (
    <section aria-label="Tokens">
      <div className="section-head">
        <h2>Tokens</h2>
        <span className="caption muted">
          classes do not overlap: a token read from the cache is in no other
        </span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: '22%' }} />
          <col style={{ width: '16%' }} />
          <col style={{ width: 172 }} />
          <col style={{ width: 64 }} />
          <col style={{ width: 132 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 96 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Billed by</th>
            <th scope="col">Class</th>
            <th scope="col">Batch</th>
            <th scope="col" className="right">
              Tokens
            </th>
            <th scope="col" className="right">
              Cost {sign}
            </th>
            <th scope="col" className="right">
              {sign} a million
            </th>
            <th scope="col" className="apart">
              Note
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.slice(0, rowsShown).map((row) => (
            <tr
              key={JSON.stringify([
                row.model,
                row.service,
                row.provider,
                row.tokenClass,
                row.batch,
                row.counted,
              ])}
              className={row.counted ? undefined : 'muted'}
            >
              <td title={row.model ?? noValue}>{row.model ?? noValue}</td>
              <td className="muted" title={row.service ?? noValue}>
                {row.service ?? noValue}
              </td>
              <td>{classNames[row.tokenClass]}</td>
              <td className="muted">{row.batch ? 'batch' : ''}</td>
              <td className="right">{amount(row.tokens, 0)}</td>
              <td
                className="right"
                title={row.cost === null ? undefined : formatAllDigits(row.cost)}
              >
                {amount(row.cost, places)}
              </td>
              <td className="right">{unitPrice(row.perMillion)}</td>
              <td className="apart muted" title={row.note}>
                {row.counted ? row.note : `not added up: ${row.note}`}
              </td>
            </tr>
          ))}
          {left.length > 0 && (
            <tr className="muted">
              <td colSpan={5}>{formatCount(left.length)} more that are added up</td>
              <td className="right">{amount(sumOf(left.map(({ cost }) => cost)), places)}</td>
              <td colSpan={2} />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
