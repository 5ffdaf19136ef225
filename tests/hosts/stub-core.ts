import type { CallName, Handlers } from '../../shared/contract/contract.ts';
import { contract } from '../../shared/contract/contract.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import type { Core } from '../../electron/core/api.ts';
import { createDispatch } from '../../electron/core/dispatch.ts';
import { createEmitter, type Emitter } from '../../electron/core/events.ts';

export interface StubCore extends Core {
  emit: Emitter['emit'];
  /** How many listeners are subscribed. */
  listening: () => number;
  /** Defects that reached the gate. */
  defects: unknown[];
}

/** The real gate and the real fan-out over handlers of the test; the others refuse. */
export function stubCore(handlers: Partial<Handlers> = {}): StubCore {
  const defects: unknown[] = [];
  const emitter = createEmitter((error) => defects.push(error));
  const all = Object.fromEntries(
    (Object.keys(contract) as CallName[]).map((name) => [
      name,
      handlers[name] ??
        (() => {
          throw new OutlayError('NO_DATA', `${name} has nothing to answer.`, 'Import a bill.');
        }),
    ]),
  ) as unknown as Handlers;
  const gate = createDispatch(
    all,
    (error) => error,
    (error) => defects.push(error),
  );
  let listening = 0;
  return {
    ...gate,
    emit: emitter.emit,
    on(name, listener) {
      listening += 1;
      const stop = emitter.on(name, listener);
      return () => {
        listening -= 1;
        stop();
      };
    },
    listening: () => listening,
    defects,
    close: async () => {},
  };
}

export const infoAnswer = {
  version: '0.1.0',
  node: '24.21.0',
  sqlite: '3.51.0',
  dataFolder: '/data',
  readOnly: null,
  databaseBytes: 4096,
  detailBytes: 0,
  data: null,
};
