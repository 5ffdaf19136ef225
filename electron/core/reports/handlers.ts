import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Handlers } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { documentHtml } from '../../../shared/reports/html.ts';
import { monthlyReport } from '../../../shared/reports/monthly.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import { inSnapshot, type WritableDb } from '../store/open.ts';
import { type GatherDeps, gatherMonthly } from './gather.ts';
import { writeWhole } from './output.ts';

export interface ReportsDeps extends GatherDeps {
  db: WritableDb;
  now: () => Date;
}

const fontFile = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';

export function reportsHandlers(deps: ReportsDeps): Pick<Handlers, 'reports.make'> {
  const { gather } = inSnapshot(deps.db, {
    gather: ({ month, metric }: { month: string; metric: Metric }) =>
      gatherMonthly(deps, month, metric, deps.now().toISOString().slice(0, 10)),
  });
  return {
    'reports.make': async ({ month, kind, format, metric, out }) => {
      if (kind !== 'monthly' || format !== 'html') {
        throw new OutlayError(
          'NOT_AVAILABLE',
          `The ${kind} report as ${format} is not available in this version.`,
          'Use --kind monthly --format html.',
        );
      }
      const document = monthlyReport(gather({ month, metric }));
      // The chart library is costly to load, and no other call needs it.
      const { drawStackedBars } = await import('./draw.ts');
      const font = await readFile(createRequire(import.meta.url).resolve(fontFile), 'base64');
      const text = documentHtml(document, { font, svg: drawStackedBars });
      const bytes = Buffer.from(text, 'utf8');
      const answer = {
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      };
      if (out === undefined) return { file: `outlay-${month}.html`, ...answer, text };
      const file = resolve(out);
      await writeWhole(file, bytes);
      return { file, ...answer };
    },
  };
}
