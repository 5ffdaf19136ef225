/** The entry of the job thread: its source, or its bundle beside the bundle this file is part of. */
export const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../core/jobs/worker.ts' : './worker.js',
  import.meta.url,
);
