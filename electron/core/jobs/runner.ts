import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import type {
  FromWorker,
  JobAnswer,
  JobAnswers,
  JobRequest,
  ToWorker,
  WorkerData,
} from './messages.ts';

export interface JobDeps {
  dataFolder: string;
  workerUrl: URL;
  now: () => Date;
  log: (line: string) => void;
  progress: (state: JobProgress) => void;
  changed: () => void;
}

export interface JobRunner {
  /** Runs after the jobs before it; answers when it is done. */
  run: <R extends JobRequest>(job: string, request: R) => Promise<JobAnswers[R['kind']]>;
  cancel: (job: string) => boolean;
  /** Running and waiting jobs, and the one that ended last. */
  list: () => JobProgress[];
  busy: () => boolean;
  close: () => Promise<void>;
}

interface Job {
  id: string;
  request: JobRequest;
  startedAt: number;
  state: JobProgress;
  worker: Worker | null;
  cancelled: boolean;
}

/** Columns of a file live shorter than a collection of the usual 16 MB: fewer are kept by accident. */
const resourceLimits = { maxYoungGenerationSizeMb: 48 };

/** Long work, one job at a time, each on a thread of its own that ends with it. */
export function createJobRunner(deps: JobDeps): JobRunner {
  const jobs: Job[] = [];
  let last: JobProgress | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  function update(job: Job, change: Partial<JobProgress>): void {
    const { loads = [], rows = 0, ...rest } = change;
    const finished = loads.filter((load) => !job.state.loads.some(({ id }) => id === load.id));
    const elapsedMs = deps.now().getTime() - job.startedAt;
    job.state = {
      ...job.state,
      ...rest,
      rows: job.state.rows + rows,
      loads: [...job.state.loads, ...finished],
      filesDone: rest.filesDone ?? job.state.filesDone + finished.length,
      elapsedMs,
    };
    job.state.etaMs = remaining(job.state);
    deps.progress(job.state);
  }

  async function start(job: Job): Promise<JobAnswer> {
    try {
      // Loaded here: most commands start no thread.
      const threads = await import('node:worker_threads');
      if (job.cancelled) throw new OutlayError('CANCELLED', 'Cancelled before it began.');
      job.startedAt = deps.now().getTime();
      const answer = await runWorker(job, threads.Worker);
      update(job, { step: 'done', file: null, bytesDone: job.state.bytes });
      return answer;
    } catch (error) {
      const { code, message } = error as OutlayError;
      update(job, { step: 'failed', file: null, error: { code: code ?? 'INTERNAL', message } });
      throw error;
    } finally {
      last = job.state;
      jobs.splice(jobs.indexOf(job), 1);
    }
  }

  function runWorker(job: Job, Thread: typeof Worker): Promise<JobAnswer> {
    return new Promise((resolve, reject) => {
      const workerData: WorkerData = { dataFolder: deps.dataFolder, request: job.request };
      const worker = new Thread(deps.workerUrl, {
        workerData,
        env: workerEnv(),
        resourceLimits,
      });
      job.worker = worker;
      worker.on('message', (message: FromWorker) => {
        switch (message.kind) {
          case 'progress':
            update(job, message.state);
            break;
          case 'changed':
            deps.changed();
            break;
          case 'done':
            resolve(message.answer);
            break;
          case 'failed': {
            const { code, message: text, hint } = message.error;
            if (message.defect) deps.log(`job failed: ${message.defect}`);
            reject(new OutlayError(code, text, hint));
            break;
          }
          default:
            message satisfies never;
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) =>
        reject(new OutlayError('INTERNAL', `The job thread ended early (exit code ${code}).`)),
      );
    });
  }

  return {
    run: <R extends JobRequest>(id: string, request: R) => {
      if (jobs.some((job) => job.id === id)) {
        throw new OutlayError('INVALID_INPUT', `job: "${id}" is already running`);
      }
      const job: Job = {
        id,
        request,
        startedAt: deps.now().getTime(),
        state: waiting(id, request.kind),
        worker: null,
        cancelled: false,
      };
      jobs.push(job);
      deps.progress(job.state);
      const answer = queue.then(() => start(job));
      queue = answer.catch(() => {});
      // The worker answers what its request asks for.
      return answer as Promise<JobAnswers[R['kind']]>;
    },
    cancel: (id) => {
      const job = jobs.find((candidate) => candidate.id === id);
      if (!job) return false;
      job.cancelled = true;
      job.worker?.postMessage('cancel' satisfies ToWorker);
      return true;
    },
    list: () => [...(last ? [last] : []), ...jobs.map((job) => job.state)],
    busy: () => jobs.length > 0,
    close: async () => {
      for (const job of jobs) {
        job.cancelled = true;
        job.worker?.postMessage('cancel' satisfies ToWorker);
      }
      await queue;
    },
  };
}

function waiting(job: string, kind: JobProgress['kind']): JobProgress {
  return {
    job,
    kind,
    step: 'waiting',
    file: null,
    filesDone: 0,
    files: 0,
    bytesDone: 0,
    bytes: 0,
    rows: 0,
    etaMs: null,
    elapsedMs: 0,
    loads: [],
    error: null,
  };
}

/**
 * The thread finds its code compiled. From source it would otherwise load WebAssembly to strip
 * types in every thread, and V8 now and then ends the process when such a thread ends
 * ("Check failed: jit_page.has_value()"); it also starts twice as fast.
 */
function workerEnv(): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env };
}

/** From the bytes done so far; null until a twentieth is done. */
function remaining(state: JobProgress): number | null {
  if (state.bytes === 0 || state.bytesDone < state.bytes / 20) return null;
  return Math.round((state.elapsedMs * (state.bytes - state.bytesDone)) / state.bytesDone);
}
