import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Dimension } from '../../shared/contract/values.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

async function by(
  dimension: Dimension,
  metric: 'billed' | 'effective' | 'list' | 'contracted' = 'billed',
) {
  const { rows } = await place.call('costs.query', { by: [dimension], metric });
  return Object.fromEntries(rows.map((row) => [String(row.keys[dimension]), row.cost]));
}

/** One line of a legacy report: an hour of a machine on demand for 2 USD. */
function curLine(cells: Record<string, string> = {}): Record<string, string> {
  return {
    'bill/InvoiceId': 'INV-1',
    'bill/PayerAccountId': '0001',
    'bill/BillingPeriodStartDate': '2026-03-01T00:00:00Z',
    'lineItem/UsageAccountId': '0042',
    'lineItem/LineItemType': 'Usage',
    'lineItem/UsageStartDate': '2026-03-05T10:00:00Z',
    'lineItem/ProductCode': 'AmazonEC2',
    'lineItem/UsageType': 'BoxUsage:m5.large',
    'lineItem/UsageAmount': '1',
    'lineItem/CurrencyCode': 'USD',
    'lineItem/UnblendedCost': '2',
    'product/ProductName': 'Amazon Elastic Compute Cloud',
    'product/region': 'eu-west-1',
    'product/instanceType': 'm5.large',
    'pricing/publicOnDemandCost': '2.5',
    'pricing/term': 'OnDemand',
    'pricing/unit': 'Hrs',
    ...cells,
  };
}

const legacy = (lines: Record<string, string>[]) => focusCsv(lines);

describe('AWS cost and usage reports', () => {
  test('the dimensions of a line, and the classes of what is no usage', async () => {
    const [load] = await place.load(
      place.file(
        'cur.csv',
        legacy([
          curLine(),
          curLine({ 'lineItem/UsageType': 'SpotUsage:m5.large', 'lineItem/UnblendedCost': '1' }),
          curLine({
            'lineItem/LineItemType': 'SavingsPlanCoveredUsage',
            'savingsPlan/SavingsPlanARN': 'arn:sp',
            'savingsPlan/SavingsPlanEffectiveCost': '0.5',
            'lineItem/UnblendedCost': '4',
          }),
          curLine({
            'lineItem/LineItemType': 'SavingsPlanNegation',
            'lineItem/UnblendedCost': '-4',
          }),
          curLine({ 'lineItem/LineItemType': 'Refund', 'lineItem/UnblendedCost': '-8' }),
        ]),
      ),
    );
    expect(load).toMatchObject({
      status: 'loaded',
      format: 'CUR legacy',
      totals: [{ billed: '-5' }],
    });
    expect(await by('provider')).toEqual({ AWS: '-5' });
    expect(await by('pricing')).toEqual({
      Standard: '2',
      Dynamic: '1',
      Committed: '4',
      null: '-12',
    });
    expect(await by('charge')).toEqual({ Usage: '3', Adjustment: '-8' });
    expect(await by('charge-class')).toEqual({ null: '3', Correction: '-8' });
    expect(await by('commitment', 'effective')).toMatchObject({ 'arn:sp': '0.5' });
    expect(await by('instance')).toEqual({ 'm5.large': '-5' });
    expect(await by('invoice')).toEqual({ 'INV-1': '-5' });
    expect(await by('service')).toEqual({ 'Amazon Elastic Compute Cloud': '-5' });
  });

  test('split lines of containers count no cost of their parent again', async () => {
    const parent = { 'splitLineItem/ParentResourceId': '', 'splitLineItem/SplitCost': '' };
    const split = {
      'splitLineItem/ParentResourceId': 'i-1',
      'splitLineItem/SplitCost': '1.5',
      'lineItem/UnblendedCost': '0',
    };
    const [load] = await place.load(
      place.file('split.csv', legacy([curLine(parent), curLine(split), curLine(split)])),
    );
    expect(load?.totals).toMatchObject([{ billed: '2', effective: '2', list: '2.5' }]);
  });

  test('tags and cost categories, from columns and from maps', async () => {
    const columns = {
      'resourceTags/user:team': 'red',
      'resourceTags/aws:createdBy': 'me',
      'costCategory/env': 'prod',
    };
    await place.load(place.file('a.csv', legacy([curLine(columns), curLine()])));
    expect(await by('tag:team')).toEqual({ red: '2', null: '2' });
    expect(await by('tag:aws:createdBy')).toEqual({ me: '2', null: '2' });
    expect(await by('tag:cost_category/env')).toEqual({ prod: '2', null: '2' });
    const second = {
      bill_payer_account_id: '0002',
      bill_billing_period_start_date: '2026-03-01',
      line_item_usage_start_date: '2026-03-05',
      line_item_line_item_type: 'Usage',
      line_item_currency_code: 'USD',
      line_item_unblended_cost: '16',
      resource_tags: '{"user_team":"red","user_empty":null}',
      cost_category: '{"env":"prod"}',
      product: '{"product_name":"Amazon S3","region":"eu"}',
    };
    const [load] = await place.load(place.file('b.csv', focusCsv([second])));
    expect(load).toMatchObject({ status: 'loaded', format: 'CUR', version: '2.0' });
    expect(await by('tag:team')).toEqual({ red: '18', null: '2' });
    expect(await by('tag:cost_category/env')).toEqual({ prod: '18', null: '2' });
    expect(await by('service')).toMatchObject({ 'Amazon S3': '16' });
  });

  test('an amortised sum with more digits than can be added exactly is refused by its row', async () => {
    const fee = curLine({
      'lineItem/LineItemType': 'RIFee',
      'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod': '0.1234567890123456789012',
      'reservation/UnusedRecurringFee': '1',
    });
    const [load] = await place.load(place.file('fee.csv', legacy([curLine(), fee])));
    expect(load).toMatchObject({ status: 'refused', code: 'AMOUNT_BAD' });
    expect(load?.reason).toContain('row 3');
    expect(load?.reason).toContain('0.1234567890123456789012 + 1');
  });

  test('an amount that is none is named as the report names its column', async () => {
    const bad = curLine({ 'lineItem/UnblendedCost': 'x' });
    const [load] = await place.load(place.file('bad.csv', legacy([curLine(), bad])));
    expect(load?.reason).toContain('row 3, lineItem/UnblendedCost: "x"');
  });

  test('two formats of one bill are refused, together and one after the other', async () => {
    const cur = place.file('cur.csv', legacy([curLine()]));
    const focus = place.file('focus.csv', focusCsv([focusRow()]));
    const together = await place.load([cur, focus]);
    expect(together.map(({ code }) => code)).toEqual(['OVERLAP', 'OVERLAP']);
    expect((await place.load(cur))[0]?.status).toBe('loaded');
    expect((await place.load(focus))[0]).toMatchObject({ status: 'refused', code: 'OVERLAP' });
    expect((await place.load(focus, { replace: true }))[0]?.status).toBe('replaced');
    expect((await place.call('costs.query', {})).totals[0]?.cost).toBe('1.25');
  });
});

/** One row of the Google export as JSON; amounts are spelled by the caller. */
function googleRow(fields: Record<string, string> = {}): string {
  const all = {
    billing_account_id: '"01AB"',
    service: '{"id":"S","description":"Compute Engine"}',
    sku: '{"id":"K","description":"N1 core"}',
    usage_start_time: '"2026-02-28 23:00:00 UTC"',
    project: '{"id":"p-1","name":"Project one","labels":[{"key":"cost","value":"c1"}]}',
    labels: '[{"key":"team","value":"red"}]',
    system_labels: '[{"key":"compute.googleapis.com/machine_spec","value":"n1-standard-4"}]',
    location: '{"region":"europe-west1"}',
    cost: '10',
    currency: '"EUR"',
    usage: '{"amount":3600,"unit":"seconds"}',
    credits: '[]',
    invoice: '{"month":"202603"}',
    cost_type: '"regular"',
    ...fields,
  };
  return `{${Object.entries(all)
    .map(([name, value]) => `"${name}":${value}`)
    .join(',')}}`;
}

describe('Google Cloud billing exports', () => {
  test('credits are charges of their own, and the invoice month is the billing period', async () => {
    const credits =
      '[{"name":"CUD","amount":-2.5,"type":"COMMITTED_USAGE_DISCOUNT","id":"c1","full_name":"Commitment A"},{"name":"Free","amount":-1e-05,"type":"FREE_TIER"}]';
    const lines = [
      googleRow({ credits }),
      googleRow({ cost: '-3', cost_type: '"adjustment"', adjustment_info: '{"id":"a"}' }),
      googleRow({ cost: '0.7', cost_type: '"tax"' }),
      googleRow({ sku: '{"id":"F","description":"Commitment v1: N1"}', cost: '1' }),
    ];
    const [load] = await place.load(place.file('g.json', lines.join('\n')));
    expect(load).toMatchObject({
      status: 'loaded',
      format: 'Google Cloud billing',
      version: 'standard',
      rowsKept: 6,
      periods: ['2026-03'],
      totals: [{ currency: 'EUR', billed: '6.19999', effective: '6.19999' }],
    });
    expect(await by('charge')).toEqual({
      Usage: '10',
      Credit: '-2.50001',
      Adjustment: '-3',
      Tax: '0.7',
      Purchase: '1',
    });
    expect(await by('charge-class')).toMatchObject({ Correction: '-3' });
    expect(await by('commitment')).toMatchObject({ c1: '-2.5' });
    expect(await by('tag:team')).toEqual({ red: '6.19999' });
    expect(await by('tag:project/cost')).toEqual({ c1: '6.19999' });
    expect(await by('instance')).toEqual({ 'n1-standard-4': '6.19999' });
    const { rows } = await place.call('costs.query', { granularity: 'day' });
    expect(rows).toMatchObject([{ period: '2026-02-28', cost: '6.19999' }]);
  });

  test('a JSON number keeps every digit that it has', async () => {
    const cost = '12345678901.123456789012345678901234';
    const [load] = await place.load(
      place.file('g.json', `${googleRow({ cost })}\n${googleRow({ cost: '1.5E-20' })}`),
    );
    expect(load?.totals).toMatchObject([{ billed: '12345678901.123456789012345678916234' }]);
  });

  test('credits that cannot be read are refused by their row, never dropped', async () => {
    const header =
      'billing_account_id,service.description,usage_start_time,cost,currency,credits,invoice.month';
    const row = (credits: string) => `a,S,2026-03-01,1,EUR,"${credits}",202603`;
    const good = `[{'name': ""it's {a}"", 'amount': -0.5}]`.replace('{a}', 'a');
    const [load] = await place.load(
      place.file('bad.csv', [header, row(good), row('-0.5 of something'), ''].join('\n')),
    );
    expect(load).toMatchObject({ status: 'refused', code: 'AMOUNT_BAD' });
    expect(load?.reason).toContain('row 3, cost or the amount of a credit: "-0.5 of something"');
    const loads = await place.load(place.file('good.csv', [header, row(good), ''].join('\n')));
    expect(loads).toMatchObject([{ status: 'loaded', rowsKept: 2, totals: [{ billed: '0.5' }] }]);
  });
});

describe('Google Cloud rows whose credits are not a list', () => {
  test('JSON of another shape is refused by its row', async () => {
    const text = `${googleRow()}\n${googleRow({ credits: '{"amount":-1}' })}`;
    const [load] = await place.load(place.file('shape.json', text));
    expect(load).toMatchObject({ status: 'refused', code: 'AMOUNT_BAD' });
    expect(load?.reason).toContain('row 2');
  });

  test('rows repeated once a credit are refused, with what to export', async () => {
    const header =
      'billing_account_id,usage_start_time,cost,currency,invoice_month,credits_amount\n';
    const [load] = await place.load(
      place.file('spread.csv', `${header}a,2026-03-01,1,EUR,202603,-0.5\n`),
    );
    expect(load).toMatchObject({ status: 'refused', code: 'UNSUPPORTED_FORMAT' });
  });
});

describe('Cost Explorer answers', () => {
  const group = (keys: string[], metrics: Record<string, string>) => ({
    Keys: keys,
    Metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, Amount]) => [name, { Amount, Unit: 'USD' }]),
    ),
  });
  const answer = (definitions: [string, string][], results: object[], more: object = {}) =>
    JSON.stringify(
      {
        GroupDefinitions: definitions.map(([Type, Key]) => ({ Type, Key })),
        ResultsByTime: results,
        ...more,
      },
      null,
      1,
    );
  const march = { TimePeriod: { Start: '2026-03-01', End: '2026-04-01' }, Total: {} };
  const byService = answer(
    [['DIMENSION', 'SERVICE']],
    [{ ...march, Groups: [group(['S3'], { UnblendedCost: '1.1', AmortizedCost: '1' })] }],
  );

  test('groups by tag, estimates, and the metric that is net', async () => {
    const result = {
      ...march,
      Estimated: true,
      Groups: [
        group(['team$red', 'NoRegion'], { NetUnblendedCost: '1.5', NetAmortizedCost: '1' }),
        group(['team$', 'eu'], { NetUnblendedCost: '2', NetAmortizedCost: '2' }),
      ],
    };
    const text = answer(
      [
        ['TAG', 'team'],
        ['DIMENSION', 'REGION'],
      ],
      [result],
    );
    const [load] = await place.load(place.file('tag.json', text));
    expect(load).toMatchObject({ status: 'loaded', totals: [{ billed: '3.5', effective: '3' }] });
    expect(load?.warnings.map(({ code }) => code)).toContain('AMOUNTS_ESTIMATED');
    expect(await by('tag:team')).toEqual({ red: '1.5', null: '2' });
    expect(await by('region')).toEqual({ NoRegion: '1.5', eu: '2' });
  });

  test.each([
    ['no periods', '{"ResultsByTime":[]}'],
    ['nothing', '{"ResultsByTime":null}'],
    ['something else', '{"ResultsByTime":[{"TimePeriod":"x","Groups":5}]}'],
  ])('%s: refused as empty', async (_, text) => {
    expect(await place.load(place.file('e.json', text))).toMatchObject([
      { status: 'refused', code: 'FILE_EMPTY' },
    ]);
  });

  test('without groups the total is the charge; a day without any has none', async () => {
    const day = (n: string, total: object) => ({
      TimePeriod: { Start: `2026-03-0${n}`, End: 'x' },
      Total: total,
      Groups: [],
    });
    const total = { UnblendedCost: { Amount: '7.25', Unit: 'USD' } };
    const [load] = await place.load(
      place.file('t.json', answer([], [day('1', total), day('2', {})])),
    );
    expect(load).toMatchObject({ status: 'loaded', rowsKept: 1, totals: [{ billed: '7.25' }] });
  });

  test('blended cost alone is refused, with what to ask for', async () => {
    const blended = { ...march, Groups: [group(['S3'], { BlendedCost: '1' })] };
    const [load] = await place.load(
      place.file('b.json', answer([['DIMENSION', 'SERVICE']], [blended])),
    );
    expect(load).toMatchObject({ status: 'refused', code: 'COLUMN_MISSING' });
    expect(load?.hint).toContain('UnblendedCost');
  });

  test('two groupings of one month, or a report beside one, would count twice', async () => {
    const byRegion = answer(
      [['DIMENSION', 'REGION']],
      [{ ...march, Groups: [group(['eu'], { UnblendedCost: '1.1' })] }],
    );
    const paths = [place.file('s.json', byService), place.file('r.json', byRegion)];
    expect((await place.load(paths)).map(({ code }) => code)).toEqual(['OVERLAP', 'OVERLAP']);
    const cur = place.file('cur.csv', legacy([curLine()]));
    expect((await place.load([paths[0]!, cur])).map(({ code }) => code)).toEqual([
      'OVERLAP',
      'OVERLAP',
    ]);
    expect((await place.load(cur))[0]?.status).toBe('loaded');
    const [later] = await place.load(paths[0]!, { replace: true });
    expect(later).toMatchObject({ status: 'refused', code: 'OVERLAP' });
    expect((await place.call('costs.query', {})).totals).toMatchObject([{ cost: '2' }]);
  });

  test('pages of one answer are parts', async () => {
    const page = (service: string, more: object) =>
      answer(
        [['DIMENSION', 'SERVICE']],
        [{ ...march, Groups: [group([service], { UnblendedCost: '1' })] }],
        more,
      );
    const loads = await place.load([
      place.file('1.json', page('a', { NextPageToken: 'x' })),
      place.file('2.json', page('b', {})),
    ]);
    expect(loads.map(({ status }) => status)).toEqual(['loaded', 'loaded']);
    expect(loads[0]?.warnings.map(({ code }) => code)).toContain('PAGES_MISSING');
    expect(await by('service')).toEqual({ a: '1', b: '1' });
  });
});
