import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { errorBody } from '../../shared/contract/errors.ts';
import { securityHeaders } from '../hosts/rules.ts';
import { answerFile } from '../hosts/static.ts';
import { receiveUpload } from '../hosts/upload.ts';

/** The page's own origin; nothing else is ever loaded. */
export const appOrigin = 'app://outlay';

/** Answers app://outlay: the built renderer, and the upload exactly as the local server does. */
export function createProtocol(rendererFolder: string, dataFolder: string) {
  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    if (url.host !== 'outlay') return json(421, { error: 'Not an address of Outlay.' });
    if (url.pathname === '/api/upload' && request.method === 'POST') {
      return upload(request, url.searchParams.get('name') ?? '', dataFolder);
    }
    if (request.method !== 'GET') return json(405, { error: 'Pages are only read.' });
    const { status, headers, body } = await answerFile(rendererFolder, url.pathname);
    return new Response(body, { status, headers });
  };
}

async function upload(request: Request, name: string, dataFolder: string): Promise<Response> {
  const body = request.body
    ? Readable.fromWeb(request.body as ReadableStream<Uint8Array>)
    : Readable.from([]);
  try {
    return json(200, { path: await receiveUpload(dataFolder, name, body) });
  } catch (error) {
    return json(500, { error: errorBody(error) });
  }
}

function json(status: number, value: unknown): Response {
  return Response.json(value, {
    status,
    headers: { ...securityHeaders, 'cache-control': 'no-store' },
  });
}
