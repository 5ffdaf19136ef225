import { randomBytes } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { contentPolicy, securityHeaders } from './rules.ts';

export interface FileAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer>;
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Names as the bundler writes them: no leading dot, no backslash, nothing left to decode. */
const plainPath = /^(?:\/[\w@~+-][\w@~+.-]*)+$/;

/**
 * One file of the built renderer, for the local server and the app:// protocol alike.
 * @param path the path of the address, still percent-encoded
 */
export async function answerFile(rendererFolder: string, path: string): Promise<FileAnswer> {
  const name = path === '/' ? '/index.html' : path;
  const type = types[extname(name).toLowerCase()];
  if (!plainPath.test(name) || type === undefined) return notFound;
  let body: Buffer<ArrayBuffer>;
  try {
    const root = await realpath(rendererFolder);
    const file = await realpath(join(root, name));
    // A link inside the folder may not lead out of it either.
    if (!file.startsWith(root + sep)) return notFound;
    body = await readFile(file);
  } catch {
    return notFound;
  }
  if (type.startsWith('text/html')) return page(body.toString('utf8'), type);
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'content-type': type,
      // The bundler puts a hash of the content into these names.
      'cache-control': name.startsWith('/assets/')
        ? 'private, max-age=31536000, immutable'
        : 'no-store',
      // An SVG opened by itself is a document.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    body,
  };
}

/** A page with its own nonce in the policy and in the meta tag that the renderer reads. */
function page(html: string, type: string): FileAnswer {
  const nonce = randomBytes(16).toString('base64');
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'content-type': type,
      'cache-control': 'no-store',
      'content-security-policy': contentPolicy(nonce),
    },
    body: html.replace('</head>', () => `<meta name="csp-nonce" content="${nonce}"></head>`),
  };
}

const notFound: FileAnswer = {
  status: 404,
  headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' },
  body: 'There is no such file.\n',
};
