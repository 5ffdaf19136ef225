import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { importFiles } from '../../electron/core/ingest/import.ts';
import { importWorkFolder } from '../../electron/core/store/leftovers.ts';
import { openStore } from '../../electron/core/store/open.ts';
import { errorCodes, OutlayError } from '../../shared/contract/errors.ts';
import { healthSheet } from '../../shared/contract/health.ts';
import type { LoadRecord } from '../../shared/contract/sources.ts';
import type { FuzzCase } from './fuzzCases.ts';
import { ledger, lost, untied } from './ledger.ts';

/**
 * A process that imports hostile files one at a time into a copy of a data folder, and judges what
 * came of each. It may die of a file: whoever started it notices.
 */
export type FuzzRequest = Pick<FuzzCase, 'path' | 'options'>;

export interface FuzzAnswer {
  /** Status of the load, with the code of a refusal. */
  outcome: string;
  reason: string;
  /** What is wrong with the outcome; empty where nothing is. */
  problems: string[];
  /** Of processor time, which does not depend on what else the machine does. */
  milliseconds: number;
  /** The most memory that this process has ever held. */
  peakBytes: number;
}

const [pristine = '', data = ''] = process.argv.slice(2);
const refusals = new Set<string>(errorCodes.filter((code) => code !== 'INTERNAL'));
/** A message is read by people. */
const longestMessage = 1_500;
const casesPerStore = 200;

let db: ReturnType<typeof openStore> | null = null;
let before: ReturnType<typeof ledger> | null = null;
let cases = 0;

function freshStore(): ReturnType<typeof openStore> {
  db?.close();
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  copyFileSync(pristine, join(data, basename(pristine)));
  db = openStore(data, new Date());
  before ??= ledger(db);
  cases = 0;
  return db;
}

async function importOne({ path, options }: FuzzRequest): Promise<FuzzAnswer> {
  const { folder = false, replace = false, add = false, reading = {} } = options;
  const store = db && cases < casesPerStore ? db : freshStore();
  cases++;
  const problems: string[] = [];
  const workFolder = importWorkFolder(data);
  const started = process.cpuUsage();
  let outcome = 'defect';
  let reason = '';
  let loads: LoadRecord[] = [];
  try {
    ({ loads } = await importFiles(
      {
        db: store,
        workFolder,
        detailFolder: join(data, 'detail'),
        now: () => new Date(),
        signal: new AbortController().signal,
        progress: () => {},
        changed: () => {},
      },
      { paths: [folder ? dirname(path) : path], source: 'files', replace, add, reading },
    ));
    outcome = loads.map(outcomeOf).join(' ') || 'not looked at';
    reason = loads.map((load) => load.reason ?? '').join(' ');
    for (const load of loads) problems.push(...judge(load, path));
    if (loads.length === 0 && !isHidden(path, folder)) problems.push('no load is recorded');
  } catch (error) {
    const isRefusal = error instanceof OutlayError;
    outcome = isRefusal ? `error ${error.code}` : 'defect';
    reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    problems.push(isRefusal ? `the whole call ended with ${error.code}: ${error.message}` : reason);
  }
  const { user, system } = process.cpuUsage(started);
  const milliseconds = (user + system) / 1000;
  if (existsSync(workFolder)) problems.push('the work folder is still there');
  const stored = loads.filter(({ status }) => status === 'loaded' || status === 'replaced');
  const unlike = before
    ? lost(before, ledger(store), {
        stored: stored.length > 0,
        gaveWay: add || stored.some(({ status }) => status === 'replaced'),
      })
    : [];
  problems.push(...unlike);
  for (const load of stored) problems.push(...untied(store, load.id));
  for (const load of stored) {
    const health = store.prepare('SELECT health FROM load WHERE id = ?').pluck().get(load.id);
    const sheet = healthSheet.safeParse(JSON.parse(String(health)));
    if (!sheet.success) problems.push(`no health sheet: ${sheet.error.message}`);
  }
  if (stored.length > 0 || unlike.length > 0 || outcome === 'defect') freshStore();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { outcome, reason, problems, milliseconds, peakBytes };
}

/** Files with a point before their name are not looked at in a folder. */
function isHidden(path: string, folder: boolean): boolean {
  return folder && basename(path).startsWith('.');
}

function outcomeOf({ status, code }: LoadRecord): string {
  return status === 'refused' ? `refused ${code}` : status;
}

function judge(load: LoadRecord, path: string): string[] {
  const problems: string[] = [];
  const { status, code = '', reason = '', hint = '', warnings, file } = load;
  if (!['loaded', 'replaced', 'unchanged', 'skipped', 'refused'].includes(status)) {
    problems.push(`ended as ${status}: ${reason}`);
  }
  if (status === 'refused') {
    if (!refusals.has(code)) problems.push(`refused with ${code}: ${reason}`);
    if (!reason.includes(file)) problems.push(`the message does not name the file: ${reason}`);
    if (hint === '') problems.push(`no hint: ${reason}`);
  }
  const texts = [reason, hint, ...warnings.map(({ message }) => message)];
  for (const text of texts) {
    if (text.length > longestMessage)
      problems.push(`a message of ${text.length} letters: ${text.slice(0, 200)}`);
    if (text.includes(dirname(path)) || text.includes(data))
      problems.push(`names a folder: ${text}`);
  }
  return problems;
}

process.on('message', (request: FuzzRequest) => {
  void importOne(request).then((answer) => process.send?.(answer));
});
