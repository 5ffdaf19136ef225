import { posix, win32 } from 'node:path';

/** Where everything is kept; `OUTLAY_DATA` wins, else the platform's place for application data. */
export function dataFolder(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const path = platform === 'win32' ? win32 : posix;
  if (env['OUTLAY_DATA']) return path.resolve(env['OUTLAY_DATA']);
  if (platform === 'win32') {
    const local =
      env['LOCALAPPDATA'] || path.join(env['USERPROFILE'] ?? 'C:\\', 'AppData', 'Local');
    return path.join(local, 'Outlay');
  }
  const home = env['HOME'] || '/';
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Outlay');
  // The XDG rules: a relative value is to be ignored.
  const xdg = env['XDG_DATA_HOME'];
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'share');
  return path.join(base, 'outlay');
}
