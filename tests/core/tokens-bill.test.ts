import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { openaiDay, page } from '../builders/usage.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;
async function load(name: string, content: unknown): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const { loads } = await place.call('tokens.import', {
    job: `tokens-${++jobs}`,
    paths: [place.file(name, text)],
  });
  expect(loads).toMatchObject([{ status: 'loaded' }]);
}

const bill = (rows: Record<string, string>[]) =>
  place.file(
    `bill-${++jobs}.csv`,
    focusCsv(
      rows.map((row) =>
        focusRow({
          ProviderName: 'OpenAI',
          PublisherName: 'OpenAI',
          ServiceName: 'OpenAI API',
          ServiceCategory: 'AI and Machine Learning',
          SkuId: row['ChargeDescription'] ?? '',
          ChargePeriodStart: '2026-11-01T00:00:00Z',
          BillingPeriodStart: '2026-11-01T00:00:00Z',
          ...row,
        }),
      ),
    ),
  );
const tokensOf = async () => {
  const { rows, classes } = await place.call('workloads.tokens', { metric: 'billed' });
  return {
    rows: rows.map(({ model, tokenClass, tokens, cost, perMillion, counted: is }) => [
      model,
      tokenClass,
      tokens,
      cost,
      perMillion,
      is,
    ]),
    classes,
  };
};

test('a bill that states no tokens gets the counts; no cost is added', async () => {
  await place.load(
    bill([
      {
        BilledCost: '3',
        EffectiveCost: '3',
        ChargeDescription: 'gpt-5, output tokens',
        ConsumedQuantity: '',
        ConsumedUnit: '',
        PricingQuantity: '',
        PricingUnit: '',
      },
    ]),
  );
  expect((await tokensOf()).rows).toEqual([['gpt-5', 'output', null, '3', null, true]]);
  await load(
    'u.json',
    page(
      openaiDay('2026-11-01', {
        model: 'gpt-5',
        batch: false,
        output_tokens: 250_000,
        input_tokens: 10,
      }),
    ),
  );
  const { rows } = await tokensOf();
  // 3 over a quarter of a million; the class that no charge speaks of is not shown as free.
  expect(rows).toEqual([['gpt-5', 'output', '250000', '3', '12', true]]);
  const { total } = await place.call('workloads.overview', { metric: 'billed' });
  expect(total.cost).toBe('3');
});

test('a million tokens of a workload cost what its charges are, over the counts of its project', async () => {
  const row = (workload: string, project: string, cost: string) => ({
    BilledCost: cost,
    EffectiveCost: cost,
    SubAccountId: project,
    Tags: JSON.stringify({ workload }),
    ChargeDescription: 'gpt-5, output tokens',
    ConsumedQuantity: '',
    ConsumedUnit: '',
  });
  await place.load(bill([row('chat', 'proj_a', '3'), row('search', 'proj_b', '4')]));
  const unitsOf = async (name: string) => {
    const { workloads } = await place.call('workloads.overview', { metric: 'billed' });
    const id = workloads.find((workload) => workload.name === name)?.id ?? '';
    const { units } = await place.call('workloads.detail', { id, metric: 'billed' });
    return units.find(({ unit }) => unit === 'million-tokens');
  };
  expect(await unitsOf('chat')).toMatchObject({ perUnit: null, quantity: null });
  const of = (project_id: string, output_tokens: number) =>
    openaiDay('2026-11-01', { model: 'gpt-5', batch: false, project_id, output_tokens });
  await load('a.json', page(of('proj_a', 1_500_000)));
  // The other project is not counted: its charges stay unknown, and take nothing.
  expect(await unitsOf('chat')).toMatchObject({ perUnit: '2', quantity: '1.5', cost: '3' });
  expect(await unitsOf('search')).toMatchObject({ perUnit: null });
  await load('b.json', page(of('proj_b', 1_000_000)));
  expect(await unitsOf('search')).toMatchObject({ perUnit: '4', quantity: '1' });
  expect((await unitsOf('chat'))?.reason).toMatch(/as the vendor counts them/);
});

test('days without counts leave the tokens unknown', async () => {
  const row = {
    BilledCost: '3',
    ChargeDescription: 'gpt-5, output tokens',
    ConsumedQuantity: '',
    ConsumedUnit: '',
    PricingQuantity: '',
    PricingUnit: '',
  };
  await place.load(bill([row, { ...row, ChargePeriodStart: '2026-11-05T00:00:00Z' }]));
  await load(
    'u.json',
    page(openaiDay('2026-11-01', { model: 'gpt-5', batch: false, output_tokens: 5 })),
  );
  const { rows } = await place.call('workloads.tokens', { metric: 'billed' });
  expect(rows).toMatchObject([
    { tokens: null, note: 'Usage exports do not cover all days of these charges.' },
  ]);
});

test('a bill that states its tokens keeps them: the counts are the same ones', async () => {
  await place.load(
    bill([
      {
        BilledCost: '3',
        ChargeDescription: 'gpt-5, output tokens',
        ConsumedQuantity: '240000',
        ConsumedUnit: 'Tokens',
      },
    ]),
  );
  await load(
    'u.json',
    page(openaiDay('2026-11-01', { model: 'gpt-5', batch: false, output_tokens: 250_000 })),
  );
  const { rows, classes } = await tokensOf();
  expect(rows).toEqual([['gpt-5', 'output', '240000', '3', '12.5', true]]);
  expect(classes).toMatchObject([{ tokenClass: 'output', tokens: '240000' }]);
});

test('what no bill has a charge of is shown without a cost, and in no price', async () => {
  await place.load(
    bill([
      {
        BilledCost: '3',
        ChargeDescription: 'gpt-5, output tokens',
        ConsumedQuantity: '240000',
        ConsumedUnit: 'Tokens',
      },
    ]),
  );
  await load(
    'c.csv',
    [
      'usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens',
      '2026-11-01,claude-opus-5,0,760000',
      '',
    ].join('\n'),
  );
  const { rows, classes } = await tokensOf();
  expect(rows).toEqual([
    ['gpt-5', 'output', '240000', '3', '12.5', true],
    ['claude-opus-5', 'output', '760000', null, null, true],
  ]);
  expect(classes).toMatchObject([{ tokens: '1000000', cost: '3', perMillion: '12.5' }]);
});

test('a direct count of what a cloud resells and bills is shown and not added', async () => {
  await place.load(
    bill([
      {
        ProviderName: 'AWS',
        ServiceName: 'Amazon Bedrock',
        BilledCost: '9',
        ChargeDescription: 'Claude4.5Sonnet-output-tokens',
        ConsumedQuantity: '1000',
        ConsumedUnit: '1K tokens',
      },
    ]),
  );
  await load(
    'c.csv',
    [
      'usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens',
      '2026-11-01,claude-sonnet-4-5-20250929,0,900000',
      '',
    ].join('\n'),
  );
  const { rows, classes } = await tokensOf();
  expect(rows).toEqual([
    ['Claude4.5Sonnet', 'output', '1000000', '9', '9', true],
    ['claude-sonnet-4-5-20250929', 'output', '900000', null, null, false],
  ]);
  expect(classes).toMatchObject([{ tokens: '1000000', perMillion: '9' }]);
});
