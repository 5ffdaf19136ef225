import type { Migration } from '../migrate.ts';

export const workloads: Migration = {
  version: 70,
  name: 'workloads',
  up: `
-- What Outlay's own rules say of the series, so that no start works it out again. One row at most.
CREATE TABLE classification (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  stamp TEXT NOT NULL, -- another one whenever it is written
  version TEXT NOT NULL, -- of the rules
  series INTEGER NOT NULL, -- how many, from the first one on
  names TEXT NOT NULL, -- JSON: names that there were of the values of these series
  texts BLOB NOT NULL -- zstd of JSON: what the numbers of the columns stand for
) STRICT;

CREATE TABLE classification_column (
  name TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  data BLOB NOT NULL
) STRICT;

-- A meter or resource that is called otherwise now may be for something else.
CREATE TRIGGER classification_renamed AFTER UPDATE OF name ON value_name
WHEN new.dimension IN ('sku', 'resource')
BEGIN
  DELETE FROM classification;
END;

-- Every text of user rules there ever was; the newest holds.
CREATE TABLE rule_text (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  set_at TEXT NOT NULL -- UTC, ISO 8601
) STRICT;
`,
};
