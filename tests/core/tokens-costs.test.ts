import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;

const billedBy = async (by: 'sku' | 'account' | 'service') => {
  const { rows } = await place.call('costs.query', { by: [by], metric: 'billed' });
  return Object.fromEntries(rows.map(({ keys, cost }) => [keys[by] ?? '', cost]));
};

test('OpenAI costs as JSON: every digit, by line item, and their tokens from a usage export', async () => {
  const bucket = (day: string, ...results: unknown[]) => ({
    object: 'bucket',
    start_time: seconds(day),
    end_time: seconds(day) + 86_400,
    results,
  });
  const cost = (value: number | string, line_item: string | null) => ({
    object: 'organization.costs.result',
    amount: { value, currency: 'usd' },
    line_item,
    project_id: 'proj_a',
  });
  const text = JSON.stringify({
    object: 'page',
    data: [
      bucket('2026-10-31', cost(0.06, 'gpt-5-2026-01-01, input')),
      bucket(
        '2026-11-01',
        cost(1e-7, 'gpt-5-2026-01-01, cached input'),
        cost(3, 'gpt-5-2026-01-01, output'),
        cost(0.25, 'web search tool calls'),
      ),
      bucket('2026-11-02'),
    ],
    has_more: false,
    next_page: null,
  });
  const loads = await place.load(place.file('costs.json', text));
  expect(loads).toMatchObject([
    {
      status: 'loaded',
      format: 'OpenAI costs',
      version: 'API',
      periods: ['2026-10', '2026-11'],
      warnings: [],
    },
  ]);
  expect(await billedBy('sku')).toEqual({
    'gpt-5-2026-01-01, input': '0.06',
    'gpt-5-2026-01-01, cached input': '0.0000001',
    'gpt-5-2026-01-01, output': '3',
    'web search tool calls': '0.25',
  });
  expect(await billedBy('account')).toEqual({ proj_a: '3.3100001' });
  const usage = bucket('2026-11-01', {
    object: 'organization.usage.completions.result',
    model: 'gpt-5-2026-01-01',
    batch: false,
    input_tokens: 100,
    input_cached_tokens: 100,
    output_tokens: 1_500_000,
  });
  await place.call('tokens.import', {
    job: 'usage',
    paths: [place.file('usage.json', JSON.stringify({ object: 'page', data: [usage] }))],
  });
  const { rows, otherCost } = await place.call('workloads.tokens', {
    metric: 'billed',
    period: '2026-11',
  });
  expect(
    rows.map(({ model, tokenClass, tokens, cost: of, perMillion }) => [
      model,
      tokenClass,
      tokens,
      of,
      perMillion,
    ]),
  ).toEqual([
    ['gpt-5-2026-01-01', 'output', '1500000', '3', '2'],
    ['gpt-5-2026-01-01', 'cache-read', '100', '0.0000001', '0.001'],
  ]);
  expect(otherCost).toBe('0.25');
});

test('the cost CSV of the OpenAI console: thirty decimals, empty days, tokens where it states them', async () => {
  const header =
    'start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,user_id,api_key_id,project_id,organization_id,project_name,organization_name,user_email,api_source';
  const from = seconds('2026-11-01');
  const rows = [
    `${from - 86_400},${from},2026-10-31T00:00:00+00:00,2026-11-01T00:00:00+00:00,,,,,,,,,,,,,`,
    `${from},${from + 86_400},2026-11-01T00:00:00,2026-11-02T00:00:00,0.003835980000000000000000000000,usd,,,,,,,org-1,,One,a@example.com,`,
    `${from},${from + 86_400},2026-11-01T00:00:00,2026-11-02T00:00:00,0.5,usd,1000,tokens,"gpt-5-nano, input_tokens",,key_1,proj_a,org-1,Project A,One,a@example.com,`,
  ];
  const [load] = await place.load(place.file('cost.csv', [header, ...rows, ''].join('\n')));
  expect(load).toMatchObject({ status: 'loaded', version: 'CSV', periods: ['2026-11'] });
  expect(load?.totals).toMatchObject([{ currency: 'USD', billed: '0.50383598' }]);
  const { rows: tokens } = await place.call('workloads.tokens', { metric: 'billed' });
  expect(tokens).toMatchObject([
    { model: 'gpt-5-nano', tokenClass: 'uncached', tokens: '1000', perMillion: '500' },
  ]);
});

test('the Anthropic cost report is in cents, the CSV of its console in dollars', async () => {
  const result = {
    amount: '123.78912',
    context_window: '0-200k',
    cost_type: 'tokens',
    currency: 'USD',
    description: 'Claude Opus 5 Usage - Input Tokens',
    model: 'claude-opus-5',
    service_tier: 'standard',
    token_type: 'uncached_input_tokens',
    workspace_id: 'wrkspc_1',
  };
  const page = {
    data: [
      {
        starting_at: '2026-10-01T00:00:00Z',
        ending_at: '2026-10-02T00:00:00Z',
        results: [
          result,
          { ...result, amount: '10', token_type: 'output_tokens', service_tier: 'batch' },
          {
            amount: '200',
            currency: 'USD',
            cost_type: 'web_search',
            description: 'Web Search Usage',
          },
        ],
      },
    ],
    has_more: true,
    next_page: 'x',
  };
  const [load] = await place.load(place.file('report.json', JSON.stringify(page)));
  expect(load).toMatchObject({ status: 'loaded', format: 'Anthropic costs', version: 'API' });
  expect(load?.warnings.map(({ code }) => code)).toContain('PAGES_MISSING');
  expect(load?.totals).toMatchObject([{ billed: '3.3378912', effective: '3.3378912' }]);
  const csv = [
    'usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,cost_type,inference_geo,speed',
    '2026-11-09,Claude Opus 5,Default,Key,message,≤ 200k,input_no_cache,1.67,1.67,token,global,',
    '2026-11-09,Claude Opus 5,Default,Key,message,≤ 200k,output,0.99,0.99,token,global,',
    '',
  ].join('\n');
  const [console] = await place.load(place.file('console.csv', csv));
  expect(console).toMatchObject({ status: 'loaded', version: 'CSV' });
  expect(console?.totals).toMatchObject([{ currency: 'USD', billed: '2.66', list: '2.66' }]);
  const { rows } = await place.call('workloads.tokens', { metric: 'billed' });
  expect(
    rows.map(({ model, tokenClass, batch, cost }) => [model, tokenClass, batch, cost]),
  ).toEqual([
    ['Claude Opus 5', 'uncached', false, '1.67'],
    ['claude-opus-5', 'uncached', false, '1.2378912'],
    ['Claude Opus 5', 'output', false, '0.99'],
    ['claude-opus-5', 'output', true, '0.1'],
  ]);
});

test('two answers for the same days are two groupings of one cost, and are refused together', async () => {
  const page = (line_item: string | null) =>
    JSON.stringify({
      object: 'page',
      data: [
        {
          object: 'bucket',
          start_time: seconds('2026-11-01'),
          end_time: seconds('2026-11-02'),
          results: [
            {
              object: 'organization.costs.result',
              amount: { value: 2, currency: 'usd' },
              line_item,
            },
          ],
        },
      ],
      has_more: false,
    });
  const loads = await place.load([
    place.file('by-item.json', page('gpt-5, output')),
    place.file('whole.json', page(null)),
  ]);
  expect(loads.map(({ status, code }) => [status, code])).toEqual([
    ['refused', 'OVERLAP'],
    ['refused', 'OVERLAP'],
  ]);
});
