import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DoctorCheck } from '../../shared/contract/app.ts';
import { browserCandidates } from './browser.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What only a host can see: the browser, Electron, and the names of credentials that are set. */
export function hostChecks(platform: NodeJS.Platform, env: Env): DoctorCheck[] {
  return [browser(platform, env), electron(), credentials(env)];
}

function browser(platform: NodeJS.Platform, env: Env): DoctorCheck {
  const found = browserCandidates(platform, env).find((path) => existsSync(path));
  return found
    ? { name: 'browser', status: 'ok', detail: found }
    : {
        name: 'browser',
        status: 'warning',
        detail: 'no Chrome, Chromium, Edge or Brave; OUTLAY_BROWSER can name one',
      };
}

function electron(): DoctorCheck {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    const program = join(folder, 'path.txt');
    return existsSync(program)
      ? { name: 'electron', status: 'ok', detail: version }
      : {
          name: 'electron',
          status: 'warning',
          detail: `${version} is not downloaded; the window opens in a browser instead`,
        };
  } catch {
    return { name: 'electron', status: 'warning', detail: 'not installed' };
  }
}

/** Names only: a value never leaves the environment. */
function credentials(env: Env): DoctorCheck {
  const names = [
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'GOOGLE_APPLICATION_CREDENTIALS',
  ].filter((name) => env[name] !== undefined && env[name] !== '');
  return {
    name: 'credentials',
    status: 'ok',
    detail: names.length > 0 ? `set: ${names.join(', ')}` : 'none set; files need none',
  };
}
