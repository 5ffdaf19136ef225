import type { Migration } from '../migrate.ts';

export const detail: Migration = {
  version: 30,
  name: 'the lines of each load, kept beside the cells, and how it was told to read',
  up: `
-- The lines of a load as one Parquet file, detail/<load_id>.parquet in the data folder. Written
-- after its file has its name, and deleted before it: a file without a row is a leftover.
CREATE TABLE detail (
  load_id INTEGER PRIMARY KEY REFERENCES load (id) ON DELETE CASCADE,
  form TEXT NOT NULL CHECK (form IN ('source', 'charges')), -- the file's own columns, or charges
  first_row INTEGER NOT NULL, -- number of its first record in the file as it was loaded
  reading TEXT NOT NULL, -- JSON: how the import was told to read it
  rows INTEGER NOT NULL, -- charges
  bytes INTEGER NOT NULL,
  kept_at TEXT NOT NULL -- UTC, ISO 8601
) STRICT;

-- JSON: what the import was told of what the file does not say, {"currency", "dateOrder"}.
ALTER TABLE load ADD COLUMN reading TEXT NOT NULL DEFAULT '{}';
`,
};
