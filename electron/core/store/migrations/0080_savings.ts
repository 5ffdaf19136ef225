import type { Migration } from '../migrate.ts';

export const savings: Migration = {
  version: 80,
  name: 'plans that were worked out',
  up: `
-- Answers of the plan, so that the same question is answered at once. The key is made of the
-- question and of all that the plan was made from; what is no longer asked for is dropped.
CREATE TABLE savings_plan (
  key TEXT PRIMARY KEY,
  created_at TEXT NOT NULL, -- UTC, ISO 8601
  answer BLOB NOT NULL -- zstd of JSON
) STRICT, WITHOUT ROWID;
`,
};
