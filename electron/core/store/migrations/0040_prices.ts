import type { Migration } from '../migrate.ts';

export const prices: Migration = {
  version: 40,
  name: 'price sheets',
  up: `
-- One imported price list. Never changed: a later one takes over by its date, this one stays.
CREATE TABLE price_sheet (
  id INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  format TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('negotiated', 'published')),
  dated TEXT NOT NULL, -- day
  sha256 TEXT NOT NULL,
  reading TEXT NOT NULL, -- JSON: what the import was told of what the file does not say
  bytes INTEGER NOT NULL,
  prices INTEGER NOT NULL,
  left_out TEXT NOT NULL, -- JSON: code, count, message
  imported_at TEXT NOT NULL, -- UTC, ISO 8601
  UNIQUE (sha256, reading)
) STRICT;

-- Amounts are exact decimal text. Empty text is "does not apply", so that keys compare.
CREATE TABLE price (
  sheet_id INTEGER NOT NULL REFERENCES price_sheet (id) ON DELETE CASCADE,
  file_row INTEGER NOT NULL,
  provider TEXT NOT NULL,
  sku TEXT NOT NULL COLLATE NOCASE,
  sku_id TEXT NOT NULL,
  variant TEXT NOT NULL,
  region TEXT NOT NULL, -- empty: every region
  currency TEXT NOT NULL,
  unit TEXT NOT NULL,
  purchase TEXT NOT NULL CHECK (purchase IN ('on-demand', 'spot', 'commitment')),
  offer TEXT NOT NULL,
  term_months INTEGER NOT NULL, -- 0 without a commitment
  payment TEXT NOT NULL,
  tier TEXT NOT NULL,
  amount TEXT NOT NULL,
  upfront TEXT, -- null: none
  valid_from TEXT NOT NULL, -- day; empty: the file does not say since when
  valid_to TEXT -- first day on which it does not hold any more
) STRICT;
CREATE INDEX price_by_sku ON price (sku, provider, region);
CREATE INDEX price_by_sheet ON price (sheet_id);
`,
};
