import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      // The real main process boots over a fake of the module; Electron's binary is never needed.
      {
        find: /^electron$/,
        replacement: fileURLToPath(new URL('tests/hosts/fake-electron.ts', import.meta.url)),
      },
    ],
  },
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    reporters: ['default', './tests/closingReporter.ts'],
    // Real processes, servers and browsers, two test files at a time, on machines that may be busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
