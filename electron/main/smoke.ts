import type { WebContents } from 'electron';

/**
 * What a release runner executes (`--smoke`): one call from the page, through the preload and
 * the core, down to SQLite's own version. Answers a line to print; throws where a link is broken.
 */
export async function runSmoke(contents: WebContents): Promise<string> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('no answer within 30 s')), 30_000).unref();
  });
  const asked = contents.executeJavaScript('window.outlay.call("app.info", {})');
  const result = (await Promise.race([asked, late])) as {
    ok: boolean;
    value?: { sqlite?: string };
  };
  const sqlite = result.value?.sqlite;
  if (!result.ok || !/^3\.\d+/.test(sqlite ?? '')) {
    throw new Error(`app.info answered ${JSON.stringify(result)}`);
  }
  return `smoke: window, preload, core and SQLite ${sqlite} answer`;
}
