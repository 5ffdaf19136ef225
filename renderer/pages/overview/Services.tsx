import {
  currencySign,
  formatChange,
  formatDecimal,
  monthShort,
  placesOf,
  subtract,
} from '../../../shared/domain/format.ts';
import { useLink } from '../../stores/address.ts';
import { beforeDays, type Overview, spentDays } from './days.ts';
import { serviceName } from './serviceName.ts';

/** What the month went on, largest first; each row opens the service in Costs. */
export function Services({ overview }: { overview: Overview }) {
  const link = useLink();
  const places = placesOf(overview.spent.cost);
  const before = overview.sameDaysBefore;
  const sign = currencySign(overview.currency);
  const period = { kind: 'month', month: overview.month } as const;
  return (
    <section className="overview-side">
      <div className="section-head">
        <h2>Services, {spentDays(overview)}</h2>
      </div>
      <table className="table">
        <colgroup>
          <col />
          <col style={{ width: 84 }} />
          {before && <col style={{ width: 78 }} />}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" className="right">
              {monthShort(overview.month)} {sign}
            </th>
            {before && (
              <th scope="col" className="right" title={`Against ${beforeDays(overview)}`}>
                Change {sign}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {overview.services.map((service) => (
            <tr key={service.rest ? 'rest' : (service.service ?? '')}>
              <td>
                <span className="with-swatch">
                  <span className={`swatch cat-${service.colour}`} />
                  {service.rest ? (
                    <span className="muted">{serviceName(service)}</span>
                  ) : (
                    <a
                      className={service.service === null ? 'cut muted' : 'cut'}
                      title={serviceName(service)}
                      href={link({
                        page: 'costs',
                        period,
                        filters: [{ dimension: 'service', values: [service.service] }],
                      })}
                    >
                      {serviceName(service)}
                    </a>
                  )}
                </span>
              </td>
              <td className="right">
                {service.cost === null ? 'unknown' : formatDecimal(service.cost, places)}
              </td>
              {before && (
                <td className="right">
                  {service.before === null || service.cost === null
                    ? 'unknown'
                    : formatChange(subtract(service.cost, service.before), places)}
                </td>
              )}
            </tr>
          ))}
          <tr className="total">
            <th scope="row">Total</th>
            <td className="right">
              {overview.spent.cost === null
                ? 'unknown'
                : formatDecimal(overview.spent.cost, places)}
            </td>
            {before && overview.spent.cost !== null && (
              <td className="right">
                {formatChange(subtract(overview.spent.cost, before.cost), places)}
              </td>
            )}
          </tr>
        </tbody>
      </table>
    </section>
  );
}
