import type { GpuRate } from '../../../shared/contract/workloads.ts';
import {
  currencySign,
  formatAllDigits,
  formatChangePercent,
  formatDay,
  formatDecimal,
} from '../../../shared/domain/format.ts';
import { metricNames, noValue } from '../../stores/words.ts';
import { acceleratorTitle, amount, type Detail } from './words.ts';

const boughtNames: Record<GpuRate['purchase'], string> = {
  'on-demand': 'On demand',
  spot: 'Spot',
  commitment: 'Commitment',
};

/** What is paid for an hour of each machine's GPUs, beside every rate that is known for it. */
export function GpuRates({ detail }: { detail: Detail }) {
  const { rates, ratesMetric, currency } = detail;
  const sign = currencySign(currency);
  if (rates.length === 0) return null;
  return (
    <section aria-label="Rates of a GPU-hour">
      <div className="section-head">
        <h2>What a GPU-hour costs, beside its rates</h2>
        <span className="caption muted">
          {sign} a GPU-hour; sheet and list as of the last day, on demand where bought by commitment
        </span>
      </div>
      <table className="table">
        <colgroup>
          <col />
          <col style={{ width: 92 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 72 }} />
          <col style={{ width: 68 }} />
          <col style={{ width: 76 }} />
          <col style={{ width: 68 }} />
          <col style={{ width: 140 }} />
          <col style={{ width: 140 }} />
          <col style={{ width: 64 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Machine</th>
            <th scope="col">Region</th>
            <th scope="col">Bought</th>
            <th scope="col" className="right">
              GPU-hours
            </th>
            <th
              scope="col"
              className="right"
              title={`${metricNames[ratesMetric]} cost over GPU-hours`}
            >
              Paid
            </th>
            <th scope="col" className="right">
              Contracted
            </th>
            <th scope="col" className="right">
              List, bill
            </th>
            <th scope="col" className="right">
              Price sheet
            </th>
            <th scope="col" className="right">
              List price
            </th>
            <th
              scope="col"
              className="right"
              title="Paid against the list price, else the bill's list"
            >
              To list
            </th>
          </tr>
        </thead>
        <tbody>
          {rates.map((rate) => (
            <Row key={JSON.stringify([rate.machine, rate.region, rate.purchase])} rate={rate} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ rate }: { rate: GpuRate }) {
  const list = rate.listRate?.perGpuHour ?? rate.list;
  const machine = `${rate.machine}, ${acceleratorTitle(rate.accelerator)}`;
  return (
    <tr title={rate.reason}>
      <td title={machine}>{machine}</td>
      <td className="muted">{rate.region ?? noValue}</td>
      <td className="muted">{boughtNames[rate.purchase]}</td>
      <td className="right">{amount(rate.hours, 0)}</td>
      <Price of={rate.paid} />
      <Price of={rate.contracted} />
      <Price of={rate.list} />
      <Stated rate={rate.sheetRate} />
      <Stated rate={rate.listRate} />
      <td className="right">
        {rate.paid === null || list === null ? 'n/a' : formatChangePercent(rate.paid, list)}
      </td>
    </tr>
  );
}

function Price({ of }: { of: string | null }) {
  return of === null ? (
    <td className="right muted">unknown</td>
  ) : (
    <td className="right" title={formatAllDigits(of)}>
      {formatDecimal(of, 4)}
    </td>
  );
}

function Stated({ rate }: { rate: GpuRate['sheetRate'] }) {
  if (rate === null) return <td className="right muted">unknown</td>;
  return (
    <td
      className="right"
      title={`${rate.from}, ${formatDay(rate.date)}: ${formatAllDigits(rate.amount)} an hour of the machine`}
    >
      <span className="muted">{formatDay(rate.date)}</span> {formatDecimal(rate.perGpuHour, 4)}
    </td>
  );
}
