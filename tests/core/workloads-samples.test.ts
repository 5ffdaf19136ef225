import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { type Exact, exactOf, formatExact } from '../../shared/domain/exact.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const sum = (amounts: readonly (string | null)[]): string =>
  formatExact(amounts.reduce<Exact>((total, one) => total + exactOf(one ?? '0'), 0n));

/** Real bills, and the workloads or purposes that one finds in them by reading them. */
const bills: { path: string[]; finds?: string[] }[] = [
  { path: ['focus-sample', 'focus_1.0_sample_a.csv'] },
  { path: ['aws-cur2', 'export-a'] },
  { path: ['aws-cur2', 'cur2_small.csv'] },
  { path: ['aws-cur-legacy', 'anonymous-ca-2023-11.csv'] },
  { path: ['aws-cur-legacy', 'generated-2018'] },
  { path: ['aws-cur-legacy', 'small', '2023-06-01.csv'] },
  { path: ['gcp-billing-export'] },
  {
    path: ['focus-spec', 'examples-1.3-and-later', 'multi_model_usage.csv'],
    finds: ['managed-api'],
  },
];

describe('real bills', () => {
  for (const { path, finds } of bills) {
    sampleDataTest(
      `${path.join('/')}: purposes add up to the exact total of each currency`,
      async () => {
        const loads = await place.load(sampleDataPath(...path));
        expect(loads.some(({ status }) => status === 'loaded')).toBe(true);
        for (const metric of ['billed', 'effective'] as const) {
          const { totals } = await place.call('costs.query', { metric });
          for (const total of totals) {
            const answer = await place.call('workloads.overview', {
              metric,
              currency: total.currency,
            });
            expect(answer.total).toEqual(total);
            expect(sum(answer.purposes.map(({ cost }) => cost))).toBe(total.cost ?? '0');
            expect(
              sum([
                ...answer.workloads.map(({ cost }) => cost),
                answer.restCost,
                answer.unassigned.cost,
              ]),
            ).toBe(answer.ai.cost ?? '0');
            for (const row of answer.workloads) expect(row.reason, row.id).toMatch(/\.$/);
            const found = answer.purposes.map(({ purpose }) => purpose);
            for (const purpose of finds ?? []) expect(found).toContain(purpose);
          }
        }
      },
    );
  }

  sampleDataTest('tokens of FOCUS 1.3, by model, direction and cache', async () => {
    const folder = ['focus-spec', 'examples-1.3-and-later'];
    await place.load([
      sampleDataPath(...folder, 'ai_prompt_caching_a.csv'),
      sampleDataPath(...folder, 'multi_model_usage.csv'),
    ]);
    const { rows, otherCost } = await place.call('workloads.tokens', { metric: 'billed' });
    const shown = rows.map(({ model, tokenClass, tokens, cost, perMillion }) =>
      [model, tokenClass, tokens, cost, perMillion].join(' '),
    );
    expect(otherCost).toBeNull();
    expect(shown.sort()).toEqual([
      'solora-atlas-5.4-mini output 500000 2.25 4.5',
      'solora-atlas-5.4-mini uncached 3000000 2.25 0.75',
      'solora-atlas-5.5 output 2000000 50 25',
      'solora-atlas-5.5 uncached 10000000 50 5',
      'solora-reasoning-pro cache-read 8000000 2.4 0.3',
      'solora-reasoning-pro cache-write 2000000 7.5 3.75',
      'solora-reasoning-pro output 1500000 22.5 15',
      'solora-reasoning-pro uncached 500000 1.5 3',
    ]);
  });
});
