import type { Migration } from '../migrate.ts';

/** The subject of a measured resource: its GPU, else its machine, else itself. */
const subject = (row: string) => `coalesce(${row}.device, ${row}.host, ${row}.key)`;

/** All that was measured of a subject is to be worked out anew. */
const forget = (row: string) => `
  DELETE FROM gpu_hours WHERE subject = ${subject(row)};
  INSERT OR IGNORE INTO gpu_hours_stale
    SELECT DISTINCT resource_id, day / 32 FROM telemetry_resource AS other
    JOIN telemetry_series AS series ON series.resource_id = other.id
    JOIN telemetry_day ON series_id = series.id
    WHERE ${subject('other')} = ${subject(row)};`;

const touched = (when: string, row: string) => `
CREATE TRIGGER gpu_hours_${when.toLowerCase()} AFTER ${when} ON telemetry_day
BEGIN
  INSERT OR IGNORE INTO gpu_hours_stale
    SELECT resource_id, ${row}.day / 32 FROM telemetry_series WHERE id = ${row}.series_id;
END;`;

export const gpuHours: Migration = {
  version: 110,
  name: 'how busy each GPU was, worked out once',
  up: `
-- The best counter of each hour, of 32 days of a GPU or machine: what telemetry_day says, in short.
CREATE TABLE gpu_hours (
  subject TEXT NOT NULL,
  block INTEGER NOT NULL, -- days since 1970-01-01, by 32
  data BLOB NOT NULL, -- zstd of arrays (workloads/gpu-hours.ts)
  PRIMARY KEY (subject, block)
) STRICT, WITHOUT ROWID;

-- Of these days it does not hold: more or less was measured since.
CREATE TABLE gpu_hours_stale (
  resource_id INTEGER NOT NULL,
  block INTEGER NOT NULL,
  PRIMARY KEY (resource_id, block)
) STRICT, WITHOUT ROWID;

INSERT INTO gpu_hours_stale
  SELECT DISTINCT resource_id, day / 32 FROM telemetry_day
  JOIN telemetry_series ON telemetry_series.id = series_id;
${touched('INSERT', 'new')}
${touched('UPDATE', 'new')}
${touched('DELETE', 'old')}

CREATE TRIGGER gpu_hours_resource_gone AFTER DELETE ON telemetry_resource
BEGIN${forget('old')}
END;

CREATE TRIGGER gpu_hours_resource_moved AFTER UPDATE OF device, host ON telemetry_resource
WHEN ${subject('old')} IS NOT ${subject('new')}
BEGIN${forget('old')}${forget('new')}
END;
`,
};
