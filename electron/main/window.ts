import { BrowserWindow, type Session, shell, type WebContents } from 'electron';
import { appOrigin } from './protocol.ts';

/** Sites that a link in the window may open, in the user's own browser. */
const linkOrigins = ['https://focus.finops.org', 'https://docs.aws.amazon.com'];

/** The one window: the page has no Node, no other page, and only the preload's two functions. */
export function createWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Outlay',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  return window;
}

function stay(event: { preventDefault: () => void; url: string }): void {
  if (event.url !== `${appOrigin}/` && !event.url.startsWith(`${appOrigin}/#`)) {
    event.preventDefault();
  }
}

/** For every web contents that is ever made: it stays on our page and opens nothing. */
export function confine(contents: WebContents): void {
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Copying an error's details is a click in our own page; it reads nothing. */
function allowed(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** No permission but copying text, and no request to any network. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(allowed(permission)),
  );
  session.setPermissionCheckHandler((_contents, permission) => allowed(permission));
  session.setDevicePermissionHandler(() => false);
  const remote = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'] };
  session.webRequest.onBeforeRequest(remote, (_details, answer) => answer({ cancel: true }));
}

function isAllowedLink(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && linkOrigins.includes(parsed.origin) && parsed.username === '';
}
