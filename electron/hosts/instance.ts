import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { OutlayError } from '../../shared/contract/errors.ts';

/** The running window host of a data folder, readable by its owner alone. */
const instanceFile = z.object({
  pid: z.int(),
  address: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)),
  control: z.string().check(z.minLength(40)),
});
export type Instance = z.infer<typeof instanceFile>;

const launchAnswer = z.object({ url: z.string(), proof: z.string() });

/**
 * Asks the server that already runs on a data folder for a launch address; null: none runs.
 * Both sides prove that they know the control key and neither sends it, so that a stranger who
 * got the port of a server that died can neither learn it nor send us to a page of his own.
 */
export async function askRunning(dataFolder: string): Promise<string | null> {
  const running = readInstance(dataFolder);
  if (running === null) return null;
  const { address, control } = running;
  const nonce = randomBytes(16).toString('base64url');
  try {
    const response = await fetch(`${address}/api/launch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: address },
      body: JSON.stringify({ nonce, proof: proof(control, `ask ${nonce}`) }),
      redirect: 'error',
      signal: AbortSignal.timeout(3_000),
    });
    const answer = launchAnswer.parse(await response.json());
    const fits = sameText(answer.proof, proof(control, `answer ${nonce} ${answer.url}`));
    return fits && answer.url.startsWith(`${address}/#`) ? answer.url : null;
  } catch {
    return null;
  }
}

/** The server's side of `askRunning`; null where the asker does not know the key. */
export function answerLaunch(
  control: string,
  body: Record<string, unknown>,
  launchUrl: () => string,
): { url: string; proof: string } | null {
  const nonce = String(body['nonce']);
  if (!sameText(String(body['proof']), proof(control, `ask ${nonce}`))) return null;
  const url = launchUrl();
  return { url, proof: proof(control, `answer ${nonce} ${url}`) };
}

/**
 * Names this process as the running server. False where another start was quicker: its file
 * then stands. What a dead server left behind has been found dead by `askRunning` and is replaced.
 */
export function claimInstance(dataFolder: string, instance: Instance, stale: Instance | null) {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const path = instancePath(dataFolder);
  const fresh = `${path}.${instance.pid}`;
  try {
    rmSync(fresh, { force: true });
    writeFileSync(fresh, JSON.stringify(instance), { flag: 'wx', mode: 0o600 });
    const there = readInstance(dataFolder);
    if (there === null || there.control === stale?.control) rmSync(path, { force: true });
    try {
      linkSync(fresh, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      // A file system without hard links.
      renameSync(fresh, path);
    }
    return true;
  } catch (error) {
    throw new OutlayError(
      'READ_ONLY',
      'The data folder cannot be written, so the window cannot start.',
      'Check the rights of the data folder, or choose another with --data or OUTLAY_DATA.',
      { cause: error },
    );
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** What the instance file says; null where there is none or it is not one. */
export function readInstance(dataFolder: string): Instance | null {
  try {
    return instanceFile.parse(JSON.parse(readFileSync(instancePath(dataFolder), 'utf8')));
  } catch {
    return null;
  }
}

/** Takes the file away again, unless it names another server by now. */
export function releaseInstance(dataFolder: string, instance: Instance): void {
  if (readInstance(dataFolder)?.control === instance.control) {
    rmSync(instancePath(dataFolder), { force: true });
  }
}

function instancePath(dataFolder: string): string {
  return join(dataFolder, 'instance.json');
}

function proof(control: string, text: string): string {
  return createHmac('sha256', control).update(text).digest('base64url');
}

function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
