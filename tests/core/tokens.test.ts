import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TokenLoad } from '../../shared/contract/tokens.ts';
import { openaiDay, page, seconds } from '../builders/usage.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;
async function load(name: string, content: unknown, account?: string): Promise<TokenLoad> {
  const text =
    typeof content === 'string' || content instanceof Uint8Array
      ? content
      : JSON.stringify(content);
  const { loads } = await place.call('tokens.import', {
    job: `tokens-${++jobs}`,
    paths: [place.file(name, text)],
    ...(account === undefined ? {} : { account }),
  });
  const [only] = loads;
  if (!only) throw new Error('no load');
  return only;
}

/** "openai gpt-5 input read" -> tokens. */
async function counted(input: { from?: string; to?: string } = {}) {
  const { counts } = await place.call('tokens.list', input);
  return Object.fromEntries(
    counts.map(({ vendor, model, account, direction, cache, batch, tokens }) => [
      [vendor, account, model, direction, cache === 'none' ? '' : cache, batch ? 'batch' : '']
        .filter(Boolean)
        .join(' '),
      tokens,
    ]),
  );
}

describe('OpenAI', () => {
  test('input holds the cached tokens: the classes are made disjoint', async () => {
    const answer = await load(
      'usage.json',
      page(
        openaiDay('2026-11-01', {
          model: 'gpt-5',
          batch: false,
          input_tokens: 1000,
          input_cached_tokens: 800,
          input_cache_write_tokens: 50,
          output_tokens: 500,
        }),
        openaiDay('2026-11-02', {
          model: 'gpt-5',
          batch: true,
          input_tokens: 7,
          output_tokens: 3,
        }),
        openaiDay('2026-11-03'),
      ),
    );
    expect(answer).toMatchObject({
      status: 'loaded',
      format: 'OpenAI usage (completions)',
      vendor: 'openai',
      rowsRead: 2,
      tokens: '1510',
      firstDay: '2026-11-01',
      lastDay: '2026-11-03',
      findings: [],
    });
    expect(await counted()).toEqual({
      'openai gpt-5 input': '150',
      'openai gpt-5 input read': '800',
      'openai gpt-5 input write': '50',
      'openai gpt-5 output': '500',
      'openai gpt-5 input batch': '7',
      'openai gpt-5 output batch': '3',
    });
  });

  test('the CSV of the console, by the minute, with empty buckets and whole numbers as decimals', async () => {
    const header =
      'start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,batch,api_key_id,input_tokens,output_tokens,input_cached_tokens';
    const from = seconds('2026-11-01');
    const rows = [
      `${from},${from + 60},2026-11-01T00:00:00+00:00,2026-11-01T00:01:00+00:00,proj_a,3.0,gpt-5-mini,False,key_1,4212.0,1673.0,1280`,
      `${from},${from + 60},2026-11-01T00:00:00+00:00,2026-11-01T00:01:00+00:00,proj_a,1,gpt-5-mini,False,key_2,5904,1419,0`,
      `${from + 60},${from + 120},2026-11-01T00:01:00+00:00,2026-11-01T00:02:00+00:00,,,,,,,,`,
    ];
    const text = [header, ...rows].join('\r\n');
    expect(await load('u.csv.gz', gzipSync(`\uFEFF${text}\r\n`))).toMatchObject({
      status: 'loaded',
      rowsRead: 2,
      // 4212 + 1673 + 5904 + 1419
      tokens: '13208',
    });
    expect(await counted()).toEqual({
      // 4212 - 1280 + 5904
      'openai proj_a gpt-5-mini input': '8836',
      'openai proj_a gpt-5-mini input read': '1280',
      'openai proj_a gpt-5-mini output': '3092',
    });
  });

  test('what meters no tokens and further pages are findings', async () => {
    const images = openaiDay('2026-11-01', {
      object: 'organization.usage.images.result',
      images: 3,
    });
    const answer = await load('images.json', { ...page(images), has_more: true });
    expect(answer).toMatchObject({
      status: 'loaded',
      tokens: '0',
      format: 'OpenAI usage (images)',
    });
    expect(answer.findings.map(({ code }) => code)).toEqual(['NOT_TOKENS', 'MORE_PAGES']);
  });
});

describe('Anthropic', () => {
  const result = {
    uncached_input_tokens: 100,
    cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 5 },
    cache_read_input_tokens: 400,
    output_tokens: 30,
    model: 'claude-sonnet-4-5-20250929',
    workspace_id: 'wrkspc_1',
    service_tier: 'standard',
  };
  const day = (date: string, ...results: unknown[]) => ({
    starting_at: `${date}T00:00:00Z`,
    ending_at: new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString(),
    results,
  });

  test('the report of messages: classes are disjoint already, batch by its tier', async () => {
    const pages = [
      { data: [day('2026-11-01', result)], has_more: true, next_page: 'p' },
      {
        data: [day('2026-11-02', { ...result, service_tier: 'batch', output_tokens: 1 })],
        has_more: false,
      },
    ];
    const answer = await load('pages.json', pages);
    expect(answer).toMatchObject({ status: 'loaded', format: 'Anthropic usage', tokens: '1081' });
    const model = 'anthropic wrkspc_1 claude-sonnet-4-5-20250929';
    expect(await counted({ to: '2026-11-02' })).toEqual({
      [`${model} input`]: '100',
      [`${model} input read`]: '400',
      [`${model} input write`]: '25',
      [`${model} output`]: '30',
    });
    expect(await counted({ from: '2026-11-02' })).toMatchObject({ [`${model} output batch`]: '1' });
  });

  test('the CSV of the console', async () => {
    const header =
      'usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed';
    const rows = [
      '2026-11-01,claude-opus-5,"key, one",Default,standard,≤ 200k,109911,2528,0,0,34988,10,not_available,',
      '2026-11-01,claude-opus-5,key two,Default,batch,≤ 200k,5,0,0,0,2,0,not_available,',
    ];
    expect(await load('c.csv', [header, ...rows, ''].join('\n'))).toMatchObject({
      rowsRead: 2,
      tokens: '147434',
    });
    expect(await counted()).toEqual({
      'anthropic Default claude-opus-5 input': '109911',
      'anthropic Default claude-opus-5 input write': '2528',
      'anthropic Default claude-opus-5 output': '34988',
      'anthropic Default claude-opus-5 input batch': '5',
      'anthropic Default claude-opus-5 output batch': '2',
    });
  });
});

test('Bedrock logs add up request by request, and the same requests in another file are refused', async () => {
  const request = (id: string, at: string, input: number) => ({
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: at,
    accountId: '123456789012',
    region: 'us-east-1',
    requestId: id,
    operation: 'Converse',
    modelId:
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    input: { inputBodyJson: { messages: [] }, inputTokenCount: input, cacheReadInputTokenCount: 9 },
    output: { outputTokenCount: 2 },
  });
  const a = request('r-1', '2026-11-01T10:00:00Z', 10);
  const b = request('r-2', '2026-11-01T10:30:00Z', 20);
  const lines = (...requests: unknown[]) =>
    `${requests.map((one) => JSON.stringify(one)).join('\n')}\n`;
  expect(await load('1.json', lines(a, b))).toMatchObject({ status: 'loaded', tokens: '52' });
  expect(await load('2.json', lines(request('r-3', '2026-11-01T10:59:00Z', 5)))).toMatchObject({
    status: 'loaded',
  });
  const model = 'aws 123456789012 us.anthropic.claude-sonnet-4-5-20250929-v1:0';
  expect(await counted()).toEqual({
    [`${model} input`]: '35',
    [`${model} input read`]: '27',
    [`${model} output`]: '6',
  });
  expect(await load('copy.json', lines(b, a))).toMatchObject({
    status: 'refused',
    code: 'DUPLICATE',
    reason: 'copy.json holds the same requests as 1.json, which is loaded. Nothing was changed.',
  });
});

describe('each token counts once', () => {
  const usage = (day: string, tokens: number, more: Record<string, unknown> = {}) =>
    openaiDay(day, { model: 'gpt-5', batch: false, output_tokens: tokens, ...more });

  test('the same file, overlapping exports, and a removed one', async () => {
    const first = await load('a.json', page(usage('2026-11-01', 5), usage('2026-11-02', 7)));
    expect(
      await load('b.json', page(usage('2026-11-01', 5), usage('2026-11-02', 7))),
    ).toMatchObject({ status: 'unchanged' });
    // The second of November was not over when it was exported first.
    const second = await load('c.json', page(usage('2026-11-02', 11), usage('2026-11-03', 1)));
    expect(await counted()).toEqual({ 'openai gpt-5 output': '17' });
    await place.call('tokens.remove', { load: second.id });
    expect(await counted()).toEqual({ 'openai gpt-5 output': '12' });
    await place.call('tokens.remove', { load: first.id });
    expect(await counted()).toEqual({});
    expect(await place.refusal('tokens.remove', { load: first.id })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('another grouping of the same days does not add to the first, other days stay', async () => {
    await load('by-model.json', page(usage('2026-11-01', 5), usage('2026-11-02', 7)));
    await load(
      'by-project.json',
      page(
        openaiDay(
          '2026-11-02',
          { model: 'gpt-5', batch: false, output_tokens: 4, project_id: 'a' },
          { model: 'gpt-5', batch: false, output_tokens: 3, project_id: 'b' },
        ),
      ),
    );
    expect(await counted()).toEqual({
      'openai gpt-5 output': '5',
      'openai a gpt-5 output': '4',
      'openai b gpt-5 output': '3',
    });
  });

  test('two organisations are told apart by --account', async () => {
    await load('a.json', page(usage('2026-11-01', 5)), 'org-a');
    await load('b.json', page(usage('2026-11-01', 7)), 'org-b');
    expect(await counted()).toEqual({
      'openai org-a gpt-5 output': '5',
      'openai org-b gpt-5 output': '7',
    });
  });
});

test.each([
  [
    'more cached than input',
    page(openaiDay('2026-11-01', { input_tokens: 5, input_cached_tokens: 6 })),
    'VALUE_BAD',
  ],
  ['half a token', page(openaiDay('2026-11-01', { input_tokens: 1.5 })), 'VALUE_BAD'],
  [
    'a week',
    page({ ...openaiDay('2026-11-01', { input_tokens: 1 }), end_time: seconds('2026-11-08') }),
    'DATE_BAD',
  ],
  [
    'costs',
    page({
      object: 'bucket',
      start_time: 1,
      end_time: 2,
      results: [{ object: 'organization.costs.result', amount: { value: 1, currency: 'usd' } }],
    }),
    'UNSUPPORTED_FORMAT',
  ],
  ['a Claude Code report', { data: [{ actor: {}, model_breakdown: [] }] }, 'UNSUPPORTED_FORMAT'],
  ['something else', { data: [{ a: 1 }] }, 'UNSUPPORTED_FORMAT'],
  [
    'an empty console export',
    'start_time,end_time,start_time_iso,end_time_iso\n1,2,a,b\n',
    'NO_DATA',
  ],
])('%s is refused, and nothing is kept', async (_, content, code) => {
  const answer = await load('bad.json', content);
  expect(answer).toMatchObject({ status: 'refused', code, tokens: '0' });
  expect(answer.reason).toContain('Nothing was changed.');
  expect(await counted()).toEqual({});
});

test('the terminal imports, lists and removes', async () => {
  place.file(
    'in/u.json',
    JSON.stringify(page(openaiDay('2026-11-01', { model: 'gpt-5', output_tokens: 5 }))),
  );
  place.file('in/readme.txt', 'hello\n');
  const imported = await place.cli('tokens', 'import', join(place.folder, 'in'));
  expect(imported.code).toBe(0);
  expect(imported.out).toContain('loaded    u.json, OpenAI usage (completions), load 2');
  const listed = await place.cli('tokens', 'list');
  expect(listed.out).toMatch(/openai +gpt-5 +output +5 +2026-11-01 to 2026-11-01/);
  expect((await place.cli('tokens', 'remove', '2')).out).toContain('is removed: 5 tokens.');
  expect((await place.cli('tokens', 'remove')).code).toBe(2);
  expect((await place.cli('tokens', 'list')).out).toBe('No usage exports are loaded.\n');
});
