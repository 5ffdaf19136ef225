import type { CallOutput } from '../../../shared/contract/contract.ts';
import {
  currencySign,
  formatDayShort,
  formatDecimal,
  monthShort,
  placesOf,
} from '../../../shared/domain/format.ts';
import { useLink } from '../../stores/address.ts';
import type { Overview } from './days.ts';

type Data = NonNullable<CallOutput<'app.info'>['data']>;

/** The sources behind the month, and to which day each is loaded. */
export function DataTable({ overview, data }: { overview: Overview; data: Data }) {
  const link = useLink();
  const places = placesOf(overview.spent.cost);
  const sign = currencySign(overview.currency);
  return (
    <section className="overview-side">
      <div className="section-head">
        <h2>Data</h2>
        <a className="caption muted end" href={link({ page: 'sources' })}>
          {data.tiedOut === data.periods ? 'ties out to the cent' : 'does not tie out'}
        </a>
      </div>
      <table className="table">
        <colgroup>
          <col />
          <col style={{ width: 60 }} />
          <col style={{ width: 88 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">To</th>
            <th scope="col" className="right">
              {monthShort(overview.month)} {sign}
            </th>
          </tr>
        </thead>
        <tbody>
          {overview.sources.map((source) => (
            <tr key={`${source.label} ${source.provider ?? ''} ${source.format}`}>
              <td title={`${source.label}: ${source.provider ?? ''}, ${source.format}`}>
                {source.provider ?? source.label}, {source.format}
              </td>
              <td className={source.lastDay < overview.lastDay ? 'strong' : undefined}>
                {formatDayShort(source.lastDay)}
              </td>
              <td className="right">
                {source.cost === null ? (
                  <span className="muted">not loaded</span>
                ) : (
                  formatDecimal(source.cost, places)
                )}
              </td>
            </tr>
          ))}
          <tr className="total">
            <th scope="row">Total</th>
            <td />
            <td className="right">
              {overview.spent.cost === null
                ? 'unknown'
                : formatDecimal(overview.spent.cost, places)}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
