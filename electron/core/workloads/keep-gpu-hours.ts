import { giveWay } from '../store/give-way.ts';
import type { WritableDb } from '../store/open.ts';
import { listResources } from '../telemetry/queries.ts';
import { measuredHours, packHours, type Subject, subjectsOf } from './gpu-hours.ts';

/** A transaction is not open longer; others may write between two. */
const togetherMs = 50;

/**
 * Works out how busy the GPUs were in the days that a job has brought telemetry of, or taken it from,
 * so that whoever looks next finds it done. What was given up is worked out by the reader.
 */
export async function keepGpuHours(db: WritableDb, signal?: AbortSignal): Promise<void> {
  const stale = Map.groupBy(
    db.prepare('SELECT resource_id AS id, block FROM gpu_hours_stale').all() as {
      id: number;
      block: number;
    }[],
    ({ id }) => id,
  );
  if (stale.size === 0) return;
  const work = subjectsOf(listResources(db)).flatMap((subject) => {
    const blocks = subject.resources.flatMap(({ id }) => stale.get(id) ?? []);
    return [...new Set(blocks.map(({ block }) => block))].map((block) => ({ subject, block }));
  });
  const keep = keeper(db);
  for (let next = 0; next < work.length; ) {
    if (signal?.aborted) return;
    db.transaction(() => {
      const until = performance.now() + togetherMs;
      for (; next < work.length && performance.now() < until; next++) {
        const one = work[next];
        if (one) keep(one.subject, one.block);
      }
    }).immediate();
    await giveWay();
  }
  // Of what is measured no more.
  db.prepare(
    'DELETE FROM gpu_hours_stale WHERE resource_id NOT IN (SELECT id FROM telemetry_resource)',
  ).run();
}

function keeper(db: WritableDb): (subject: Subject, block: number) => void {
  const put = db.prepare(
    'INSERT INTO gpu_hours VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data',
  );
  const drop = db.prepare('DELETE FROM gpu_hours WHERE subject = ? AND block = ?');
  const done = db.prepare('DELETE FROM gpu_hours_stale WHERE resource_id = ? AND block = ?');
  return (subject, block) => {
    const hours = measuredHours(db, subject, block);
    if (hours) put.run(subject.name, block, packHours(hours, block));
    else drop.run(subject.name, block);
    for (const { id } of subject.resources) done.run(id, block);
  };
}
