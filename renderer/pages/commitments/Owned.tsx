import type {
  CommitmentsOverview,
  OwnedCommitmentRow,
} from '../../../shared/contract/commitments.ts';
import {
  compareDecimals,
  currencySign,
  formatAllDigits,
  formatCount,
  formatDay,
  formatDecimal,
  formatShare,
} from '../../../shared/domain/format.ts';
import { EndField } from '../../components/EndField.tsx';
import { useChoices } from '../../stores/choices.ts';

/** The end and where it is known from; an unknown one is asked for. */
function End({ row }: { row: OwnedCommitmentRow }) {
  const stated = useChoices(({ whatIf }) => whatIf.ends[row.id]);
  if (row.ends !== null && stated === undefined) {
    return (
      <>
        {formatDay(row.ends)}
        <span className="muted">, {row.endReason}</span>
      </>
    );
  }
  return <EndField commitment={row.id} name={row.name} />;
}

/** What is owned with its fees, its use and where its end is known from. */
export function Owned({ overview }: { overview: CommitmentsOverview }) {
  const { owned, currency, ended } = overview;
  const sign = currencySign(currency);
  return (
    <section className="owned" aria-label="Owned commitments">
      <div className="section-head">
        <h2>Owned commitments</h2>
        <span className="caption muted">fees and savings of the days above</span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: '23%' }} />
          <col />
          <col style={{ width: 92 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 64 }} />
          <col style={{ width: 92 }} />
          <col style={{ width: '24%' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Commitment</th>
            <th scope="col">Covers</th>
            <th scope="col" className="right">
              Fee {sign}
            </th>
            <th scope="col" className="right">
              Unused {sign}
            </th>
            <th scope="col" className="right">
              Used
            </th>
            <th scope="col" className="right">
              Saved {sign}
            </th>
            <th scope="col" className="apart">
              Ends
            </th>
          </tr>
        </thead>
        <tbody>
          {owned.map((row) => (
            <tr key={row.id}>
              <th scope="row" title={`${row.type}, ${row.id}`}>
                {row.name}
                <span className="muted">, {row.accountName ?? row.account ?? row.provider}</span>
              </th>
              <td className="muted" title={row.covers}>
                {row.covers}
              </td>
              <td className="right" title={formatAllDigits(row.fee)}>
                {formatDecimal(row.fee)}
              </td>
              <td className="right" title={formatAllDigits(row.unused)}>
                {formatDecimal(row.unused)}
              </td>
              <td className="right">
                {row.utilisation === null ? 'n/a' : formatShare(row.utilisation.toFixed(6), '1')}
              </td>
              <td
                className={compareDecimals(row.saved, '0') < 0 ? 'right risk' : 'right'}
                title={formatAllDigits(row.saved)}
              >
                {formatDecimal(row.saved)}
              </td>
              <td className="apart" title={row.endReason}>
                <End row={row} />
              </td>
            </tr>
          ))}
          {ended.length > 0 && (
            <tr className="muted">
              <td
                colSpan={7}
                title={ended.map(({ name, ends }) => `${name}, ${formatDay(ends)}`).join('; ')}
              >
                {formatCount(ended.length)} ended in the last 12 months
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
