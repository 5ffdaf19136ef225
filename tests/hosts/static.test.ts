import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerFile } from '../../electron/hosts/static.ts';

let root: string;
let renderer: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'outlay-static-'));
  renderer = join(root, 'renderer');
  mkdirSync(join(renderer, 'assets'), { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<html><head></head><body>page</body></html>');
  writeFileSync(join(renderer, 'assets', 'index-Ab_1.js'), 'export {};');
  writeFileSync(join(renderer, '.env'), 'SECRET');
  writeFileSync(join(renderer, '.hidden.js'), 'SECRET');
  mkdirSync(join(renderer, '.git'));
  writeFileSync(join(renderer, '.git', 'a.js'), 'SECRET');
  writeFileSync(join(renderer, 'assets', 'data.bin'), 'SECRET');
  writeFileSync(join(root, 'secret.js'), 'SECRET');
  mkdirSync(join(root, 'renderer-2'));
  writeFileSync(join(root, 'renderer-2', 'secret.js'), 'SECRET');
  symlinkSync(join(root, 'secret.js'), join(renderer, 'assets', 'link.js'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('answers the page with a fresh nonce in the policy and in the meta tag', async () => {
  const nonces = new Set<string>();
  for (const path of ['/', '/index.html', '/']) {
    const answer = await answerFile(renderer, path);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const nonce = /<meta name="csp-nonce" content="([^"]+)"><\/head>/.exec(
      String(answer.body),
    )?.[1];
    const policy = answer.headers['content-security-policy'] ?? '';
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(Buffer.from(nonce ?? '', 'base64')).toHaveLength(16);
    nonces.add(nonce ?? '');
  }
  expect(nonces.size).toBe(3);
});

it('has a policy without inline scripts, eval, other origins or anything unsafe', async () => {
  const policy = (await answerFile(renderer, '/')).headers['content-security-policy'] ?? '';
  const directives = Object.fromEntries(
    policy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
  );
  expect(directives).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': expect.stringMatching(/^'self' 'nonce-[\w+/=]+'$/),
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'object-src': "'none'",
  });
});

it('answers a built file with its type', async () => {
  const answer = await answerFile(renderer, '/assets/index-Ab_1.js');
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': expect.stringContaining('immutable'),
    },
  });
});

it.each([
  '/../secret.js',
  '/assets/../../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/..\\secret.js',
  '/%5c..%5csecret.js',
  '//secret.js',
  '/../renderer-2/secret.js',
  '/assets/link.js',
  '/.env',
  '/.hidden.js',
  '/.git/a.js',
  '/assets/./index-Ab_1.js',
  '/assets/data.bin',
  '/assets',
  '/assets/',
  '/index.html/',
  '/index.html\u0000.js',
  '/C:/secret.js',
  'secret.js',
  '',
])('%j is not found', async (path) => {
  const answer = await answerFile(renderer, path);
  expect(answer.status).toBe(404);
  expect(String(answer.body)).not.toContain('SECRET');
});

it('never answers a byte from outside, whatever the path', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5c',
      'secret.js',
      'renderer-2',
      'link.js',
    ),
    fc.string({ maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async (pieces) => {
      const answer = await answerFile(renderer, `/${pieces.join('')}`);
      expect(String(answer.body)).not.toContain('SECRET');
    }),
    { numRuns: 500, seed: 7 },
  );
});
