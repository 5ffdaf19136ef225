import { OutlayError } from '../../../shared/contract/errors.ts';
import type { MeasuredResource, Labels } from '../../../shared/telemetry/identity.ts';
import { measuredResource } from '../../../shared/telemetry/identity.ts';

/** What an import was told of what its files do not say, and where a file lies. */
export interface TelemetryReading {
  /** Machine that the files were read on, for GPUs whose file names none. */
  host: string | undefined;
  /** Of clock times without a zone. */
  timeZone: string;
  /** Whether the zone was said, or is the default. */
  zoneSaid: boolean;
  dateOrder: 'mdy' | 'dmy' | undefined;
  /** Moment of readings without a time, UTC milliseconds: told, or that of the file. */
  at: number | undefined;
  /** What series without a name are of: one of our metrics, or a counter's name. */
  metric: string | undefined;
  /** Full path: two logs of one name come from two machines. */
  place: string;
}

/** The host that was told stands in where the source names no machine. */
export function resourceOf(said: Labels, { host, place }: TelemetryReading): MeasuredResource {
  const known = said.host ?? said.node ?? said.instanceId;
  return measuredResource(
    host !== undefined && known === undefined ? { ...said, host } : said,
    place,
  );
}

export function rowBad(file: string, row: number, what: string, hint?: string): OutlayError {
  return new OutlayError(
    'ROW_BAD',
    `${file}, row ${row}: ${what} Nothing was changed.`,
    hint ?? 'Export it again, or remove that row if it is no reading.',
  );
}

export function timeMissing(file: string): OutlayError {
  return new OutlayError(
    'DATE_BAD',
    `${file} says no time of its readings. Nothing was changed.`,
    'Say when it was read: --at 2026-07-03T22:10:45Z, or --at file for the time at which each file was last written.',
  );
}
