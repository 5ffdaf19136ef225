import type { Migration } from '../migrate.ts';

export const asks: Migration = {
  version: 60,
  name: 'what a refused file did not say',
  up: `
-- JSON: {"kind": "currency"} or {"kind": "dateOrder", "value"}; null where no answer would help.
ALTER TABLE load ADD COLUMN asks TEXT;
`,
};
