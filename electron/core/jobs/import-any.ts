import { basename } from 'node:path';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { ImportAnswer, OtherLoad } from '../../../shared/contract/sources.ts';
import { importFiles, type ImportOptions } from '../ingest/import.ts';
import type { ImportContext } from '../ingest/outcome.ts';
import { expandPaths, type InputPath } from '../ingest/paths.ts';
import { importSheets } from '../prices/import-sheets.ts';
import { importTelemetryFiles } from '../telemetry/import.ts';
import { importUsageFiles } from '../tokens/import.ts';
import { type FileKind, kindOfFile } from './file-kinds.ts';

/**
 * Files of any kind, each to its own reader: bills together, then price lists, telemetry and usage
 * exports. A rule file moves cost for all months at once, so it is not taken in passing.
 */
export async function importAny(
  given: ImportContext,
  options: ImportOptions,
): Promise<ImportAnswer> {
  const found = new Map<FileKind, InputPath[]>();
  const all = await expandPaths(options.paths);
  for (const input of all) {
    const kind = await kindOfFile(input);
    const own = kind === 'rules' ? { ...input, refusal: ruleFile(input.path) } : input;
    const into = kind === 'rules' ? 'bill' : kind;
    found.set(into, [...(found.get(into) ?? []), own]);
  }
  const context: ImportContext = {
    ...given,
    // Each reader counts its own files; who looks on wants to know of all.
    progress: (state) =>
      given.progress(state.files === undefined ? state : { ...state, files: all.length }),
  };
  const of = (kind: FileKind) => found.get(kind) ?? [];
  const { loads } = await importFiles(context, { ...options, inputs: of('bill') });
  const others: OtherLoad[] = [];
  const paths = (inputs: readonly InputPath[]) => inputs.map(({ path }) => path);
  if (of('prices').length > 0) {
    const { sheets } = await importSheets(context, { paths: paths(of('prices')), reading: {} });
    for (const { file, status, sheet, code, reason, hint } of sheets) {
      others.push({
        kind: 'prices',
        id: sheet?.id ?? null,
        file,
        status,
        format: sheet?.format ?? null,
        kept: sheet ? `${count(sheet.prices, 'price')}, dated ${sheet.dated}` : '',
        ...told(code, reason, hint, `outlay prices import ${file}`),
      });
    }
  }
  if (of('telemetry').length > 0) {
    const reading = {
      host: undefined,
      timeZone: 'UTC',
      zoneSaid: false,
      dateOrder: options.reading?.dateOrder,
      at: undefined,
      metric: undefined,
    };
    const telemetry = await importTelemetryFiles(context, of('telemetry'), reading);
    for (const { id, file, status, format, samplesKept, resources, ...load } of telemetry.loads) {
      others.push({
        kind: 'telemetry',
        id,
        file,
        status: status === 'removed' ? 'loaded' : status,
        format,
        kept: `${count(samplesKept, 'value')} of ${count(resources, 'resource')}`,
        ...told(load.code, load.reason, load.hint, `outlay telemetry import ${file}`),
      });
    }
  }
  if (of('tokens').length > 0) {
    const usage = await importUsageFiles(context, of('tokens'), undefined);
    for (const { id, file, status, format, tokens, ...load } of usage.loads) {
      others.push({
        kind: 'tokens',
        id,
        file,
        status: status === 'removed' ? 'loaded' : status,
        format,
        kept: `${tokens} tokens`,
        ...told(load.code, load.reason, load.hint, `outlay tokens import ${file}`),
      });
    }
  }
  if (others.some(({ status }) => status === 'loaded')) context.changed();
  return { loads, others };
}

/** Of a refusal: what its own command can be told that this one cannot. */
function told(
  code: string | undefined,
  reason: string | undefined,
  hint: string | undefined,
  command: string,
): Partial<Pick<OtherLoad, 'code' | 'reason' | 'hint'>> {
  if (code === undefined || reason === undefined) return {};
  const flags = hint !== undefined && /--[a-z]/.test(hint);
  return {
    code,
    reason,
    ...(hint === undefined ? {} : { hint: flags ? `${hint} The command is: ${command}` : hint }),
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function ruleFile(path: string): OutlayError {
  const name = basename(path);
  return new OutlayError(
    'NOT_A_BILL',
    `${name} is a file of rules, which move cost for all months at once. Nothing was changed.`,
    `See first what it would move: outlay rules check ${name}. Then: outlay rules import ${name}`,
  );
}
