import { rmSync } from 'node:fs';
import type { LoadRecord } from '../../../shared/contract/sources.ts';
import { importFiles } from '../ingest/import.ts';
import type { ImportContext } from '../ingest/outcome.ts';
import { importSheets } from '../prices/import-sheets.ts';
import { importTelemetry } from '../telemetry/import.ts';
import { sheetDate } from './priceSheet.ts';
import { sampleSource, writePriceSheet, writeSample, writeTelemetry } from './write.ts';

/**
 * Loads the sample company: its bills, then its price sheet and what it measured. The folder is made
 * and removed again. What is loaded already stays as it is. The caller holds the write lock.
 */
export async function loadSample(
  context: ImportContext,
  folder: string,
): Promise<{ loads: LoadRecord[] }> {
  try {
    const paths = await writeSample(folder);
    const answer = await importFiles(context, { paths, source: sampleSource, replace: true });
    await loadBeside(context, folder);
    return answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loadBeside(context: ImportContext, folder: string): Promise<void> {
  const { db, now, signal } = context;
  // Counts of files and bytes stay those of the bills, which take most of the time.
  const progress: ImportContext['progress'] = ({ file }) =>
    context.progress({ step: 'reading', ...(file === undefined ? {} : { file }) });
  const source = sampleSource;
  const { sheets } = await importSheets(
    { db, now, signal, progress },
    { paths: [await writePriceSheet(folder)], reading: { date: sheetDate, source } },
  );
  assertLoaded(sheets);
  for (const { path, host } of await writeTelemetry(folder)) {
    const reading = {
      host,
      timeZone: 'UTC',
      zoneSaid: true,
      dateOrder: undefined,
      at: undefined,
      metric: undefined,
      source,
    };
    assertLoaded(
      (await importTelemetry({ db, now, signal, progress }, { paths: [path], reading })).loads,
    );
  }
  context.changed();
}

/** The sample's own files are never refused for what they hold. */
function assertLoaded(
  outcomes: readonly { file: string; status: string; reason?: string | undefined }[],
): void {
  const refused = outcomes.find(({ status }) => status !== 'loaded' && status !== 'unchanged');
  if (refused) {
    throw new Error(`${refused.file} of the sample: ${refused.reason ?? refused.status}`);
  }
}
