import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorBody, OutlayError } from '../../shared/contract/errors.ts';
import type { Core } from '../core/api.ts';
import { answerExport } from './exported.ts';
import { parseObject, readBody, refuse, sendJson } from './http-json.ts';
import { answerLaunch } from './instance.ts';
import { hasType, refusal } from './rules.ts';
import { createSessions, randomKey } from './session.ts';
import { streamEvents } from './sse.ts';
import { answerFile } from './static.ts';
import { dispatchUploads, receiveUpload, sweepInbox } from './upload.ts';

/** A call's input is a few lines; files go through the upload. */
const bodyBytes = 1024 * 1024;

export interface WindowHostOptions {
  core: Core;
  dataFolder: string;
  rendererFolder: string;
  /** A free one where absent. */
  port?: number | undefined;
  /** One line a message. */
  log: (line: string) => void;
  /** Development: answers everything outside /api in place of the built renderer. */
  pages?: ((server: Server) => Promise<RequestListener>) | undefined;
}

export interface WindowHost {
  /** http://127.0.0.1:PORT */
  address: string;
  /** Address with a launch token: opens one window, within 60 s. */
  url: string;
  /** The key by which a second start asks for a launch address; see instance.ts. */
  control: string;
  close: () => Promise<void>;
}

interface Route {
  method: 'GET' | 'POST';
  /** Answers only to a window that has a session key. */
  session: boolean;
  /** Media type of the body. */
  type?: string;
  answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;
}

/** Serves the window to this machine alone; what a request must satisfy is in rules.ts. */
export async function startWindowHost(options: WindowHostOptions): Promise<WindowHost> {
  const { core, dataFolder, rendererFolder, log } = options;
  const sessions = createSessions(Date.now);
  const control = randomKey();
  const dispatch = dispatchUploads(core, dataFolder);
  const streams = new Set<() => void>();
  let authority = '';
  let pages: RequestListener | null = null;

  const launchUrl = () => `http://${authority}/#launch=${sessions.issue()}`;

  const routes: Record<string, Route> = {
    '/api/session': json((body) => {
      const session = sessions.exchange(String(body['launch']));
      return session === null ? null : { session };
    }, 'This address was used already or is too old.'),
    '/api/launch': json((body) => answerLaunch(control, body, launchUrl), 'The key does not fit.'),
    '/api/call': json((body) => dispatch(String(body['name']), body['input'])),
    '/api/upload': {
      method: 'POST',
      session: true,
      // Not a type that a form can send.
      type: 'application/octet-stream',
      answer: (request, response, url) =>
        answerUpload(dataFolder, url.searchParams.get('name') ?? '', request, response),
    },
    '/api/export': {
      method: 'GET',
      session: true,
      answer: (request, response, url) =>
        answerExport(dataFolder, url.searchParams.get('name') ?? '', request, response),
    },
    '/api/events': {
      method: 'GET',
      session: true,
      answer: (_request, response) => {
        const stop = streamEvents(core, response);
        streams.add(stop);
        response.on('close', () => streams.delete(stop));
      },
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request, authority);
    if (refused !== null) {
      refuse(request, response, refused.status, 'USAGE', refused.message, refused.headers);
      return;
    }
    const url = new URL(`http://${authority}${request.url}`);
    const route = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
    if (route) await handleRoute(route, request, response, url);
    else if (url.pathname.startsWith('/api/')) {
      refuse(request, response, 404, 'NOT_FOUND', 'There is no such address.');
    } else if (request.method === 'POST') {
      refuse(request, response, 405, 'USAGE', 'Pages are only read.', { allow: 'GET, HEAD' });
    } else if (pages !== null) {
      pages(request, response);
    } else {
      const { status, headers, body } = await answerFile(rendererFolder, url.pathname);
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
      response.end(request.method === 'HEAD' ? undefined : body);
    }
  }

  async function handleRoute(
    route: Route,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<void> {
    const { method, type } = route;
    const key = String(request.headers['x-outlay-session'] ?? '');
    if (request.method !== method) {
      const message = `This address takes ${method}.`;
      refuse(request, response, 405, 'USAGE', message, { allow: method });
    } else if (route.session && !sessions.holds(key)) {
      const message = 'This window has no session. Close it and start Outlay again.';
      refuse(request, response, 401, 'USAGE', message);
    } else if (type !== undefined && !hasType(request, type)) {
      refuse(request, response, 415, 'USAGE', `This address takes ${type}.`);
    } else {
      await route.answer(request, response, url);
    }
  }

  const server = createServer({ requireHostHeader: false }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      const { code, message } = errorBody(error);
      log(`window host: ${request.method} failed: ${message}`);
      if (response.headersSent) response.destroy();
      else refuse(request, response, 500, code, message);
    });
  });
  server.headersTimeout = 20_000;
  // An upload may take as long as it takes; bodies of calls have their own limit.
  server.requestTimeout = 0;

  await sweepInbox(dataFolder, Date.now());
  pages = (await options.pages?.(server)) ?? null;
  authority = `127.0.0.1:${await listen(server, options.port ?? 0)}`;
  const address = `http://${authority}`;

  let closing: Promise<void> | null = null;
  async function closeServer(): Promise<void> {
    for (const stop of streams) stop();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    // Answers on their way get a moment; a call that takes longer is cut off.
    const cut = setTimeout(() => server.closeAllConnections(), 500);
    await closed;
    clearTimeout(cut);
  }

  return {
    address,
    url: launchUrl(),
    control,
    close: () => (closing ??= closeServer()),
  };
}

/**
 * A route that takes and answers JSON. With `unknown` it is open to who has no session yet, and
 * that is what is said where the answer is null.
 */
function json(take: (body: Record<string, unknown>) => unknown, unknown?: string): Route {
  return {
    method: 'POST',
    session: unknown === undefined,
    type: 'application/json',
    async answer(request, response) {
      const text = await readBody(request, bodyBytes);
      const body = text === null ? null : parseObject(text);
      if (text === null) {
        refuse(request, response, 413, 'TOO_LARGE', 'A call may be at most 1 MB.');
      } else if (body === null) {
        refuse(request, response, 400, 'INVALID_INPUT', 'The body is not a JSON object.');
      } else {
        const answer = await take(body);
        if (answer === null) refuse(request, response, 401, 'USAGE', unknown ?? '');
        else sendJson(response, 200, answer);
      }
    },
  };
}

async function answerUpload(
  dataFolder: string,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    sendJson(response, 200, { path: await receiveUpload(dataFolder, name, request) });
  } catch (error) {
    if (!(error instanceof OutlayError)) throw error;
    const { code, message, hint } = error;
    refuse(request, response, code === 'DISK_FULL' ? 507 : 500, code, message, {}, hint);
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        taken
          ? new OutlayError(
              'USAGE',
              `Port ${port} is in use or may not be opened.`,
              'Choose another with --port, or leave it out for a free one.',
              { cause: error },
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
