import type { Migration } from '../migrate.ts';

export const first: Migration = {
  version: 10,
  name: 'sources, loads, versions, dictionaries, series, segments, first paint',
  up: `
CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL UNIQUE
) STRICT;

-- One pull of one file.
CREATE TABLE load (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES source (id),
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT,
  format TEXT,
  format_version TEXT,
  status TEXT NOT NULL,
  code TEXT,
  reason TEXT,
  hint TEXT,
  rows_read INTEGER NOT NULL DEFAULT 0,
  rows_kept INTEGER NOT NULL DEFAULT 0,
  warnings TEXT NOT NULL DEFAULT '[]', -- JSON: code, count, message
  started_at TEXT NOT NULL, -- UTC, ISO 8601
  finished_at TEXT
) STRICT;
CREATE INDEX load_by_sha256 ON load (sha256);

-- What the file itself adds up to, summed apart from the cells. Amounts are exact decimal text;
-- null means that no charge delivers the amount.
CREATE TABLE load_total (
  load_id INTEGER NOT NULL REFERENCES load (id) ON DELETE CASCADE,
  billing_period TEXT NOT NULL,
  currency TEXT NOT NULL,
  charge_rows INTEGER NOT NULL,
  billed TEXT,
  effective TEXT,
  list TEXT,
  contracted TEXT,
  PRIMARY KEY (load_id, billing_period, currency)
) STRICT, WITHOUT ROWID;

-- A billing period of one provider's billing account; '' stands for a missing name or account.
CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  provider TEXT NOT NULL,
  billing_account TEXT NOT NULL,
  billing_period TEXT NOT NULL,
  number INTEGER NOT NULL,
  source_id INTEGER NOT NULL REFERENCES source (id),
  format TEXT NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  created_at TEXT NOT NULL,
  UNIQUE (provider, billing_account, billing_period, number)
) STRICT;
CREATE UNIQUE INDEX version_current ON version (provider, billing_account, billing_period)
  WHERE is_current = 1;

-- One file's share of a version: daily cells (day x series) as column BLOBs.
CREATE TABLE segment (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
  load_id INTEGER NOT NULL REFERENCES load (id),
  cells INTEGER NOT NULL,
  charge_rows INTEGER NOT NULL,
  first_day INTEGER NOT NULL, -- days since 1970-01-01 UTC; the day column counts from here
  last_day INTEGER NOT NULL
) STRICT;
CREATE INDEX segment_by_version ON segment (version_id);
CREATE INDEX segment_by_load ON segment (load_id);

CREATE TABLE segment_column (
  segment_id INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (segment_id, name)
) STRICT;

-- The same totals as load_total, cut by version: what the segment must add up to.
CREATE TABLE segment_total (
  segment_id INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
  currency TEXT NOT NULL,
  charge_rows INTEGER NOT NULL,
  billed TEXT,
  effective TEXT,
  list TEXT,
  contracted TEXT,
  PRIMARY KEY (segment_id, currency)
) STRICT, WITHOUT ROWID;

-- Append-only. Value ids count from 1; 0 is a charge without a value.
CREATE TABLE dictionary (
  dimension TEXT NOT NULL,
  first_id INTEGER NOT NULL,
  count INTEGER NOT NULL,
  data BLOB NOT NULL, -- zstd of a JSON array of texts
  PRIMARY KEY (dimension, first_id)
) STRICT;

CREATE TABLE value_name (
  dimension TEXT NOT NULL,
  value_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (dimension, value_id)
) STRICT, WITHOUT ROWID;

-- Append-only. Series ids count from 0.
CREATE TABLE series (
  first_id INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  count INTEGER NOT NULL,
  type TEXT NOT NULL,
  data BLOB NOT NULL, -- value ids
  PRIMARY KEY (first_id, dimension)
) STRICT;

-- First paint, and for whoever opens this file with a SQLite tool. Sum over current versions only.
CREATE TABLE daily_total (
  version_id INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  charge_rows INTEGER NOT NULL,
  billed TEXT,
  effective TEXT,
  list TEXT,
  contracted TEXT,
  PRIMARY KEY (version_id, day, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE monthly_total (
  version_id INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
  month TEXT NOT NULL, -- of the charge, UTC
  account TEXT NOT NULL,
  service TEXT NOT NULL,
  currency TEXT NOT NULL,
  charge_rows INTEGER NOT NULL,
  billed TEXT,
  effective TEXT,
  list TEXT,
  contracted TEXT,
  PRIMARY KEY (version_id, month, account, service, currency)
) STRICT, WITHOUT ROWID;
`,
};
