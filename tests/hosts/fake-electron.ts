import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

/**
 * Stands for the electron module: records what main asks for and lets a test play Electron's
 * part. Only what main uses is here; the last line checks the names against Electron's own.
 */
export class FakeContents extends EventEmitter {
  readonly mainFrame = { url: 'app://outlay/' };
  readonly sent: unknown[][] = [];
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  /** Stands for the page: the tests of the built renderer put a real one here. */
  script: (code: string) => Promise<unknown> = async () => undefined;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
    this.openHandler = handler;
  }
  send(...message: unknown[]) {
    this.sent.push(message);
  }
  executeJavaScript(code: string) {
    return this.script(code);
  }
}

class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly loaded: string[] = [];
  readonly options: Electron.BrowserWindowConstructorOptions;
  shown = false;
  minimized = false;
  focused = 0;
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    record.windows.push(this);
    record.app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string) {
    this.loaded.push(url);
    this.emit('ready-to-show');
  }
  show() {
    this.shown = true;
  }
  focus() {
    this.focused += 1;
  }
  isMinimized() {
    return this.minimized;
  }
  restore() {
    this.minimized = false;
  }
}

export class FakeChild extends EventEmitter {
  readonly posted: unknown[] = [];
  postMessage(message: unknown) {
    this.posted.push(message);
    this.emit('posted', message);
  }
}

class FakeApp extends EventEmitter {
  readonly calls: unknown[][] = [];
  lock = true;
  root = '/app';
  exitCode: number | null = null;
  enableSandbox() {
    this.calls.push(['enableSandbox']);
  }
  setPath(...args: unknown[]) {
    this.calls.push(['setPath', ...args]);
  }
  requestSingleInstanceLock() {
    this.calls.push(['requestSingleInstanceLock']);
    return this.lock;
  }
  getAppPath() {
    return this.root;
  }
  getVersion() {
    return '0.1.0';
  }
  whenReady() {
    this.calls.push(['whenReady']);
    return Promise.resolve();
  }
  quit() {
    let prevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) this.exitCode ??= 0;
  }
  exit(code: number) {
    this.exitCode ??= code;
  }
}

type Handler = (...args: never[]) => unknown;
type Answer<T> = (answer: T) => void;

function createRecord() {
  return {
    app: new FakeApp(),
    windows: [] as FakeWindow[],
    schemes: [] as Electron.CustomScheme[],
    protocols: new Map<string, (request: Request) => Promise<Response>>(),
    ipc: new Map<string, Handler>(),
    menus: [] as unknown[],
    opened: [] as string[],
    forks: [] as { path: string; args: readonly string[]; child: FakeChild }[],
    /** Answers the child of `utilityProcess.fork`. */
    startChild: (_path: string, _args: readonly string[]): FakeChild => new FakeChild(),
    permissionRequest: null as
      | ((contents: unknown, permission: string, answer: Answer<boolean>) => void)
      | null,
    permissionCheck: null as ((contents: unknown, permission: string) => boolean) | null,
    devicePermission: null as (() => boolean) | null,
    request: null as {
      urls: string[];
      handler: (details: unknown, answer: Answer<{ cancel: boolean }>) => void;
    } | null,
  };
}

/** What main did since the module was loaded. */
export const record = createRecord();

export const app = record.app;
export const BrowserWindow = FakeWindow;
export const Menu = {
  setApplicationMenu: (menu: unknown) => record.menus.push(menu),
  buildFromTemplate: (template: unknown) => template,
};
export const ipcMain = {
  handle: (channel: string, handler: Handler) => record.ipc.set(channel, handler),
};
export const protocol = {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) =>
    record.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
    record.protocols.set(scheme, handler),
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler(handler: typeof record.permissionRequest) {
      record.permissionRequest = handler;
    },
    setPermissionCheckHandler(handler: typeof record.permissionCheck) {
      record.permissionCheck = handler;
    },
    setDevicePermissionHandler(handler: typeof record.devicePermission) {
      record.devicePermission = handler;
    },
    webRequest: {
      onBeforeRequest(
        filter: { urls: string[] },
        handler: NonNullable<typeof record.request>['handler'],
      ) {
        record.request = { urls: filter.urls, handler };
      },
    },
  },
};
export const shell = {
  openExternal: async (url: string) => {
    record.opened.push(url);
  },
};
export const utilityProcess = {
  fork(path: string, args: readonly string[]) {
    const child = record.startChild(path, args);
    record.forks.push({ path, args, child });
    return child;
  },
};

({
  app,
  BrowserWindow,
  Menu,
  ipcMain,
  protocol,
  session,
  shell,
  utilityProcess,
}) satisfies Partial<Record<keyof typeof Electron, unknown>>;
