import { purposeColours } from '../../../shared/charts/purposeColours.ts';
import {
  currencySign,
  formatAllDigits,
  formatCount,
  formatRange,
  placesOf,
} from '../../../shared/domain/format.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import { purposeTitles } from '../../../shared/workloads/purposes.ts';
import { useLink } from '../../stores/address.ts';
import { noValue, valueName } from '../../stores/words.ts';
import { BusyBar } from './BusyBar.tsx';
import { sumOf } from './sums.ts';
import { acceleratorTitle, amount, type Detail, percentOf } from './words.ts';

/** First and last day with a charge. */
function daysOf({ firstDay, lastDay }: { firstDay: string; lastDay: string }): string {
  return formatRange(firstDay, addDays(lastDay, 1));
}

function allDigits(cost: string | null): string | undefined {
  return cost === null ? undefined : formatAllDigits(cost);
}

/** The page stays quick with as many; the Costs page has them all. */
const resourcesShown = 50;

/** The resources of a workload, with how each is used and measured. */
export function Resources({ detail }: { detail: Detail }) {
  const { resources, resourceCount, currency, workload } = detail;
  const link = useLink();
  const places = placesOf(workload.cost);
  const shown = resources.slice(0, resourcesShown);
  if (shown.length === 0) return null;
  return (
    <section aria-label="Resources">
      <div className="section-head">
        <h2>Instances and resources</h2>
        <span className="caption muted num">
          {resourceCount > shown.length
            ? `${formatCount(shown.length)} of ${formatCount(resourceCount)} shown, the dearest first`
            : formatCount(resourceCount)}
        </span>
      </div>
      <table className="table">
        <colgroup>
          <col />
          <col style={{ width: '23%' }} />
          <col style={{ width: '11%' }} />
          <col style={{ width: 92 }} />
          <col style={{ width: 88 }} />
          <col style={{ width: 80 }} />
          <col style={{ width: 116 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 116 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">Machine</th>
            <th scope="col">Purpose</th>
            <th scope="col">Region</th>
            <th scope="col" className="right">
              Cost {currencySign(currency)}
            </th>
            <th scope="col" className="right">
              GPU-hours
            </th>
            <th scope="col" className="right">
              Busy
            </th>
            <th scope="col" className="right">
              Telemetry
            </th>
            <th scope="col" className="apart">
              Days
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr
              key={JSON.stringify([
                one.resource,
                one.instance,
                one.service,
                one.purpose,
                one.region,
              ])}
            >
              <td title={one.resource ?? noValue}>
                <a
                  href={link({
                    page: 'costs',
                    filters: [{ dimension: 'resource', values: [one.resource] }],
                    lines: { sort: 'cost', line: null },
                  })}
                >
                  {one.resource === null ? (
                    <span className="muted">{one.service ?? noValue}, no resource id</span>
                  ) : (
                    shortId(valueName(one.resource, one.name))
                  )}
                </a>
              </td>
              <td className="muted" title={machineOf(one)}>
                {machineOf(one)}
              </td>
              <td title={one.reason}>
                <span className={`swatch cat-${purposeColours[one.purpose]}`} />{' '}
                {purposeTitles[one.purpose]}
              </td>
              <td className="muted">{one.region ?? noValue}</td>
              <td className="right" title={allDigits(one.cost)}>
                {amount(one.cost, places)}
              </td>
              {one.accelerator === null && one.gpuHours === null ? (
                <>
                  <td className="right muted">n/a</td>
                  <td className="right muted">n/a</td>
                  <td className="right muted">n/a</td>
                </>
              ) : (
                <>
                  <td className="right">{amount(one.gpuHours, 0)}</td>
                  <td>
                    <span className="busy-cell">
                      <BusyBar share={one.busyShare} />
                    </span>
                  </td>
                  <td className="right muted">
                    {one.coverage === null ? 'none' : percentOf(one.coverage)}
                  </td>
                </>
              )}
              <td className="apart muted">{daysOf(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function machineOf({ instance, accelerator, service }: Detail['resources'][number]): string {
  const title = accelerator && acceleratorTitle(accelerator);
  if (instance === null) return title ?? service ?? noValue;
  return title === null ? instance : `${instance}, ${title}`;
}

/** The last part of an id, cut in its middle: its end tells it apart from others. */
function shortId(id: string): string {
  const last = /[^/]+$/.exec(id)?.[0] ?? id;
  return last.length <= 28 ? last : `${last.slice(0, 12)}…${last.slice(-14)}`;
}

const jobsShown = 12;

/** Jobs that the bill names. */
export function Jobs({ detail }: { detail: Detail }) {
  const { jobs, jobCount, currency, workload } = detail;
  if (jobCount === 0) return null;
  const places = placesOf(workload.cost);
  const shown = jobs.slice(0, jobsShown);
  return (
    <section aria-label="Jobs">
      <div className="section-head">
        <h2>Jobs</h2>
        <span className="caption muted num">
          {jobCount > shown.length
            ? `${formatCount(shown.length)} of ${formatCount(jobCount)} shown, the dearest first`
            : formatCount(jobCount)}
        </span>
      </div>
      <table className="table narrow-table">
        <colgroup>
          <col />
          <col style={{ width: 100 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 140 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col" className="right">
              Cost {currencySign(currency)}
            </th>
            <th scope="col" className="right">
              GPU-hours
            </th>
            <th scope="col" className="apart">
              Days
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((job) => (
            <tr key={job.name}>
              <td title={job.name}>{shortId(job.name)}</td>
              <td className="right" title={allDigits(job.cost)}>
                {amount(job.cost, places)}
              </td>
              <td className="right">{amount(job.gpuHours, 0)}</td>
              <td className="apart muted">{daysOf(job)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const reasonsShown = 12;

/** Every rule that decided a part of the workload; together they are its whole cost. */
export function Reasons({ detail }: { detail: Detail }) {
  const { reasons, currency, workload } = detail;
  const places = placesOf(workload.cost);
  const shown = reasons.slice(0, reasonsShown);
  const left = reasons.slice(reasonsShown);
  return (
    <section aria-label="Why">
      <div className="section-head">
        <h2>Why it counts as that</h2>
        <span className="caption muted">every rule that decided a part of it</span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: 192 }} />
          <col />
          <col style={{ width: 176 }} />
          <col style={{ width: 100 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Purpose</th>
            <th scope="col">Reason</th>
            <th scope="col">Rule</th>
            <th scope="col" className="right">
              Cost {currencySign(currency)}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={JSON.stringify([one.purpose, one.rule, one.reason])}>
              <td>
                <span className={`swatch cat-${purposeColours[one.purpose]}`} />{' '}
                {purposeTitles[one.purpose]}
              </td>
              <td title={one.reason}>{one.reason}</td>
              <td className="muted">{one.rule}</td>
              <td className="right" title={allDigits(one.cost)}>
                {amount(one.cost, places)}
              </td>
            </tr>
          ))}
          {left.length > 0 && (
            <tr className="muted">
              <td colSpan={3}>{formatCount(left.length)} more</td>
              <td className="right">{amount(sumOf(left.map(({ cost }) => cost)), places)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
