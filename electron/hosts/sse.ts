import type { ServerResponse } from 'node:http';
import { eventNames } from '../../shared/contract/inputs.ts';
import type { Core } from '../core/api.ts';
import { securityHeaders } from './rules.ts';

/** A comment line this often tells a dead connection from a quiet one. */
const beatMs = 15_000;

/** A reader that lets this much pile up is cut off; it reconnects and asks again. */
const backlogBytes = 4 * 1024 * 1024;

/** Carries the core's events to one window until it goes; the answer ends the stream. */
export function streamEvents(core: Core, response: ServerResponse): () => void {
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
  });
  const write = (text: string) => {
    if (response.writableLength > backlogBytes) response.destroy();
    else response.write(text);
  };
  const stops = eventNames.map((name) =>
    core.on(name, (body) => write(`event: ${name}\ndata: ${JSON.stringify(body)}\n\n`)),
  );
  const beat = setInterval(() => write(':\n\n'), beatMs);
  response.on('close', () => {
    clearInterval(beat);
    for (const stop of stops) stop();
  });
  // The reader may rely on every event after this line.
  write(':\n\n');
  return () => response.end();
}
