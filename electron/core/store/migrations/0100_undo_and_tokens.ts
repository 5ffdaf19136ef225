import type { Migration } from '../migrate.ts';

export const undoAndTokens: Migration = {
  version: 100,
  name: 'telemetry can be taken out again; token counts of vendors',
  up: `
-- Whether all that was kept of it can be told apart from the other loads.
ALTER TABLE telemetry_load ADD COLUMN removable INTEGER NOT NULL DEFAULT 0;

-- What one load brought to a day, where several did, or where its first step rests on an earlier
-- load: without it a day is what its one load brought.
CREATE TABLE telemetry_part (
  series_id INTEGER NOT NULL REFERENCES telemetry_series (id) ON DELETE CASCADE,
  day INTEGER NOT NULL, -- days since 1970-01-01
  load_id INTEGER NOT NULL REFERENCES telemetry_load (id),
  data BLOB NOT NULL, -- as in telemetry_day: samples that no earlier load has, without the first step
  shadowed BLOB, -- zstd of doubles, a moment of the day and a value by turns: an earlier load has the moment
  PRIMARY KEY (series_id, day, load_id)
) STRICT;
CREATE INDEX telemetry_part_by_load ON telemetry_part (load_id);

CREATE TABLE telemetry_load_series (
  load_id INTEGER NOT NULL REFERENCES telemetry_load (id),
  series_id INTEGER NOT NULL REFERENCES telemetry_series (id) ON DELETE CASCADE,
  blanks TEXT NOT NULL, -- JSON: reason -> values that are unknown
  -- Of a rising counter: its first and last reading in the load, and the factor into the metric's unit.
  first_ms INTEGER,
  first REAL,
  factor REAL,
  last_ms INTEGER,
  last REAL,
  PRIMARY KEY (load_id, series_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX telemetry_load_series_by_series ON telemetry_load_series (series_id);

CREATE TABLE telemetry_load_resource (
  load_id INTEGER NOT NULL REFERENCES telemetry_load (id),
  resource_id INTEGER NOT NULL REFERENCES telemetry_resource (id) ON DELETE CASCADE,
  labels TEXT NOT NULL, -- JSON: what this load says of it
  PRIMARY KEY (load_id, resource_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX telemetry_load_resource_by_resource ON telemetry_load_resource (resource_id);

-- Loads of before cannot be told apart: the first one stands for all of them.
INSERT INTO telemetry_load_series (load_id, series_id, blanks, last_ms, last)
  SELECT (SELECT min(id) FROM telemetry_load WHERE status = 'loaded'), id, blanks, reading_ms, reading
  FROM telemetry_series WHERE EXISTS (SELECT 1 FROM telemetry_load WHERE status = 'loaded');
INSERT INTO telemetry_load_resource
  SELECT (SELECT min(id) FROM telemetry_load WHERE status = 'loaded'), id, labels
  FROM telemetry_resource WHERE EXISTS (SELECT 1 FROM telemetry_load WHERE status = 'loaded');

-- One import of one usage export of a vendor.
CREATE TABLE token_load (
  id INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT,
  format TEXT,
  vendor TEXT,
  reading TEXT NOT NULL, -- JSON: what the import was told of what the file does not say
  shape TEXT, -- what its counts are told apart by: loads of one shape add to each other
  content TEXT, -- of a log: digest of the requests in it
  status TEXT NOT NULL,
  code TEXT,
  reason TEXT,
  hint TEXT,
  rows_read INTEGER NOT NULL DEFAULT 0,
  first_day INTEGER, -- days since 1970-01-01 that the export speaks of, also without tokens
  last_day INTEGER,
  findings TEXT NOT NULL DEFAULT '[]', -- JSON: code, count, message
  started_at TEXT NOT NULL, -- UTC, ISO 8601
  finished_at TEXT NOT NULL
) STRICT;
CREATE INDEX token_load_by_sha256 ON token_load (sha256);

-- Whole tokens; a load is kept whole, so that it can be taken out again. Which of several loads
-- counts is asked anew each time.
CREATE TABLE token_use (
  load_id INTEGER NOT NULL REFERENCES token_load (id) ON DELETE CASCADE,
  day INTEGER NOT NULL, -- days since 1970-01-01, UTC
  hour INTEGER NOT NULL, -- 0 to 23; -1 where the export counts whole days
  account TEXT NOT NULL, -- project or workspace; empty where the export names none
  key TEXT NOT NULL, -- API key or user within it; empty where the export names none
  model TEXT NOT NULL, -- empty where the export names none
  direction TEXT NOT NULL,
  cache TEXT NOT NULL,
  batch INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  PRIMARY KEY (load_id, day, hour, account, key, model, direction, cache, batch)
) STRICT, WITHOUT ROWID;
`,
};
