import { describe, expect, test } from 'vitest';
import { exactOf } from '../../shared/domain/exact.ts';
import { createClassifier } from '../../shared/workloads/classify.ts';
import type { ChargeFacts } from '../../shared/workloads/facts.ts';
import { meterOf } from '../../shared/workloads/meters.ts';
import { modelKey, repeatedTokens, type TokenUse } from '../../shared/tokens/tokens.ts';
import { jobOf } from '../../shared/workloads/workload.ts';

const classify = createClassifier();
const usage = { charge: 'Usage', commitment: '', commitmentStatus: '' };
const meter = (facts: ChargeFacts, unit: string, more: Partial<typeof usage> = {}) =>
  meterOf(classify(facts).derived, { ...usage, unit, ...more });
const ec2 = { provider: 'AWS', service: 'Amazon Elastic Compute Cloud' };

describe('GPU-hours', () => {
  test.each([
    ['Hrs', [8, 1]],
    ['Hours', [8, 1]],
    ['hour', [8, 1]],
    ['seconds', [8, 3600]],
    ['Units', null],
  ])('of a p4d in %s', (unit, perUnit) => {
    const facts = { ...ec2, meter: 'USE1-BoxUsage:p4d.24xlarge', instance: 'p4d.24xlarge' };
    expect(meter(facts, unit)).toMatchObject({ kind: 'gpu', accelerator: 'a100-40gb', perUnit });
  });

  test('of a fraction of a GPU are that fraction', () => {
    const facts = {
      provider: 'Microsoft',
      service: 'Virtual Machines',
      instance: 'Standard_NV6ads_A10_v5',
    };
    expect(meter(facts, 'Hours')).toMatchObject({ count: [1, 6], perUnit: [1, 6] });
  });

  test('are counted once: not by cores, memory, disks, fees or what a plan takes back', () => {
    const p4d = { ...ec2, instance: 'p4d.24xlarge' };
    expect(meter({ ...p4d, meter: 'EBSOptimized:p4d.24xlarge' }, 'Hrs')).toBeNull();
    expect(meter({ ...p4d, meter: 'EBS:VolumeUsage.gp3' }, 'GB-Mo')).toBeNull();
    expect(meter({ ...p4d, meter: 'Reservation:p4d.24xlarge' }, 'Hrs')).toBeNull();
    expect(
      meter({ ...p4d, meter: 'BoxUsage:p4d.24xlarge' }, 'Hrs', { charge: 'Purchase' }),
    ).toBeNull();
    const committed = { commitment: 'arn:sp', commitmentStatus: 'Unused' };
    expect(meter({ ...p4d, meter: 'BoxUsage:p4d.24xlarge' }, 'Hrs', committed)).toBeNull();
    expect(
      meter({ ...p4d, meter: 'BoxUsage:p4d.24xlarge' }, 'Hrs', {
        ...committed,
        commitmentStatus: '',
      }),
    ).toBeNull();
    expect(
      meter({ ...p4d, meter: 'BoxUsage:p4d.24xlarge' }, 'Hrs', {
        ...committed,
        commitmentStatus: 'Used',
      }),
    ).toMatchObject({ perUnit: [8, 1] });
    const google = {
      provider: 'Google Cloud',
      service: 'Compute Engine',
      instance: 'a2-highgpu-8g',
    };
    expect(
      meter({ ...google, meter: 'A2 Instance Core running in Americas' }, 'seconds'),
    ).toBeNull();
    expect(
      meter({ ...google, meter: 'A2 Instance Ram running in Americas' }, 'byte-seconds'),
    ).toBeNull();
    expect(
      meter({ ...google, meter: 'Nvidia Tesla A100 GPU running in Americas' }, 'seconds'),
    ).toMatchObject({ count: [1, 1], perUnit: [1, 3600] });
  });

  test('of a machine without GPUs are none', () => {
    expect(meter({ ...ec2, meter: 'BoxUsage:m7i.large', instance: 'm7i.large' }, 'Hrs')).toBeNull();
  });
});

describe('tokens', () => {
  const bedrock = { provider: 'AWS', service: 'Amazon Bedrock' };
  test.each([
    ['1K tokens', [1000, 1]],
    ['1000 Tokens', [1000, 1]],
    ['1000000 Tokens', [1_000_000, 1]],
    ['1M tokens', [1_000_000, 1]],
    ['Tokens', [1, 1]],
    ['1K', [1000, 1]],
    ['Units', null],
    ['', null],
  ])('a %j', (unit, perUnit) => {
    expect(meter({ ...bedrock, meter: 'USE1-NovaPro-input-tokens' }, unit)).toMatchObject({
      kind: 'tokens',
      direction: 'input',
      perUnit,
    });
  });
});

const use = (of: Partial<TokenUse>): TokenUse => ({
  model: 'Claude Sonnet 4.5',
  service: 'Amazon Bedrock',
  provider: 'AWS',
  direction: 'input',
  cache: 'none',
  batch: false,
  tokens: exactOf('1000'),
  billed: exactOf('3'),
  ...of,
});
const direct = {
  model: 'anthropic.claude-sonnet-4.5',
  service: 'Claude API',
  provider: 'Anthropic',
  billed: 0n,
};

describe('the same tokens in two bills', () => {
  test('count once: where they are charged for', () => {
    const [own, again] = repeatedTokens([use({}), use(direct)]);
    expect(own).toBeNull();
    expect(again).toContain('Amazon Bedrock');
  });

  test.each([
    ['both are charged for', { ...direct, billed: exactOf('2') }],
    ['one is unknown', { ...direct, billed: null }],
    ['there are more of them', { ...direct, tokens: exactOf('1001') }],
    ['they are of another class', { ...direct, cache: 'read' as const }],
    ['they are output', { ...direct, direction: 'output' as const }],
    ['they came in a batch', { ...direct, batch: true }],
    ['they are of another model', { ...direct, model: 'claude-haiku-4.5' }],
    ['no model is named', { ...direct, model: null }],
    ['it is the same channel', { billed: 0n }],
  ])('count twice where %s', (_, other) => {
    expect(repeatedTokens([use({}), use(other)])).toEqual([null, null]);
  });

  test('a model is the same however it is spelled', () => {
    expect(modelKey('Anthropic.Claude-Sonnet-4.5')).toBe(modelKey('claude sonnet 4.5'));
    expect(modelKey('gpt-4o')).not.toBe(modelKey('gpt-4o mini'));
  });
});

test('a job is named by its resource, else by a tag', () => {
  expect(
    jobOf({ resourceId: 'arn:aws:sagemaker:us-east-1:1:training-job/sft-7', tags: { job: 'x' } }),
  ).toBe('sft-7');
  expect(jobOf({ resourceId: 'i-0abc', tags: { 'job-name': 'nightly' } })).toBe('nightly');
  expect(jobOf({ resourceId: 'i-0abc', tags: { team: 'vision' } })).toBeNull();
});
