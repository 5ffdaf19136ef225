import {
  currencySign,
  formatChange,
  formatChangeAllDigits,
  formatDecimal,
  formatRange,
  placesOf,
  subtract,
} from '../../../shared/domain/format.ts';
import { amount, type Detail } from './words.ts';

const causes = [
  ['price', 'Price', 'the same at another price'],
  ['quantity', 'Quantity', 'more or fewer of them'],
  ['mix', 'Mix', 'a shift between machines or meters'],
  ['other', 'Other', 'charges without such a quantity'],
] as const;

const itemsShown = 6;

/** Why the cost differs from the days before: parts that add up to the change. */
export function WhatChanged({ detail }: { detail: Detail }) {
  const { change, compareRange, range, currency } = detail;
  if (!change || !compareRange) {
    return (
      <section aria-label="What changed">
        <div className="section-head">
          <h2>What changed</h2>
        </div>
        <p className="muted small">
          The days before are not loaded, so there is nothing to compare.
        </p>
      </section>
    );
  }
  const places = placesOf(change.now);
  const whole = subtract(change.now, change.before);
  const widest = Math.max(1e-9, ...causes.map(([key]) => Math.abs(Number(change[key]))));
  const sign = currencySign(currency);
  return (
    <section aria-label="What changed">
      <div className="section-head">
        <h2>
          What changed, {formatRange(range.from, range.to)} against{' '}
          {formatRange(compareRange.from, compareRange.to)}
        </h2>
        <span className="caption muted num">
          {change.basis === null
            ? 'no quantity on the bill, so nothing is parted'
            : `counted in ${change.basis}: ${amount(change.quantityBefore, 0)} before, ${amount(change.quantityNow, 0)} now`}
        </span>
      </div>
      <div className="change-row">
        <table className="table">
          <colgroup>
            <col style={{ width: 84 }} />
            <col style={{ width: 96 }} />
            <col style={{ width: 108 }} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Cause</th>
              <th scope="col" className="right">
                Change {sign}
              </th>
              <th scope="col">
                <span className="unseen">Change as a bar</span>
              </th>
              <th scope="col" className="apart">
                What it is
              </th>
            </tr>
          </thead>
          <tbody>
            {causes.map(([key, name, what]) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td className="right" title={formatChangeAllDigits(change[key])}>
                  {formatChange(change[key], places)}
                </td>
                <td>
                  <ChangeBar part={Number(change[key]) / widest} />
                </td>
                <td className="apart muted">{what}</td>
              </tr>
            ))}
            <tr className="total">
              <th scope="row">All</th>
              <td className="right" title={formatChangeAllDigits(whole)}>
                {formatChange(whole, places)}
              </td>
              <td />
              <td className="apart muted num">
                {formatDecimal(change.before, places)} to {formatDecimal(change.now, places)}
              </td>
            </tr>
          </tbody>
        </table>
        {change.items.length > 0 && <Items detail={detail} places={places} />}
      </div>
    </section>
  );
}

function ChangeBar({ part }: { part: number }) {
  const width = `${Math.min(50, Math.abs(part) * 50)}%`;
  return (
    <span className="change-bar" aria-hidden="true">
      <span style={part < 0 ? { right: '50%', width } : { left: '50%', width }} />
    </span>
  );
}

function Items({ detail, places }: { detail: Detail; places: number }) {
  const items = detail.change?.items ?? [];
  return (
    <table className="table">
      <colgroup>
        <col />
        <col style={{ width: 84 }} />
        <col style={{ width: 84 }} />
        <col style={{ width: 84 }} />
        <col style={{ width: 84 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Machine or meter</th>
          <th scope="col" className="right">
            Before
          </th>
          <th scope="col" className="right">
            Now
          </th>
          <th scope="col" className="right">
            Price
          </th>
          <th scope="col" className="right">
            The rest
          </th>
        </tr>
      </thead>
      <tbody>
        {items.slice(0, itemsShown).map((item) => (
          <tr key={JSON.stringify(item)}>
            <td
              title={`${item.name}: ${amount(item.quantityBefore, 2)} before, ${amount(item.quantityNow, 2)} now`}
            >
              {item.name}
            </td>
            <td className="right muted">{formatDecimal(item.before, places)}</td>
            <td className="right">{formatDecimal(item.now, places)}</td>
            <td className="right">{formatChange(item.price, places)}</td>
            <td className="right">{formatChange(item.rest, places)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
