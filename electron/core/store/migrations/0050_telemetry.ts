import type { Migration } from '../migrate.ts';

export const telemetry: Migration = {
  version: 50,
  name: 'telemetry: what was measured, by day',
  up: `
-- One import of one file.
CREATE TABLE telemetry_load (
  id INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT,
  format TEXT,
  reading TEXT NOT NULL, -- JSON: what the import was told of what the file does not say
  status TEXT NOT NULL,
  code TEXT,
  reason TEXT,
  hint TEXT,
  samples_read INTEGER NOT NULL DEFAULT 0,
  samples_kept INTEGER NOT NULL DEFAULT 0,
  resources INTEGER NOT NULL DEFAULT 0,
  first_ms INTEGER, -- of the samples that were kept, UTC milliseconds
  last_ms INTEGER,
  findings TEXT NOT NULL DEFAULT '[]', -- JSON: code, count, message
  started_at TEXT NOT NULL, -- UTC, ISO 8601
  finished_at TEXT NOT NULL
) STRICT;
CREATE INDEX telemetry_load_by_sha256 ON telemetry_load (sha256);

-- What was measured; which billed resource it is, is asked anew each time.
CREATE TABLE telemetry_resource (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  device TEXT, -- the same for every pod or job that ran on one GPU
  host TEXT,
  labels TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE telemetry_series (
  id INTEGER PRIMARY KEY,
  resource_id INTEGER NOT NULL REFERENCES telemetry_resource (id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  stat TEXT NOT NULL,
  source TEXT NOT NULL, -- kind of source and its counter
  blanks TEXT NOT NULL DEFAULT '{}', -- JSON: reason -> values that are unknown
  -- Of a rising counter: its latest reading, from which the next file's first one steps on.
  reading_ms INTEGER,
  reading REAL,
  UNIQUE (resource_id, metric, stat, source)
) STRICT;

-- The hours of a UTC day that have samples.
CREATE TABLE telemetry_day (
  series_id INTEGER NOT NULL REFERENCES telemetry_series (id) ON DELETE CASCADE,
  day INTEGER NOT NULL, -- days since 1970-01-01
  load_id INTEGER NOT NULL REFERENCES telemetry_load (id), -- that added to it last
  samples INTEGER NOT NULL,
  active INTEGER NOT NULL,
  hours INTEGER NOT NULL, -- that have samples
  min REAL NOT NULL,
  max REAL NOT NULL,
  data BLOB NOT NULL, -- zstd of an hourly sketch each (shared/telemetry/sketch-bytes.ts)
  PRIMARY KEY (series_id, day)
) STRICT;
CREATE INDEX telemetry_day_by_load ON telemetry_day (load_id);
`,
};
