import { contextBridge, ipcRenderer } from 'electron';

type Listener = (body: unknown) => void;

/** All that the page can reach: a call, and a subscription that answers how to end it. */
contextBridge.exposeInMainWorld('outlay', {
  call: (name: string, input: unknown): Promise<unknown> =>
    ipcRenderer.invoke('outlay:call', name, input),
  on: (name: string, listener: Listener): (() => void) => {
    const receive = (_event: unknown, event: string, body: unknown) => {
      if (event === name) listener(body);
    };
    ipcRenderer.on('outlay:event', receive);
    return () => ipcRenderer.off('outlay:event', receive);
  },
});
