import type { Cube } from '../store/cube.ts';
import { literal } from '../ingest/duck.ts';
import { openDetail } from '../detail/charges.ts';
import type { Asking, DetailReader } from '../detail/reader.ts';
import { detailPath, listDetail } from '../store/detail.ts';
import type { ReadableDb } from '../store/open.ts';
import type { DaySpan, Fleet } from './bill-use.ts';

/** How the use of a fleet lies in the hours of its days, as its lines state it. */
export interface HourShapes {
  /** Share of the day's use in each of its 24 hours; null where the bill has day rows only. */
  of: (fleet: number, day: number) => Float64Array | null;
  /** Machines with a charge on the day; null where no lines are kept. */
  machines: (fleet: number, day: number) => number | null;
}

/**
 * Reads the lines of a span of days for the hours they are of. Where lines are not kept, or a file
 * has one row a day, nothing is known of the hours.
 */
export async function readHourShapes(
  {
    db,
    cube,
    detailFolder,
    reader,
  }: { db: ReadableDb; cube: Cube; detailFolder: string; reader: Pick<DetailReader, 'ask'> },
  fleets: readonly Fleet[],
  { firstDay, lastDay }: DaySpan,
): Promise<HourShapes> {
  const days = lastDay - firstDay + 1;
  const units = fleets.map(() => new Float64Array(0));
  const machines = fleets.map(() => new Int32Array(0));
  const loads = new Set(
    cube
      .segments()
      .filter((segment) => segment.firstDay <= lastDay && segment.lastDay >= firstDay)
      .map(({ loadId }) => loadId),
  );
  const details = listDetail(db).filter(({ loadId }) => loads.has(loadId));
  if (details.length > 0 && fleets.length > 0) {
    const fileOf = db.prepare('SELECT file FROM load WHERE id = ?').pluck();
    await reader.ask('savings', async (asking) => {
      await listResources(asking, cube, fleets);
      for (const detail of details) {
        const path = detailPath(detailFolder, detail.loadId);
        const opened = await openDetail(
          asking,
          { ...detail, path },
          String(fileOf.get(detail.loadId)),
        );
        const charges = opened.charges(`(${opened.rowsOf([path])})`);
        const rows = await asking.rows(
          `SELECT fleet, CAST(floor(epoch(CAST(start AS TIMESTAMP)) / 3600) AS INTEGER) AS hour,
             sum(TRY_CAST(quantity AS DOUBLE)) AS units, count(DISTINCT resource) AS machines
           FROM (${charges}) JOIN savings_fleet USING (resource)
           WHERE coalesce(charge, 'Usage') = 'Usage' AND coalesce("commitment-status", '') <> 'Unused'
             AND coalesce(instance, type) = type
             AND "start day" BETWEEN make_date(${firstDay}) AND make_date(${lastDay})
           GROUP BY fleet, hour`,
        );
        for (const row of rows) {
          const fleet = Number(row['fleet']);
          const hour = Number(row['hour']) - firstDay * 24;
          if (units[fleet]?.length === 0) {
            units[fleet] = new Float64Array(days * 24);
            machines[fleet] = new Int32Array(days);
          }
          const [into, count] = [units[fleet] as Float64Array, machines[fleet] as Int32Array];
          const day = Math.floor(hour / 24);
          into[hour] = (into[hour] as number) + Number(row['units'] ?? 0);
          count[day] = Math.max(count[day] as number, Number(row['machines']));
        }
      }
      await asking.run('DROP TABLE savings_fleet');
    });
  }
  return {
    of: (fleet, day) => {
      const own = units[fleet];
      return own && own.length > 0
        ? shapeOf(own.subarray(day * 24, day * 24 + 24), machines[fleet]?.[day] ?? 0)
        : null;
    },
    machines: (fleet, day) => {
      const own = machines[fleet];
      return own && own.length > 0 ? (own[day] as number) : null;
    },
  };
}

/** Nothing but midnight, and more than its machines can run in an hour: rows of whole days. */
function shapeOf(units: Float64Array, machines: number): Float64Array | null {
  let sum = 0;
  for (const value of units) sum += value;
  if (!(sum > 0)) return null;
  const first = units[0] as number;
  if (first === sum && first > machines + 1e-9) return null;
  return units.map((value) => value / sum);
}

/** Which fleets a billed resource is of, as a table of the reader. */
async function listResources({ run }: Asking, cube: Cube, fleets: readonly Fleet[]): Promise<void> {
  const texts = cube.values('resource');
  await run(
    'CREATE OR REPLACE TEMP TABLE savings_fleet (resource VARCHAR, type VARCHAR, fleet INTEGER)',
  );
  const rows = fleets.flatMap(({ resources, type }, fleet) =>
    [...resources].map((id) => `(${literal(texts[id] ?? '')}, ${literal(type)}, ${fleet})`),
  );
  const atOnce = 2000;
  for (let from = 0; from < rows.length; from += atOnce) {
    await run(`INSERT INTO savings_fleet VALUES ${rows.slice(from, from + atOnce).join(', ')}`);
  }
}
