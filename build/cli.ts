import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'vite';
import { bundleFolder, sourceStamp, stampFile } from './stamp.js';

/** What the first figures need goes into one file: each file more costs a millisecond at start. */
const first = [
  'electron/hosts/cli.ts',
  'electron/hosts/cli-commands.ts',
  'electron/core/api.ts',
  'shared/contract/costs-query.ts',
];

/** Bundles the command line with its core, and the job thread, for `build/outlay.js` to run. */
export async function buildCli(root: string): Promise<void> {
  rmSync(join(root, bundleFolder), { recursive: true, force: true });
  // Taken before: a source that is edited meanwhile makes the bundle stale.
  const stamp = sourceStamp(root);
  await bundle(root, { cli: join(root, 'electron/hosts/cli.ts') }, true);
  // On its own, so that it shares no file with the command line and splits none of it.
  await bundle(root, { worker: join(root, 'electron/core/jobs/worker.ts') }, false);
  writeFileSync(join(root, stampFile), stamp);
}

async function bundle(root: string, input: Record<string, string>, grouped: boolean) {
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    plugins: [ownSqlite(root), builtinsAtOnce()],
    ssr: {
      noExternal: ['zod', 'better-sqlite3', '@duckdb/node-api'],
      external: ['@duckdb/node-bindings', 'echarts'],
    },
    build: {
      ssr: true,
      target: 'node24',
      outDir: bundleFolder,
      emptyOutDir: false,
      minify: true,
      rolldownOptions: {
        input,
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          ...(grouped ? { codeSplitting: { groups: [firstGroup(root)] } } : {}),
        },
      },
    },
  });
}

interface ModuleGraph {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null;
}

/** One chunk of `first` and all that these import before they can run. */
function firstGroup(root: string) {
  let together: Set<string> | null = null;
  return {
    debugName: 'first figures',
    name: (id: string, graph: ModuleGraph) => {
      if (together === null) {
        const reached = new Set<string>();
        const visit = (module: string) => {
          if (reached.has(module)) return;
          reached.add(module);
          for (const next of graph.getModuleInfo(module)?.importedIds ?? []) visit(next);
        };
        for (const file of first) visit(join(root, file));
        together = reached;
      }
      return together.has(id) ? 'first' : null;
    },
  };
}

/** better-sqlite3 finds its native part beside its own files; the bundle knows where these are. */
function ownSqlite(root: string): Plugin {
  return {
    name: 'outlay:sqlite',
    transform(code, id) {
      if (!/better-sqlite3[\\/]lib[\\/]binding\.js$/.test(id)) return null;
      const folder = relative(join(root, bundleFolder), dirname(id)).replaceAll('\\', '/');
      return `const __dirname = require('node:path').join(import.meta.dirname, '${folder}');\n${code}`;
    },
  };
}

/**
 * Takes Node's own modules as `require` does. Importing one makes Node read every export of it,
 * also those that load further modules when read: node:util alone costs 5 ms.
 */
function builtinsAtOnce(): Plugin {
  return {
    name: 'outlay:builtins',
    generateBundle(_options, bundled) {
      for (const chunk of Object.values(bundled)) {
        if (chunk.type !== 'chunk') continue;
        chunk.code = chunk.code.replaceAll(
          /\bimport\s*\{([^}]*)\}\s*from\s*"(node:[\w/]+)";/g,
          (_, names: string, module: string) =>
            `const{${names.replaceAll(/\s+as\s+/g, ':')}}=process.getBuiltinModule("${module}");`,
        );
      }
    },
  };
}
