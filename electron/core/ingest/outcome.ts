import { errorBody } from '../../../shared/contract/errors.ts';
import type { HealthSheet } from '../../../shared/contract/health.ts';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import { metrics } from '../../../shared/contract/values.ts';
import { finishLoad, loadRecords, setLoadContent } from '../store/loads.ts';
import type { WritableDb } from '../store/open.ts';
import type { Bill } from './read-bill.ts';
import type { BillShare } from './shares.ts';
import type { FileFacts } from './source-file.ts';

export interface ImportContext {
  db: WritableDb;
  /** For decompressed and columnar copies; emptied before and after. */
  workFolder: string;
  /** For the lines of what is loaded; see `keepDetail`. */
  detailFolder: string;
  now: () => Date;
  signal: AbortSignal;
  progress: (state: Partial<JobProgress>) => void;
  /** A billing period has been committed. */
  changed: () => void;
}

/** A file on its way through an import. */
export interface Input {
  loadId: number;
  fromFolder: boolean;
  file: FileFacts;
  sha256: string;
  bill: Bill | null;
  shares: BillShare[];
  health: HealthSheet | null;
  replaced: boolean;
  rowsKept: number;
}

/** A file that ends here takes no further part. */
export function drop(inputs: Input[], input: Input): void {
  const index = inputs.indexOf(input);
  if (index >= 0) inputs.splice(index, 1);
}

/** Writes what was read of a file, in the transaction that first stores some of it. */
export function recordContent(context: ImportContext, input: Input): void {
  const { bill, health } = input;
  if (!bill) return;
  setLoadContent(context.db, input.loadId, {
    format: bill.format.family,
    version: bill.format.version,
    rows: bill.rows,
    warnings: bill.warnings,
    totals: sumTotals(bill),
    health,
  });
}

export function endLoad(
  context: ImportContext,
  input: Input,
  status: 'loaded' | 'replaced' | 'unchanged' | 'skipped',
  reason?: string,
): void {
  const { db, now } = context;
  if (status === 'unchanged') copyContent(db, input);
  finishLoad(db, input.loadId, {
    status,
    rowsKept: input.rowsKept,
    ...(reason ? { error: { code: 'DUPLICATE', message: reason } } : {}),
    now: now().toISOString(),
  });
  announce(context, input.loadId);
}

/** An unchanged file was not read again; what it holds is known from the load that stored it. */
function copyContent(db: WritableDb, input: Input): void {
  if (input.bill) return;
  db.prepare(
    `UPDATE load SET (format, format_version, rows_read, warnings) = (
       SELECT format, format_version, rows_read, warnings FROM load AS earlier
       WHERE earlier.sha256 = load.sha256 AND status IN ('loaded', 'replaced')
       ORDER BY id DESC LIMIT 1) WHERE id = ?`,
  ).run(input.loadId);
  db.prepare(
    `INSERT INTO load_total SELECT ?, billing_period, currency, charge_rows, billed, effective,
       list, contracted FROM load_total WHERE load_id = (
         SELECT max(id) FROM load WHERE sha256 = ? AND status IN ('loaded', 'replaced'))`,
  ).run(input.loadId, input.sha256);
}

export function refuse(
  context: ImportContext,
  loadId: number,
  error: unknown,
  skippable = false,
): void {
  const body = errorBody(error);
  const skipped = skippable && body.code === 'NOT_A_BILL';
  finishLoad(context.db, loadId, {
    status: skipped ? 'skipped' : 'refused',
    error: body,
    now: context.now().toISOString(),
  });
  announce(context, loadId);
}

function announce(context: ImportContext, loadId: number): void {
  const loads = loadRecords(context.db, [loadId]);
  context.progress({ loads });
}

/** Totals by period and currency, over the accounts and providers of the file. */
function sumTotals(bill: Bill): Parameters<typeof setLoadContent>[2]['totals'] {
  const sums = new Map<string, (typeof bill.totals)[number]>();
  for (const total of bill.totals) {
    const id = `${total.billingPeriod} ${total.currency}`;
    const sum = sums.get(id);
    if (!sum) {
      sums.set(id, { ...total, amounts: { ...total.amounts } });
      continue;
    }
    sum.rows += total.rows;
    for (const metric of metrics) {
      const amount = total.amounts[metric];
      if (amount !== null) sum.amounts[metric] = (sum.amounts[metric] ?? 0n) + amount;
    }
  }
  return [...sums.values()];
}
