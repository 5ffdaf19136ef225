import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStore } from '../../electron/core/store/open.ts';
import {
  createGpuHours,
  measuredHours,
  packHours,
  subjectsOf,
  unpackHours,
} from '../../electron/core/workloads/gpu-hours.ts';
import { keepGpuHours } from '../../electron/core/workloads/keep-gpu-hours.ts';
import { listResources } from '../../electron/core/telemetry/queries.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const start = Date.parse('2026-10-30T22:00:00Z');
const log = (from: number, level: number) =>
  [
    'timestamp, uuid, utilization.gpu [%], memory.used [MiB]',
    ...Array.from({ length: 300 }, (_, i) => {
      const at = new Date(start + (from + i) * 60_000).toISOString().slice(0, 19).replace('T', ' ');
      return `${at.replaceAll('-', '/')}.000, GPU-a, ${(level + i) % 100} %, 1024 MiB`;
    }),
  ].join('\n');

describe('how busy a GPU was', () => {
  test('what is kept is what was measured, and is forgotten where more comes', async () => {
    const bring = async (name: string, text: string) =>
      place.call('telemetry.import', {
        job: name.replace('.', '-'),
        paths: [place.file(name, text)],
        host: 'h1',
      });
    await bring('one.csv', log(0, 10));
    const db = openStore(place.data, new Date());
    try {
      const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
      expect([count('gpu_hours_stale'), Number(count('gpu_hours')) > 0]).toEqual([0, true]);
      const all = listResources(db);
      const [subject] = subjectsOf(all);
      if (!subject) throw new Error('nothing was measured');
      const day = Math.floor(start / 86_400_000);
      const read = () => {
        const steps = createGpuHours(db, all).read(subject, { firstDay: day, lastDay: day + 1 });
        for (;;) {
          const step = steps.next();
          if (step.done) return step.value;
        }
      };
      const block = Math.floor(day / 32);
      const fresh = measuredHours(db, subject, block);
      if (!fresh) throw new Error('no hours');
      expect(unpackHours(packHours(fresh, block), block)).toEqual(fresh);
      expect(read()[0]).toEqual(fresh);
      // Behind the back of any job: the mark is the store's own.
      db.exec('UPDATE telemetry_day SET samples = samples');
      expect(Number(count('gpu_hours_stale'))).toBeGreaterThan(0);
      db.exec('DELETE FROM gpu_hours');
      expect(read()[0]).toEqual(fresh);
      await keepGpuHours(db);
      expect(count('gpu_hours_stale')).toBe(0);
      expect(read()[0]).toEqual(fresh);
      await bring('two.csv', log(300, 50));
      const hours = read().reduce((sum, { hour }) => sum + hour.length, 0);
      expect(hours).toBeGreaterThan(fresh.hour.length);
    } finally {
      db.close();
    }
  });
});
