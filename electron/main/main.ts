import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  ipcMain,
  type IpcMainInvokeEvent,
  Menu,
  protocol,
  session,
  utilityProcess,
} from 'electron';
import { dataFolder } from '../hosts/data-folder.ts';
import { sweepInbox } from '../hosts/upload.ts';
import { type CoreLink, linkCore } from './core-link.ts';
import { appOrigin, createProtocol } from './protocol.ts';
import { runSmoke } from './smoke.ts';
import { confine, createWindow, lockSession } from './window.ts';

const folder = dataFolder(process.platform, process.env);
const smoke = process.argv.includes('--smoke');
const built = (...parts: string[]) => join(app.getAppPath(), 'dist', ...parts);
const log = (line: string) => process.stderr.write(`${line}\n`);

let window: BrowserWindow | null = null;
let core: CoreLink | null = null;

app.enableSandbox();
// Before the lock: the lock belongs to this folder, so each data folder has one window.
app.setPath('userData', join(folder, 'electron'));
protocol.registerSchemesAsPrivileged([
  {
    scheme: 'app',
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
  },
]);

if (app.requestSingleInstanceLock()) {
  app.on('web-contents-created', (_event, contents) => confine(contents));
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', quit);
  ipcMain.handle('outlay:call', answerCall);
  app.whenReady().then(start).catch(fail);
} else {
  app.quit();
}

async function start(): Promise<void> {
  // The default menu links to Electron's own pages; only macOS needs a menu, for its edit keys.
  Menu.setApplicationMenu(
    process.platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  );
  lockSession(session.defaultSession);
  await sweepInbox(folder, Date.now());
  protocol.handle('app', createProtocol(built('renderer'), folder));
  const child = utilityProcess.fork(built('main', 'core-process.js'), [folder, app.getVersion()], {
    serviceName: 'Outlay core',
  });
  core = linkCore(child, (name, body) => window?.webContents.send('outlay:event', name, body), log);
  window = createWindow(built('preload', 'preload.cjs'));
  window.on('closed', () => {
    window = null;
  });
  await window.loadURL(`${appOrigin}/`);
  if (smoke) {
    process.stdout.write(`${await runSmoke(window.webContents)}\n`);
    app.quit();
  }
}

/** Only the top frame of our own window, on our own page, is answered. */
function answerCall(event: IpcMainInvokeEvent, name: unknown, input: unknown) {
  const frame = event.senderFrame;
  const own =
    frame !== null &&
    frame === window?.webContents.mainFrame &&
    frame.url.startsWith(`${appOrigin}/`);
  if (!own || core === null) throw new Error('A call from outside the window is refused.');
  return core.call(String(name), input);
}

/** Holds the end back until the core has closed its database. */
function quit(event: { preventDefault: () => void }): void {
  const closing = core;
  if (closing === null) return;
  event.preventDefault();
  core = null;
  void closing
    .close()
    .then(() => sweepInbox(folder, Date.now()))
    .finally(() => app.quit());
}

function fail(error: unknown): void {
  log(`Outlay did not start: ${error instanceof Error ? error.message : String(error)}`);
  app.exit(1);
}
