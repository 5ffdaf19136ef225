import {
  addDays,
  addMonths,
  dayNumber,
  firstDayOf,
  monthOf,
} from '../../shared/domain/calendar.ts';
import { formatDay, monthShort } from '../../shared/domain/format.ts';
import './calendar.css';

export interface Expiry {
  id: string;
  name: string;
  detail: string;
  provider: string;
  /** Null where the bill does not say. */
  ends: string | null;
  decideBy: string | null;
  /** Behind the end: "99% used". */
  note: string;
}

interface CalendarProps {
  /** The day the calendar begins with. */
  from: string;
  /** The end first, unknown ends last. */
  rows: readonly Expiry[];
}

/** What ends within this many days asks for a decision. */
export const soonDays = 60;

/** Longest that is drawn; later ends run to the edge. */
const mostMonths = 37;

/** When each commitment ends, on one scale of months; the mark is the last day to decide. */
export function ExpiryCalendar({ from, rows }: CalendarProps) {
  const ends = rows.flatMap((row) => (row.ends === null ? [] : [row.ends]));
  const latest = ends.reduce((most, end) => (end > most ? end : most), addDays(from, 120));
  const first = firstDayOf(monthOf(from));
  const bound = firstDayOf(addMonths(monthOf(from), mostMonths));
  const start = dayNumber(from);
  // Room behind the last bar for its words.
  const wanted = Math.ceil((dayNumber(latest) - start) / wordsFrom);
  const days = Math.min(wanted, dayNumber(bound) - start);
  const end = addDays(from, days);
  const place = (day: string) =>
    `${Math.min(100, Math.max(0, ((dayNumber(day) - start) / days) * 100))}%`;
  const months: string[] = [];
  for (let month = addMonths(monthOf(first), 1); firstDayOf(month) < end; ) {
    months.push(month);
    month = addMonths(month, 1);
  }
  const every = Math.ceil(months.length / 14);
  // A name at the right edge would stand outside.
  const named = months.filter(
    (month, index) => index % every === 0 && dayNumber(firstDayOf(month)) < start + days * 0.96,
  );
  return (
    <div className="calendar" role="table" aria-label="Expiry calendar">
      <div className="calendar-lines" aria-hidden="true">
        <div>
          {named.map((month) => (
            <i key={month} style={{ left: place(firstDayOf(month)) }} />
          ))}
        </div>
      </div>
      {rows.map((row) => {
        const soon = row.ends !== null && dayNumber(row.ends) - start <= soonDays;
        return (
          <div key={row.id} className="calendar-row" role="row" title={row.detail}>
            <div role="cell" className="cut">
              {row.name}
            </div>
            <div role="cell" className="muted cut">
              {row.provider}
            </div>
            <div role="cell" className="calendar-track num">
              {row.ends === null ? (
                <span className="calendar-words muted">end unknown, {row.note}</span>
              ) : (
                <>
                  <span
                    className={soon ? 'calendar-bar soon' : 'calendar-bar'}
                    style={{ width: place(row.ends) }}
                  />
                  {row.decideBy !== null && row.decideBy >= from && (
                    <i
                      style={{ left: place(row.decideBy) }}
                      title={`Decide by ${formatDay(row.decideBy)}`}
                    />
                  )}
                  <span
                    className={soon ? 'calendar-words risk' : 'calendar-words on-ground'}
                    style={wordsAt(dayNumber(row.ends) - start, days)}
                  >
                    {formatDay(row.ends)}, {row.note}
                    {row.decideBy !== null && (
                      <span className="unseen">, decide by {formatDay(row.decideBy)}</span>
                    )}
                  </span>
                </>
              )}
            </div>
          </div>
        );
      })}
      <div className="calendar-months caption muted num" aria-hidden="true">
        <div>
          {named.map((month, index) => (
            <span key={month} style={{ left: place(firstDayOf(month)) }}>
              {monthShort(month)}
              {((index === 0 && !month.endsWith('-12')) || month.endsWith('-01')) &&
                ` ${month.slice(0, 4)}`}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Share of the width after which words stand on the bar. */
const wordsFrom = 0.8;

/** Behind the bar, or on its end where there is no room behind it. */
function wordsAt(until: number, days: number) {
  const share = Math.min(1, Math.max(0, until / days));
  return share > wordsFrom + 0.01 ? { right: 12 } : { left: `${share * 100}%`, marginLeft: 8 };
}
