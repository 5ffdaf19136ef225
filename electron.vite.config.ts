import { defineConfig } from 'electron-vite';

/** The Electron layer; the renderer is built by vite.config.ts, for both hosts alike. */
export default defineConfig({
  main: {
    build: {
      outDir: 'dist/main',
      minify: true,
      // Of these schemas a call needs few; bundled, what no call needs stays away.
      externalizeDeps: { exclude: ['zod'] },
      rollupOptions: {
        input: {
          main: 'electron/main/main.ts',
          'core-process': 'electron/main/core-process.ts',
          worker: 'electron/core/jobs/worker.ts',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload',
      minify: true,
      // A sandboxed preload can require nothing but electron, so everything else goes in.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: 'electron/preload/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
});
