import type { Migration } from '../migrate.ts';

const amounts = (when: string) =>
  `rows_${when} INTEGER NOT NULL,
  billed_${when} TEXT,
  effective_${when} TEXT,
  list_${when} TEXT,
  contracted_${when} TEXT`;

export const changes: Migration = {
  version: 20,
  name: 'changes between versions, invoices, data health, settings',
  up: `
-- Each time a billing period came to show something else. Kept for ever: what it tells is written
-- here in full, so it outlives the versions, segments and sources it speaks of.
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('restated', 'added', 'removed')),
  provider TEXT NOT NULL,
  billing_account TEXT NOT NULL,
  billing_period TEXT NOT NULL,
  changed_at TEXT NOT NULL, -- UTC, ISO 8601
  number_before INTEGER NOT NULL,
  number_after INTEGER NOT NULL,
  source_before TEXT NOT NULL,
  source_after TEXT NOT NULL,
  format_before TEXT NOT NULL,
  format_after TEXT NOT NULL,
  loads_before TEXT NOT NULL, -- JSON: id and file of each load
  loads_after TEXT NOT NULL
) STRICT;
CREATE INDEX change_by_period ON change (billing_period);

-- Exact decimal text; null means that no charge delivers the amount, 0 rows that there is none.
CREATE TABLE change_total (
  change_id INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
  currency TEXT NOT NULL,
  ${amounts('before')},
  ${amounts('after')},
  PRIMARY KEY (change_id, currency)
) STRICT, WITHOUT ROWID;

-- The lines that differ, by account and service over all charge months.
CREATE TABLE change_line (
  change_id INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
  account TEXT NOT NULL,
  service TEXT NOT NULL,
  currency TEXT NOT NULL,
  ${amounts('before')},
  ${amounts('after')},
  PRIMARY KEY (change_id, account, service, currency)
) STRICT, WITHOUT ROWID;

-- 1 where every charge that costs anything carries an invoice id.
ALTER TABLE version ADD COLUMN invoiced INTEGER NOT NULL DEFAULT 0 CHECK (invoiced IN (0, 1));

-- The data-health sheet as JSON; null for loads from before it was made.
ALTER TABLE load ADD COLUMN health TEXT;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
