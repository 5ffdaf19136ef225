import { eventNames } from '../../shared/contract/inputs.ts';
import { errorBody, type Result } from '../../shared/contract/errors.ts';
import { type Core, openCore } from '../core/api.ts';
import { dispatchUploads } from '../hosts/upload.ts';
import type { FromCore, ToCore } from './core-link.ts';

/** The utility process: opens the core and carries messages, so that the window never waits. */
const port = process.parentPort;
const post = (message: FromCore) => port.postMessage(message);

const [dataFolder = '', appVersion = ''] = process.argv.slice(2);
let core: Core | null = null;
let dispatch: Core['dispatch'];
try {
  core = openCore({
    dataFolder,
    appVersion,
    workerUrl: new URL('worker.js', import.meta.url),
    now: () => new Date(),
    log: (line) => post({ kind: 'log', line }),
  });
  for (const name of eventNames) {
    core.on(name, (body) => post({ kind: 'event', name, body }));
  }
  dispatch = dispatchUploads(core, dataFolder);
} catch (error) {
  // A database that cannot be opened is said in the window, as the answer to all it asks.
  const refused: Result<unknown> = { ok: false, error: errorBody(error) };
  dispatch = () => Promise.resolve(refused);
}

// What the window asked before this line is queued by the port.
port.on('message', ({ data }: { data: ToCore }) => {
  if (data.kind === 'close') {
    void (core?.close() ?? Promise.resolve()).finally(() => process.exit(0));
  } else {
    void dispatch(data.name, data.input).then((result) =>
      post({ kind: 'answer', id: data.id, result }),
    );
  }
});
