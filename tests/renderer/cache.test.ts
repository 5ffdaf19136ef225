import { describe, expect, it } from 'vitest';
import type { Call } from '../../shared/contract/contract.ts';
import { createCache } from '../../renderer/data/cache.ts';

/** A core whose answers are given by hand, in any order. */
function heldCore() {
  const asked: { name: string; input: unknown; answer: (value: unknown) => void }[] = [];
  const call = ((name: string, input: unknown) =>
    new Promise((resolve) => asked.push({ name, input, answer: resolve }))) as unknown as Call;
  return { call, asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

const jobs = { ok: true, value: { jobs: [] } };

describe('the cache of calls', () => {
  it('asks once for the same name and input, however many look', async () => {
    const { call, asked } = heldCore();
    const cache = createCache(call);
    let told = 0;
    const leave = cache.subscribe('jobs.list', {}, () => told++);
    cache.subscribe('jobs.list', {}, () => told++);
    expect(asked).toHaveLength(1);
    expect(cache.pending()).toBe(1);
    asked[0]?.answer(jobs);
    await settled();
    expect(cache.read('jobs.list', {})).toEqual({
      data: { jobs: [] },
      error: null,
      pending: false,
    });
    expect(cache.pending()).toBe(0);
    expect(told).toBeGreaterThanOrEqual(2);
    leave();
    cache.subscribe('jobs.list', {}, () => {});
    expect(asked).toHaveLength(1);
  });

  it('keeps the old answer while it asks again, and drops answers that come too late', async () => {
    const { call, asked } = heldCore();
    const cache = createCache(call);
    cache.subscribe('jobs.list', {}, () => {});
    asked[0]?.answer(jobs);
    await settled();
    cache.refresh();
    expect(cache.read('jobs.list', {})).toEqual({ data: { jobs: [] }, error: null, pending: true });
    cache.refresh();
    asked[2]?.answer({ ok: true, value: { jobs: ['new'] } });
    await settled();
    asked[1]?.answer({ ok: true, value: { jobs: ['late'] } });
    await settled();
    expect(cache.read('jobs.list', {}).data).toEqual({ jobs: ['new'] });
  });

  it('keeps the last good answer beside a refusal and answers a broken connection as one', async () => {
    const { call, asked } = heldCore();
    const cache = createCache(call);
    cache.subscribe('jobs.list', {}, () => {});
    asked[0]?.answer(jobs);
    await settled();
    cache.refresh();
    asked[1]?.answer({ ok: false, error: { code: 'LOCKED', message: 'busy' } });
    await settled();
    expect(cache.read('jobs.list', {})).toEqual({
      data: { jobs: [] },
      error: { code: 'LOCKED', message: 'busy' },
      pending: false,
    });

    const broken = createCache(() => Promise.reject(new Error('gone')));
    broken.subscribe('jobs.list', {}, () => {});
    await settled();
    expect(broken.read('jobs.list', {}).error).toMatchObject({ code: 'INTERNAL', message: 'gone' });
    expect(broken.pending()).toBe(0);
  });

  it('forgets what nobody looks at when the data changes', async () => {
    const { call, asked } = heldCore();
    const cache = createCache(call);
    cache.subscribe('jobs.list', {}, () => {})();
    asked[0]?.answer(jobs);
    await settled();
    cache.refresh();
    expect(asked).toHaveLength(1);
    expect(cache.read('jobs.list', {}).data).toBeNull();
  });
});
