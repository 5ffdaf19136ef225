import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { refuse } from './http-json.ts';
import { securityHeaders } from './rules.ts';

/** Names that an export of the window gives its files: no folder, nothing else of the data. */
const exportName = /^focus-\d{4}-\d{2}-\d{2}\.(csv|csv\.gz|parquet)$/;

/** Streams one file of the folder of exports, so that a person can save a copy of it elsewhere. */
export async function answerExport(
  dataFolder: string,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A link could lead out of the folder. (Windows has no such flag, and links only for admins.)
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
  const file = exportName.test(name)
    ? await open(join(dataFolder, 'exports', name), flags).catch(() => null)
    : null;
  try {
    const info = await file?.stat();
    if (!file || !info?.isFile()) {
      const hint = 'Export again; what is loaded is unchanged.';
      refuse(request, response, 404, 'NOT_FOUND', `There is no export ${name}.`, {}, hint);
      return;
    }
    response.writeHead(200, {
      ...securityHeaders,
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'content-length': info.size,
    });
    // What is written behind its end meanwhile is another export's.
    const end = Math.max(0, info.size - 1);
    if (info.size === 0) response.end();
    else await pipeline(file.createReadStream({ end, autoClose: false }), response);
  } catch (error) {
    // The window that asked is gone, or the disk is; there is no answer left to change.
    if (response.headersSent) response.destroy();
    else throw error;
  } finally {
    await file?.close();
  }
}
