import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Call, Handlers } from '../../../shared/contract/contract.ts';
import type { DecisionItem } from '../../../shared/contract/decisions.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { addMonths, firstDayOf } from '../../../shared/domain/calendar.ts';
import { documentCsv } from '../../../shared/reports/csv.ts';
import type { ReportDocument } from '../../../shared/reports/document.ts';
import { documentHtml } from '../../../shared/reports/html.ts';
import { monthlyReport } from '../../../shared/reports/monthly.ts';
import type { SavingsPlan } from '../../../shared/contract/savings.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import {
  leftOut,
  planFacts,
  type PlanFacts,
  withoutThem,
} from '../../../shared/reports/planFacts.ts';
import { inSnapshot, type WritableDb } from '../store/open.ts';
import { type GatherDeps, gatherMonthly } from './gather.ts';
import { writeWhole } from './output.ts';

export interface ReportsDeps extends GatherDeps {
  db: WritableDb;
  now: () => Date;
  call: Call;
}

const fontFile = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';

export function reportsHandlers(deps: ReportsDeps): Pick<Handlers, 'reports.make'> {
  const { gather } = inSnapshot(deps.db, {
    gather: ({ month, metric }: { month: string; metric: Metric }) =>
      gatherMonthly(deps, month, metric, deps.now().toISOString().slice(0, 10)),
  });
  return {
    'reports.make': async ({ month, kind, format, metric, out, plan }) => {
      if (kind !== 'monthly' || (format !== 'html' && format !== 'csv')) {
        throw new OutlayError(
          'NOT_AVAILABLE',
          `The ${kind} report as ${format} is not available in this version.`,
          'Use --kind monthly with --format html or csv.',
        );
      }
      const facts = gather({ month, metric });
      if (plan) {
        for (const bill of facts.bills) bill.plan = await planOf(deps.call, month, bill.currency);
      }
      const document = monthlyReport(facts);
      const text = format === 'csv' ? documentCsv(document) : await htmlOf(document);
      const bytes = Buffer.from(text, 'utf8');
      const answer = {
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      };
      if (out === undefined) return { file: `outlay-${month}.${format}`, ...answer, text };
      const file = resolve(out);
      await writeWhole(file, bytes);
      return { file, ...answer };
    },
  };
}

async function htmlOf(document: ReportDocument): Promise<string> {
  // The chart library is costly to load, and no other call needs it.
  const { drawStackedBars, drawWaterfall } = await import('./draw.ts');
  const font = await readFile(createRequire(import.meta.url).resolve(fontFile), 'base64');
  return documentHtml(document, { font, svg: drawStackedBars, waterfall: drawWaterfall });
}

/** What is planned for a currency with what was known at the end of the month, and what was decided. */
async function planOf(call: Call, month: string, currency: string | null): Promise<PlanFacts> {
  if (currency === null) {
    return { kind: 'none', why: 'No savings plan: the charges state no currency.' };
  }
  const answer = await call('savings.plan', { period: month, currency });
  if (!answer.ok) return { kind: 'none', why: `No savings plan: ${answer.error.message}` };
  const decided = await call('decisions.list', {});
  const decisions = decided.ok ? decided.value.items : [];
  const banked = await call('decisions.banked', { to: firstDayOf(addMonths(month, 1)) });
  const wanted = await withoutLeftOut(call, answer.value, month, leftOut(currency, decisions));
  return planFacts(wanted, decisions, banked.ok ? banked.value.items : []);
}

/** The plan without what was dismissed or snoozed, re-simulated as the page Savings does. */
async function withoutLeftOut(
  call: Call,
  answer: SavingsPlan,
  period: string,
  left: readonly DecisionItem[],
): Promise<SavingsPlan> {
  const off = left
    .map(({ action }) => action)
    .filter((id) => answer.plan?.actions.some((action) => action.id === id));
  if (off.length === 0 || answer.currency === null) return answer;
  const { currency } = answer;
  const simulated = await call('savings.simulate', { period, currency, policy: { off } });
  return simulated.ok && simulated.value !== null
    ? withoutThem(answer, simulated.value, left)
    : answer;
}
