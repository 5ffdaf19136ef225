import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { exactOf } from '../../shared/domain/exact.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const head =
  'BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ProviderName,ServiceName,SkuId,SkuMeter,ResourceId,Tags,BillingAccountId';
const row = (cost: string, service: string, meter: string, resource: string, tags = '{}') =>
  `${cost},${cost},USD,2026-10-01,2026-11-01,2026-10-05,2026-10-06,Usage,AWS,${service},sku-${resource},${meter},${resource},"${tags.replaceAll('"', '""')}",1`;
const bill = [
  head,
  row('10.1', 'Amazon SageMaker', 'USE1-Train:ml.p4d.24xlarge', 'a', '{"workload":"vision"}'),
  row('20.02', 'Amazon SageMaker', 'USE1-Host:ml.g5.12xlarge', 'b', '{"workload":"chat"}'),
  row('0.003', 'AmazonS3', 'TimedStorage-ByteHrs', 'c', '{"workload":"vision"}'),
  row('5', 'AmazonS3', 'TimedStorage-ByteHrs', 'd'),
].join('\n');

const figures = async (input: object) => {
  const { rows, totals } = await place.call('costs.query', input);
  return [rows.map(({ keys, cost }) => [...Object.values(keys), cost].join(' ')), totals[0]?.cost];
};

describe('costs by what Outlay finds of charges', () => {
  beforeEach(() => place.load(place.file('bill.csv', bill)));

  test('by purpose and workload, as groups and as filters, adding up', async () => {
    const [rows, total] = await figures({ by: ['purpose', 'workload'] });
    expect(rows).toEqual([
      'inference workload:chat 20.02',
      'training workload:vision 10.1',
      'not-ai  5',
      'not-ai workload:vision 0.003',
    ]);
    expect(exactOf(String(total))).toBe(exactOf('35.123'));
    const filter = (dimension: string, value: string | null, not = false) => ({
      filters: [{ dimension, values: [value], not }],
    });
    expect(await figures(filter('workload', 'workload:vision'))).toEqual([
      [' 10.103'.trim()],
      '10.103',
    ]);
    expect((await figures(filter('workload', null)))[1]).toBe('5');
    expect((await figures(filter('purpose', 'not-ai', true)))[1]).toBe('30.12');
  });

  test('the lines of a purpose are those of its charges, and tie out', async () => {
    const lines = await place.call('costs.lines', {
      filters: [
        { dimension: 'workload', values: ['workload:vision'] },
        { dimension: 'purpose', values: ['not-ai'] },
      ],
    });
    expect(lines).toMatchObject({ lines: 1, tiesOut: true });
    expect(lines.rows.map(({ billed }) => billed)).toEqual(['0.003']);
  });

  test('a rule moves them, and taking it away brings them back', async () => {
    const before = await figures({ by: ['workload'] });
    const text =
      'rules:\n- when: { resource: d }\n  split: { by: even, to: [chat, vision] }\n  name: shared';
    await place.call('rules.set', { text, apply: true });
    expect(await figures({ by: ['workload'] })).toEqual([
      ['workload:chat 20.02', 'workload:vision 10.103', 'split:shared 5'],
      '35.123',
    ]);
    await place.call('rules.set', { text: '', apply: true });
    expect(await figures({ by: ['workload'] })).toEqual(before);
  });
});
