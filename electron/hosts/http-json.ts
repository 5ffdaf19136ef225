import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import { securityHeaders } from './rules.ts';

/** A refused body is read and thrown away for this long, so that its sender sees the answer. */
const lingerMs = 1_000;

/** A body of a call that stops arriving is given up after this long. */
const stallMs = 30_000;

/** The whole body as text, or null as soon as it is known to pass the limit. */
export function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (done: () => void) => {
      request.setTimeout(0);
      request.off('data', take);
      done();
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limit) settle(() => resolve(null));
      else chunks.push(chunk);
    };
    request.setTimeout(stallMs, () => request.destroy());
    request.on('data', take);
    request.on('end', () => settle(() => resolve(Buffer.concat(chunks).toString('utf8'))));
    request.on('error', (error) => settle(() => reject(error)));
  });
}

/** Null for anything but a JSON object. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/**
 * Answers without having looked at the body. The connection ends with it, and what is still
 * arriving is thrown away for a moment: closing at once could reset it before the answer is read.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  message: string,
  headers: Record<string, string> = {},
  hint?: string,
): void {
  if (response.destroyed || request.socket.destroyed) return;
  const body = JSON.stringify({ error: { code, message, hint } });
  response.writeHead(status, {
    ...securityHeaders,
    ...headers,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  if (request.method === 'HEAD' || request.complete) {
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  response.write(body);
  const end = () => response.end();
  const timer = setTimeout(end, lingerMs);
  request.on('end', end);
  response.on('close', () => clearTimeout(timer));
  request.resume();
}
