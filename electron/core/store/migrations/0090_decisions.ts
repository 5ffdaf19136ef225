import type { Migration } from '../migrate.ts';

export const decisions: Migration = {
  version: 90,
  name: 'decisions',
  up: `
-- Every decision there ever was about an action of the plan; the newest of an action holds.
CREATE TABLE decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL, -- currency and id of the action: the same from plan to plan
  action TEXT NOT NULL, -- its id: lever, workload or pool, and target
  title TEXT NOT NULL, -- as the plan named it then
  detail TEXT NOT NULL,
  lever TEXT NOT NULL,
  at TEXT NOT NULL, -- UTC, ISO 8601
  decision TEXT NOT NULL, -- JSON: {"kind", and "on", "until" or "reason"}
  promise TEXT, -- JSON: what the plan promised then; null where it did not advise the action
  scope TEXT -- JSON: what of the bill the action changes, to measure it by; null as above
) STRICT;

CREATE INDEX decision_key ON decision (key, id);

-- What was promised and decided stays on record, whatever happens later.
CREATE TRIGGER decision_kept BEFORE UPDATE ON decision
BEGIN
  SELECT RAISE(ABORT, 'a decision is never changed');
END;

CREATE TRIGGER decision_not_removed BEFORE DELETE ON decision
BEGIN
  SELECT RAISE(ABORT, 'a decision is never removed');
END;
`,
};
