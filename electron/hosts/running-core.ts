import { request as httpRequest } from 'node:http';
import type { Call, CallOutput, EventName } from '../../shared/contract/contract.ts';
import { OutlayError, type Result } from '../../shared/contract/errors.ts';
import { eventNames } from '../../shared/contract/inputs.ts';
import type { Core } from '../core/api.ts';
import { askRunning } from './instance.ts';

/**
 * The core of the window host that already runs on a data folder, so that two processes need not
 * wait for each other to write; null where none runs, or one that cannot write, or one of another
 * version, with which nothing was agreed. It tells of the jobs that came through it alone: the window
 * may have its own.
 */
export async function runningCore(dataFolder: string, appVersion: string): Promise<Core | null> {
  const launch = await askRunning(dataFolder);
  if (launch === null) return null;
  const { origin, hash } = new URL(launch);
  try {
    const opened = await post(origin, '/api/session', {}, { launch: hash.replace('#launch=', '') });
    const { session } = opened as { session: string };
    const core = overHttp(origin, { 'x-outlay-session': session });
    const info = await core.call('app.info', {});
    return info.ok && info.value.version === appVersion && info.value.readOnly === null
      ? core
      : null;
  } catch {
    return null;
  }
}

function overHttp(origin: string, headers: Record<string, string>): Core {
  const listeners = new Map<EventName, Set<(body: never) => void>>();
  const jobs = new Set<string>();
  let stream: ReturnType<typeof httpRequest> | null = null;
  const dispatch = async (name: string, input: unknown) => {
    const job = (input as { job?: unknown }).job;
    if (typeof job === 'string' && name !== 'jobs.cancel') jobs.add(job);
    const answer = (await post(origin, '/api/call', headers, { name, input })) as Result<unknown>;
    if (name !== 'jobs.list' || !answer.ok) return answer;
    const { jobs: all } = answer.value as CallOutput<'jobs.list'>;
    return { ok: true, value: { jobs: all.filter(({ job: id }) => jobs.has(id)) } } as const;
  };
  const call = dispatch as Call;
  const take = (event: string) => {
    const [, name = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
    if (!(eventNames as readonly string[]).includes(name)) return;
    const body = JSON.parse(data) as { job?: string };
    if (body.job !== undefined && !jobs.has(body.job)) return;
    for (const listener of listeners.get(name as EventName) ?? []) listener(body as never);
  };
  return {
    call,
    dispatch,
    on(name, listener) {
      if (stream === null) follow();
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    close: async () => {
      stream?.destroy();
    },
  };

  function follow(): void {
    stream = httpRequest(`${origin}/api/events`, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) take(part);
      });
    });
    // Without it there is no progress to see; the answer comes all the same.
    stream.on('error', () => {});
    stream.end();
  }
}

/** An import may take longer than any time limit of a client: this one has none. */
function post(
  origin: string,
  path: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${origin}${path}`,
      { method: 'POST', headers: { ...headers, 'content-type': 'application/json', origin } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', () => reject(gone()));
        response.on('end', () => {
          try {
            resolve(JSON.parse(text));
          } catch {
            reject(gone());
          }
        });
      },
    );
    sent.on('error', () => reject(gone()));
    sent.end(JSON.stringify(body));
  });
}

function gone(): OutlayError {
  return new OutlayError(
    'CANCELLED',
    'The window that took this work over was closed before it answered. What it had stored is kept.',
    'See outlay loads, and run the command again.',
  );
}
