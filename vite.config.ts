import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window: the same files for Electron (app://) and for the local server. */
export default defineConfig(({ command }) => ({
  root: fileURLToPath(new URL('renderer', import.meta.url)),
  base: '/',
  plugins: [react()],
  // What is built is built for use, also when a test runner (NODE_ENV=test) builds it.
  define: command === 'build' ? { 'process.env.NODE_ENV': '"production"' } : {},
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    // The content policy allows neither inline scripts nor data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Both hosts run a Chromium of this year.
    target: 'chrome140',
    // ECharts is large and is read from the disk.
    chunkSizeWarningLimit: 2000,
  },
}));
