import type { Call, EventBody, EventName, On } from '../../shared/contract/contract.ts';
import { type ErrorBody, errorBody, OutlayError } from '../../shared/contract/errors.ts';

declare global {
  interface Window {
    /** Put there by the Electron preload; absent in the window host. */
    outlay?: { call: Call; on: On };
  }
}

export interface Transport {
  call: Call;
  on: On;
  /**
   * Copies a file to where the core can read it; answers the path for `import.run`.
   * @param name file name, with its folders where it came in one
   */
  upload: (file: File, name: string) => Promise<string>;
  /**
   * The bytes of an export, by the name of its file, for saving a copy of it; null where the host
   * hands none out.
   */
  exported: ((name: string) => Promise<Blob>) | null;
  host: 'electron' | 'window';
}

const sessionItem = 'outlay.session';

const gone: ErrorBody = {
  code: 'NOT_AVAILABLE',
  message: 'Outlay does not answer any more. Everything that was loaded is kept.',
  hint: 'Close this window and start Outlay again.',
};

/** Reaches the core: through the preload in Electron, else over HTTP with a session key. */
export async function connect(): Promise<Transport> {
  const bridge = window.outlay;
  if (bridge) {
    return {
      call: (name, input) => bridge.call(name, input),
      on: (name, listener) => bridge.on(name, listener),
      upload: (file, name) => upload(file, name, {}),
      exported: null,
      host: 'electron',
    };
  }
  const headers = { 'x-outlay-session': await session() };
  const call = httpCall(headers);
  return {
    call,
    on: await httpEvents(headers, call),
    upload: (file, name) => upload(file, name, headers),
    exported: (name) => exported(name, headers),
    host: 'window',
  };
}

/** The key of this tab: from the launch token in the address, or from before a refresh. */
async function session(): Promise<string> {
  const launch = /^#launch=([\w-]+)$/.exec(location.hash)?.[1];
  if (launch !== undefined) {
    history.replaceState(history.state, '', location.pathname + location.search);
    const response = await post('/api/session', {}, 'application/json', JSON.stringify({ launch }));
    if (response.ok) {
      const body = (await response.json()) as { session: string };
      sessionStorage.setItem(sessionItem, body.session);
      return body.session;
    }
  }
  const kept = sessionStorage.getItem(sessionItem);
  if (kept !== null) return kept;
  throw new OutlayError(
    'NOT_AVAILABLE',
    launch === undefined
      ? 'This address was opened without a launch token.'
      : 'This address was used already or is older than a minute.',
    'Start Outlay again; it opens a window of its own. Nothing is lost.',
  );
}

function httpCall(headers: Record<string, string>): Call {
  return async (name, input) => {
    try {
      const body = JSON.stringify({ name, input });
      const response = await post('/api/call', headers, 'application/json', body);
      if (response.ok) return await response.json();
      return { ok: false, error: await refusal(response) };
    } catch (error) {
      return { ok: false, error: error instanceof OutlayError ? errorBody(error) : gone };
    }
  };
}

async function upload(file: File, name: string, headers: Record<string, string>): Promise<string> {
  const address = `/api/upload?name=${encodeURIComponent(name.toWellFormed())}`;
  const response = await post(address, headers, 'application/octet-stream', file);
  if (response.ok) return ((await response.json()) as { path: string }).path;
  const { code, message, hint } = await refusal(response);
  throw new OutlayError(code, message, hint);
}

async function exported(name: string, headers: Record<string, string>): Promise<Blob> {
  const response = await fetch(`/api/export?name=${encodeURIComponent(name)}`, { headers });
  if (response.ok) return await response.blob();
  const { code, message, hint } = await refusal(response);
  throw new OutlayError(code, message, hint);
}

async function post(
  address: string,
  headers: Record<string, string>,
  type: string,
  body: string | File,
): Promise<Response> {
  try {
    return await fetch(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body,
    });
  } catch (error) {
    throw new OutlayError(gone.code, gone.message, gone.hint, { cause: error });
  }
}

async function refusal(response: Response): Promise<ErrorBody> {
  if (response.status === 401) return gone;
  try {
    return ((await response.json()) as { error: ErrorBody }).error;
  } catch {
    return { code: 'INTERNAL', message: `The server answered ${response.status}.` };
  }
}

/** One event stream for the window; it is open, or known not to open, when this answers. */
async function httpEvents(headers: Record<string, string>, call: Call): Promise<On> {
  const listeners = new Map<string, Set<(body: never) => void>>();
  const emit = <N extends EventName>(name: N, body: EventBody<N>) => {
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(body as never);
      } catch (error) {
        // One view's defect ends neither the stream nor the other views.
        reportError(error);
      }
    }
  };

  /** Events may have been missed, so whatever they would have said is asked for. */
  async function catchUp(): Promise<void> {
    emit('data.changed', { reason: 'other-process' });
    const answer = await call('jobs.list', {});
    if (answer.ok) for (const job of answer.value.jobs) emit('job.progress', job);
  }

  async function follow(opened: () => void): Promise<void> {
    for (let attempt = 0, opens = 0; ; attempt += 1) {
      const response = await fetch('/api/events', { headers }).catch(() => null);
      // The server that gave the key is not the one that runs now.
      if (response?.status === 401) return opened();
      if (response?.ok && response.body) {
        attempt = 0;
        opens += 1;
        const ended = readEvents(response.body, (name, data) => {
          emit(name as EventName, JSON.parse(data));
        });
        opened();
        if (opens > 1) await catchUp();
        await ended;
      } else opened();
      await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** attempt, 10_000)));
    }
  }

  await new Promise<void>((resolve) => void follow(resolve));
  return (name, listener) => {
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set);
    set.add(listener);
    return () => set.delete(listener);
  };
}

/** Reads `event:` and `data:` lines until the stream ends, however it ends. */
async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (name: string, data: string) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const chunk = await reader.read().catch(() => null);
    if (chunk === null || chunk.done) return;
    const blocks = (rest + chunk.value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: (.*)\ndata: (.*)$/.exec(block);
      if (event?.[1] && event[2]) take(event[1], event[2]);
    }
  }
}
