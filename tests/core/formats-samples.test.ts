import { readFileSync } from 'node:fs';
import { afterAll, expect, vi } from 'vitest';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Made by tests/fixtures/sample-data.py, which shares nothing with the product. */
interface Case {
  file: string;
  options?: { currency?: string; dateOrder?: 'mdy' };
  refused?: string;
  format?: string;
  version?: string;
  charges?: number;
  totals?: Record<string, string | null>[];
}

const cases = JSON.parse(
  readFileSync(new URL('../fixtures/sample-data.json', import.meta.url), 'utf8'),
) as Case[];

/** One for all that is refused: nothing of it may be kept. */
let refusals: Workspace | null = null;
afterAll(() => refusals?.close());

for (const { file, options = {}, refused, format, version, charges, totals } of cases) {
  const said = Object.entries(options).map(([name, value]) => ` with ${name} ${value}`);
  const outcome = refused ?? `${format} ${version}`;
  sampleDataTest(`${file}${said.join('')}: ${outcome}`, async () => {
    const path = sampleDataPath(...file.split('/'));
    if (refused) {
      refusals ??= workspace();
      const answer = await refusals.call('import.run', { job: 'one', paths: [path], ...options });
      const { loads, others } = answer;
      if (file.startsWith('prices/') && others.length === 1) {
        // No bill: it went to the reader of price lists, which takes it or says what it lacks.
        expect(others).toMatchObject([{ kind: 'prices' }]);
        expect(others[0]?.status === 'loaded' || others[0]?.reason).toBeTruthy();
        expect(loads).toEqual([]);
        expect(await refusals.call('sources.get', {})).toMatchObject({ sources: [] });
        return;
      }
      expect(loads).toMatchObject([{ status: 'refused', code: refused, rowsKept: 0 }]);
      expect(loads[0]?.hint).toBeTruthy();
      expect(await refusals.call('sources.get', {})).toMatchObject({ sources: [] });
      return;
    }
    const place = workspace();
    try {
      const loads = await place.load(path, options);
      expect(loads).toHaveLength(1);
      expect(loads[0]).toMatchObject({ status: 'loaded', format, version, rowsKept: charges });
      expect(loads[0]?.totals).toEqual(totals);
    } finally {
      await place.close();
    }
  });
}
