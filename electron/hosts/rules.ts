import type { IncomingMessage } from 'node:http';

export interface Refusal {
  status: number;
  message: string;
  headers?: Record<string, string>;
}

/** On every answer, of both windows. There is no CORS header: nobody else may read anything. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/**
 * The content policy of a page; the nonce lets Mantine add its style tags and nothing else.
 * Reports are handed over as blob downloads, which no directive here governs.
 */
export function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/**
 * What a request must satisfy before it is looked at: our own name (against DNS rebinding), and
 * no other site behind it. `authority` is "127.0.0.1:PORT". Null: carry on.
 */
export function refusal(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headersDistinct'>,
  authority: string,
): Refusal | null {
  const one = (name: string) => request.headersDistinct[name] ?? [];
  const hosts = one('host');
  // A target with its own authority ("GET http://other/") would override Host.
  if (hosts.length !== 1 || hosts[0] !== authority || !request.url?.startsWith('/')) {
    return { status: 421, message: `This server answers only to ${authority}.` };
  }
  const method = request.method ?? '';
  if (!['GET', 'HEAD', 'POST'].includes(method)) {
    return {
      status: 405,
      message: `${method} is not used here.`,
      headers: { allow: 'GET, HEAD, POST' },
    };
  }
  // Absent in programs that are not browsers; those need a key all the same.
  const sites = one('sec-fetch-site');
  if (sites.some((site) => site !== 'same-origin' && site !== 'none') || sites.length > 1) {
    return { status: 403, message: 'Requests from other sites are refused.' };
  }
  const origins = one('origin');
  const own = origins.length === 1 && origins[0] === `http://${authority}`;
  if (!own && (method === 'POST' || origins.length > 0)) {
    return { status: 403, message: 'Requests from other origins are refused.' };
  }
  return null;
}

/** Compares the media type and ignores its parameters. */
export function hasType(request: Pick<IncomingMessage, 'headers'>, type: string): boolean {
  return request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === type;
}
