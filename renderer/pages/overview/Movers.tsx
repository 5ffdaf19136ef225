import {
  currencySign,
  formatChange,
  formatCount,
  formatDecimal,
  placesOf,
} from '../../../shared/domain/format.ts';
import { useLink } from '../../stores/address.ts';
import { noValue, valueName } from '../../stores/words.ts';
import { beforeDays, type Overview, spentDays } from './days.ts';

/** Where the change against the same days came from; the rows and the rest add up to it. */
export function Movers({ overview }: { overview: Overview }) {
  const link = useLink();
  const places = placesOf(overview.spent.cost);
  const { movers } = overview;
  const days = beforeDays(overview);
  if (!movers || days === null) {
    return (
      <section className="overview-main">
        <div className="section-head">
          <h2>Top movers</h2>
        </div>
        <p className="muted">
          The same days of the month before are not loaded. Load that month to see what moved.
        </p>
      </section>
    );
  }
  const sign = currencySign(overview.currency);
  const widest = Math.max(1, ...movers.rows.map((row) => Math.abs(Number(row.change))));
  return (
    <section className="overview-main">
      <div className="section-head">
        <h2>
          Top movers, {spentDays(overview)} against {days}
        </h2>
      </div>
      <table className="table">
        <colgroup>
          <col />
          <col style={{ width: '20%' }} />
          <col style={{ width: 80 }} />
          <col style={{ width: 80 }} />
          <col style={{ width: 80 }} />
          <col style={{ width: 108 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Account</th>
            <th scope="col" className="right">
              Before {sign}
            </th>
            <th scope="col" className="right">
              Now {sign}
            </th>
            <th scope="col" className="right">
              Change {sign}
            </th>
            <th scope="col">
              <span className="unseen">Change as a bar</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {movers.rows.map((row) => (
            <tr key={`${row.service ?? ''} ${row.account ?? ''}`}>
              <td>
                <a
                  className={row.service === null ? 'muted' : undefined}
                  title={row.service ?? noValue}
                  href={link({
                    page: 'costs',
                    period: { kind: 'month', month: overview.month },
                    filters: [
                      { dimension: 'service', values: [row.service] },
                      { dimension: 'account', values: [row.account] },
                    ],
                  })}
                >
                  {row.service ?? noValue}
                </a>
              </td>
              <td className="muted" title={row.account ?? noValue}>
                {valueName(row.account, row.accountName)}
              </td>
              <td className="right muted">{formatDecimal(row.before, places)}</td>
              <td className="right">{formatDecimal(row.now, places)}</td>
              <td className="right">{formatChange(row.change, places)}</td>
              <td>
                <ChangeBar change={Number(row.change) / widest} />
              </td>
            </tr>
          ))}
          <tr className="total">
            <th scope="row">All {formatCount(movers.lines)} lines</th>
            <td />
            <td className="right muted">
              {overview.sameDaysBefore && formatDecimal(overview.sameDaysBefore.cost, places)}
            </td>
            <td className="right">
              {overview.spent.cost !== null && formatDecimal(overview.spent.cost, places)}
            </td>
            <td className="right">{formatChange(movers.change, places)}</td>
            <td className="muted num">others {formatChange(movers.otherChange, places)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** From the middle to the right for more, to the left for less; `change` from -1 to 1. */
function ChangeBar({ change }: { change: number }) {
  const width = Math.abs(change) * 50;
  return (
    <span className="change-bar" aria-hidden="true">
      <span style={{ left: `${change < 0 ? 50 - width : 50}%`, width: `${width}%` }} />
    </span>
  );
}
