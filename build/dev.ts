import { readFile } from 'node:fs/promises';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, type ViteDevServer } from 'vite';
import type { Core } from '../electron/core/api.ts';
import { securityHeaders } from '../electron/hosts/rules.ts';
import { serve } from '../electron/hosts/serve.ts';

/** `npm run dev`: the window host on the sources, with hot replacement and the sample company. */
const root = fileURLToPath(new URL('..', import.meta.url));

// Only here: Vite and React's refresh write inline scripts and styles and open a socket.
const policy =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws:";

async function pages(server: Server): Promise<RequestListener> {
  const vite = await createServer({
    configFile: join(root, 'vite.config.ts'),
    appType: 'custom',
    server: { middlewareMode: true, hmr: { server }, allowedHosts: ['127.0.0.1'] },
  });
  server.on('close', () => void vite.close());
  return (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('content-security-policy', policy);
    vite.middlewares(request, response, () => void sendPage(vite, response));
  };
}

async function sendPage(vite: ViteDevServer, response: ServerResponse): Promise<void> {
  const html = await readFile(join(root, 'renderer', 'index.html'), 'utf8');
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(await vite.transformIndexHtml('/', html));
}

async function loadSample(core: Core): Promise<void> {
  const info = await core.call('app.info', {});
  if (info.ok && info.value.data !== null) return;
  console.log('Loading the sample company.');
  const answer = await core.call('import.sample', { job: 'dev-sample' });
  if (!answer.ok) console.error(answer.error.message);
}

await serve({
  dataFolder: process.env['OUTLAY_DATA'] ?? join(root, '.outlay', 'dev'),
  port: process.env['PORT'] ? Number(process.env['PORT']) : undefined,
  open: !process.argv.includes('--no-open'),
  log: (line) => console.log(line),
  pages,
  prepare: loadSample,
});
