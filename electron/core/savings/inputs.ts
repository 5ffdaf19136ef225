import { createHash } from 'node:crypto';
import type { ReadableDb } from '../store/open.ts';

/** Raised when the same inputs would give another plan. */
const planVersion = 4;

/** Fingerprint of all that a plan is made from: bill, price lists, telemetry, rules. Decisions are none of it. */
export function inputsOf(db: ReadableDb): string {
  const all = (sql: string) => db.prepare(sql).raw().all();
  const bill = all(
    `SELECT provider, billing_account, billing_period, sha256, charge_rows FROM version
     JOIN segment ON segment.version_id = version.id JOIN load ON load.id = load_id
     WHERE is_current = 1 ORDER BY 1, 2, 3, 4`,
  );
  const prices = all('SELECT sha256, reading, dated FROM price_sheet ORDER BY 1, 2');
  const telemetry = all('SELECT id, sha256 FROM telemetry_load ORDER BY 1');
  const rules = all('SELECT max(id) FROM rule_text');
  const detail = all('SELECT load_id FROM detail ORDER BY 1');
  return createHash('sha256')
    .update(JSON.stringify([planVersion, bill, prices, telemetry, rules, detail]))
    .digest('hex');
}

/** Key of a kept plan: its inputs and its question. */
export function planKey(inputs: string, question: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([inputs, question]))
    .digest('hex');
}
