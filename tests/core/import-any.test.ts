import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { kindOfFile, kindOfText } from '../../electron/core/jobs/file-kinds.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const start = Date.UTC(2026, 9, 1);
const metrics = `DCGM_FI_PROF_SM_ACTIVE{gpu="0",UUID="GPU-00000001",Hostname="node-1"} 0.5 ${start}\n`;
const sheet =
  'provider,sku,region,currency,unit,purchase,price\naws,p5.48xlarge,us-east-1,USD,Hour,on-demand,49.5\n';
const rules =
  '// Ours.\n{ "rules": [{ "name": "a", "when": { "service": "*" }, "purpose": "training" }] }\n';
const usage = JSON.stringify({
  object: 'page',
  data: [
    {
      object: 'bucket',
      start_time: start / 1000,
      end_time: start / 1000 + 86_400,
      results: [
        {
          object: 'organization.usage.completions.result',
          input_tokens: 5,
          output_tokens: 7,
          model: 'gpt-5',
          batch: false,
        },
      ],
    },
  ],
});

test('a folder of mixed files: each finds its reader, whatever it is called', async () => {
  place.file('in/a.txt', focusCsv([focusRow()]));
  place.file('in/b.csv.gz', gzipSync(metrics));
  place.file('in/c.json', sheet);
  place.file('in/d.csv', usage);
  place.file('in/e.json', rules);
  place.file('in/readme.md', 'hello\n');
  const answer = await place.call('import.run', { job: 'all', paths: [join(place.folder, 'in')] });
  expect(answer.loads.map(({ file, status, code }) => [file, status, code])).toEqual([
    ['a.txt', 'loaded', undefined],
    ['e.json', 'skipped', 'NOT_A_BILL'],
    ['readme.md', 'skipped', 'NOT_A_BILL'],
  ]);
  expect(answer.loads[1]?.hint).toContain('outlay rules import e.json');
  expect(answer.others.map(({ kind, file, status, kept }) => [kind, file, status, kept])).toEqual([
    ['prices', 'c.json', 'loaded', expect.stringMatching(/^1 price, dated /)],
    ['telemetry', 'b.csv.gz', 'loaded', '1 value of 1 resource'],
    ['tokens', 'd.csv', 'loaded', '12 tokens'],
  ]);
  expect((await place.call('telemetry.list', {})).resourceCount).toBe(1);
  expect((await place.call('tokens.list', {})).counts).toHaveLength(2);
  expect((await place.call('prices.list', {})).sheets).toHaveLength(1);
  // Rules move cost for all months: not in passing.
  expect((await place.call('rules.get', {})).text).toBe('');
  const again = await place.cli('import', join(place.folder, 'in'));
  expect(again.code).toBe(0);
  expect(again.out).toContain('unchanged b.csv.gz, telemetry');
});

test('a named file of rules is refused with its command; telemetry that needs to be told, too', async () => {
  const bare = metrics.replace(/ \d+\n/, '\n');
  const [a, b] = [place.file('r.json', rules), place.file('scrape.prom', bare)];
  const answer = await place.cli('import', '--json', a, b);
  expect(answer.code).toBe(2);
  const { loads, others } = JSON.parse(answer.out) as {
    loads: { status: string; hint: string }[];
    others: { status: string; hint: string }[];
  };
  expect(loads).toMatchObject([{ status: 'refused' }]);
  expect(loads[0]?.hint).toBe(
    'See first what it would move: outlay rules check r.json. Then: outlay rules import r.json',
  );
  expect(others).toMatchObject([{ kind: 'telemetry', status: 'refused', code: 'DATE_BAD' }]);
  expect(others[0]?.hint).toContain('The command is: outlay telemetry import scrape.prom');
});

describe('what a text is', () => {
  test.each([
    ['bill', focusCsv([focusRow()])],
    ['bill', JSON.stringify([focusRow()])],
    ['bill', '{"ResultsByTime": [{"Groups": []}]}'],
    ['bill', 'SubscriptionId,MeterCategory,Cost\na,b,1\n'],
    ['bill', usage.replaceAll('usage.completions', 'costs')],
    ['bill', 'usage_date_utc,model,token_type,cost_usd\n'],
    ['bill', 'hello\n'],
    ['bill', ''],
    ['tokens', usage],
    ['tokens', '{"schemaType":"ModelInvocationLog","input":{"inputTokenCount":1}}'],
    ['tokens', '{"data":[{"starting_at":"x","results":[{"uncached_input_tokens":1}]}]}'],
    ['tokens', 'usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens\n'],
    ['tokens', 'start_time,end_time,start_time_iso,end_time_iso\n1,2,a,b\n'],
    ['prices', sheet],
    ['prices', 'instance_type,on_demand_usd_per_hour\np5.48xlarge,98.3\n'],
    ['prices', '{"offerCode":"AmazonEC2","products":{},"terms":{}}'],
    ['prices', '{"BillingCurrency":"USD","Items":[]}'],
    ['telemetry', metrics],
    ['telemetry', `# HELP x y\n${metrics}`],
    ['telemetry', '{"status":"success","data":{"resultType":"matrix","result":[]}}'],
    ['telemetry', '{"MetricDataResults": []}'],
    ['telemetry', '{"timespan":"a/b","interval":"PT1H","value":[{"timeseries":[]}]}'],
    ['telemetry', 'timestamp, index, utilization.gpu [%]\n2026/10/01 00:00:00.000, 0, 5 %\n'],
    ['telemetry', 'time,value,pod\n2026-10-01T00:00:00Z,5,a\n'],
    ['rules', rules],
    ['rules', '# ours\nrules:\n  - name: a\n'],
  ])('%s: %s', (kind, text) => {
    expect(kindOfText('file', text)).toBe(kind);
  });
});

sampleDataTest('files of other people find the reader that their folder is of', async () => {
  const kinds = async (folder: string, ending: RegExp) => {
    const found: Record<string, string> = {};
    const root = sampleDataPath(folder);
    for (const name of readdirSync(root, { recursive: true }) as string[]) {
      if (!ending.test(name)) continue;
      found[name] = await kindOfFile({ path: join(root, name), fromFolder: true });
    }
    return Object.values(found);
  };
  expect(new Set(await kinds('focus-spec/examples-1.3-and-later', /\.csv$/))).toContain('bill');
  for (const folder of ['azure-focus', 'focus-sample', 'aws-cur2', 'aws-cur-legacy']) {
    expect(new Set(await kinds(folder, /\.(csv|parquet|gz|zip)$/)), folder).toEqual(
      new Set(['bill']),
    );
  }
  expect(new Set(await kinds('cloudwatch', /GetMetric\w+\.json$/))).toEqual(new Set(['telemetry']));
});
