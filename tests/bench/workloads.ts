import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openCore } from '../../electron/core/api.ts';
import { openStore } from '../../electron/core/store/open.ts';
import { classifySeries, emptyClassified } from '../../electron/core/workloads/classification.ts';
import { classifyLedger } from '../../electron/core/workloads/classify-ledger.ts';
import type { SeriesFacts } from '../../electron/core/workloads/series-facts.ts';
import { type Line, repeat, type Timing, timing } from './measure.ts';

const runs = 5;
const combinations = 1_000_000;

/** What everything is for: a million distinct charges, and the charges of a ledger. */
export async function benchWorkloads(root: string, dataFolder: string): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-bench-workloads-'));
  try {
    const data = join(folder, 'data');
    cpSync(dataFolder, data, { recursive: true });
    const imported = importTime(data);
    const ledger = await repeat(runs, () => classified(data));
    return [
      {
        what: `classification of ${combinations} distinct (service, usage type, tags), processor time`,
        timing: await repeat(3, () => Promise.resolve(million())),
      },
      {
        what: `classification of the ledger's series, processor time`,
        timing: ledger,
        against: { name: 'its import', timing: imported },
      },
      ...(await answers(root, data)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function million(): number {
  const from = process.cpuUsage();
  const steps = classifySeries(emptyClassified(), made(combinations));
  while (!steps.next().done);
  return spent(from);
}

async function classified(data: string): Promise<number> {
  const db = openStore(data, new Date());
  try {
    db.exec('DELETE FROM classification');
    const from = process.cpuUsage();
    await classifyLedger(db);
    return spent(from);
  } finally {
    db.close();
  }
}

/** The page on the ledger: the first answer of a start, later ones, and the longest wait beside them. */
async function answers(root: string, data: string): Promise<Line[]> {
  const core = openCore({
    dataFolder: data,
    workerUrl: pathToFileURL(join(root, 'electron/core/jobs/worker.ts')),
    appVersion: 'bench',
    now: () => new Date(),
    log: () => {},
  });
  try {
    await core.call('overview.get', {});
    const first = await answer(core);
    const later: number[] = [];
    const waits: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { took, longest } = await answer(core);
      later.push(took);
      waits.push(longest);
    }
    return [
      {
        what: 'AI workloads page, first answer of a start, processor time',
        timing: timing([first.took]),
      },
      { what: 'AI workloads page, later answers, processor time', timing: timing(later) },
      {
        what: 'longest step of such an answer, processor time',
        timing: timing(waits),
        against: { name: 'a frame', timing: timing([16.7]) },
      },
    ];
  } finally {
    await core.close();
  }
}

async function answer(core: ReturnType<typeof openCore>) {
  let longest = 0;
  let last = process.threadCpuUsage();
  const tick = () => {
    const { user, system } = process.threadCpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.threadCpuUsage();
    waiting = setImmediate(tick);
  };
  let waiting = setImmediate(tick);
  const started = process.threadCpuUsage();
  await core.call('workloads.overview', { granularity: 'month' });
  clearImmediate(waiting);
  const { user, system } = process.threadCpuUsage(started);
  return { took: (user + system) / 1000, longest };
}

/** From the first load's start to the last one's end, as the ledger has them. */
function importTime(data: string): Timing {
  const db = new Database(join(data, 'outlay.db'), { readonly: true });
  try {
    const { from, to } = db
      .prepare(
        `SELECT min(started_at) AS "from", max(finished_at) AS "to" FROM load WHERE status = 'loaded'`,
      )
      .get() as { from: string; to: string };
    return timing([Date.parse(to) - Date.parse(from)]);
  } finally {
    db.close();
  }
}

function spent(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

const services = [
  'Amazon Elastic Compute Cloud',
  'Amazon SageMaker',
  'Amazon Bedrock',
  'Amazon Simple Storage Service',
];
const meters = [
  'USE1-BoxUsage:p5.48xlarge',
  'USE1-Train:ml.p4d.24xlarge',
  'USE1-NovaPro-input-tokens',
  'TimedStorage-ByteHrs',
  'USE1-BoxUsage:m7i.large',
];
const teams = ['vision', 'search', 'ranking', 'speech', 'platform'];

/** Series that all differ: resources, tags and names of their own. */
function made(count: number): SeriesFacts {
  return {
    count,
    facts: (series) => ({
      provider: 'AWS',
      service: services[series % services.length],
      charge: 'Usage',
      meter: meters[series % meters.length],
      resourceId: `arn:aws:ec2:us-east-1:1:instance/i-${series.toString(16).padStart(12, '0')}`,
      resourceName: `${teams[series % teams.length]}-trainer-${series}`,
      tags: {
        team: teams[series % teams.length],
        workload: `run-${series % 50_000}`,
        owner: `o${series}`,
      },
    }),
    meterFacts: () => ({ charge: 'Usage', unit: 'Hrs', commitment: '', commitmentStatus: '' }),
    width: 1,
    key: (series, into) => void into.fill(series),
  };
}
