import type { RankedCost } from '../../../shared/contract/workloads.ts';
import {
  currencySign,
  formatCount,
  formatDecimal,
  placesOf,
} from '../../../shared/domain/format.ts';
import { choose } from '../../stores/choices.ts';
import { noValue, valueName } from '../../stores/words.ts';
import { sumOf } from './sums.ts';
import { amount, type Overview } from './words.ts';

const lists = [
  {
    key: 'unassigned',
    title: 'AI without a workload',
    about: 'No tag, resource or rule names what it belongs to.',
  },
  {
    key: 'unexplained',
    title: 'AI with no known purpose',
    about: 'It is AI, and nothing says what for.',
  },
  {
    key: 'untagged',
    title: 'Charges without a tag',
    about: 'AI or not. A view of its own: these charges are counted above too.',
  },
] as const;

/** Money that nothing explains, ranked; rules or tags would assign it. */
export function Unassigned({ overview }: { overview: Overview }) {
  const shown = lists.filter(({ key }) => overview[key].rowCount > 0);
  if (shown.length === 0) return null;
  return (
    <section className="unassigned" id="unassigned" aria-label="Not explained">
      {shown.map(({ key, title, about }) => (
        <RankedTable
          key={key}
          title={title}
          about={about}
          list={overview[key]}
          currency={overview.currency}
        />
      ))}
      <p>
        <button type="button" className="button" onClick={() => choose({ rules: true })}>
          Assign it by a rule
        </button>
      </p>
    </section>
  );
}

const rowsShown = 8;

interface RankedTableProps {
  title: string;
  about: string;
  list: RankedCost;
  currency: string | null;
}

function RankedTable({ title, about, list, currency }: RankedTableProps) {
  const places = placesOf(list.cost);
  const rows = list.rows.slice(0, rowsShown);
  const left = list.rowCount - rows.length;
  return (
    <section aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        <span className="caption muted">{about}</span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: '18%' }} />
          <col style={{ width: '13%' }} />
          <col style={{ width: '22%' }} />
          <col style={{ width: 92 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Account</th>
            <th scope="col">Machine or meter</th>
            <th scope="col" className="right">
              Cost {currencySign(currency)}
            </th>
            <th scope="col" className="apart">
              Why
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={JSON.stringify([row.service, row.account, row.what])}>
              <td title={row.service ?? noValue}>{row.service ?? noValue}</td>
              <td className="muted" title={row.account ?? noValue}>
                {valueName(row.account, row.accountName)}
              </td>
              <td className="muted" title={row.what ?? undefined}>
                {row.what ?? 'several'}
              </td>
              <td className="right">{amount(row.cost, places)}</td>
              <td className="apart muted" title={row.reason}>
                {row.reason}
              </td>
            </tr>
          ))}
          {left > 0 && (
            <tr className="muted">
              <td colSpan={3}>{formatCount(left)} more</td>
              <td className="right">{leftCost(list, rows.length, places)}</td>
              <td />
            </tr>
          )}
          <tr className="total">
            <th scope="row" colSpan={3}>
              All {formatCount(list.rowCount)}
            </th>
            <td className="right">{amount(list.cost, places)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** Of the rows that are not shown, both those that came along and those left out by the core. */
function leftCost(list: RankedCost, shown: number, places: number): string {
  const cost = sumOf([...list.rows.slice(shown).map((row) => row.cost), list.restCost]);
  return cost === null ? 'unknown' : formatDecimal(cost, places);
}
