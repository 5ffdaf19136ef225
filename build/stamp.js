// Plain JavaScript: the command line reads it before anything else, on every start.

/** What the bundle of the command line is made of, and with. */
const sources = ['electron', 'shared', 'build/cli.ts', 'build/stamp.js', 'package-lock.json'];

/** Where the bundle lies, and beside it the stamp of the sources it was made from. */
export const bundleFolder = 'dist/cli';
export const stampFile = `${bundleFolder}/stamp.txt`;

/**
 * Size and time of change of every source below `root`, as text. A file that is edited, added,
 * removed or put back from a copy gives another text: a bundle with another one is not run.
 */
export function sourceStamp(root) {
  const { readdirSync, statSync } = process.getBuiltinModule('node:fs');
  const lines = [];
  const visit = (path) => {
    const info = statSync(`${root}/${path}`, { throwIfNoEntry: false });
    if (info?.isFile()) lines.push(`${path} ${info.size} ${info.ctimeMs}`);
    if (!info?.isDirectory()) return;
    for (const name of readdirSync(`${root}/${path}`).sort()) visit(`${path}/${name}`);
  };
  for (const source of sources) visit(source);
  return lines.join('\n');
}
