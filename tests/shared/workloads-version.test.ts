import { describe, expect, test } from 'vitest';
import { serviceTable } from '../../shared/catalog/services.ts';
import { createClassifier } from '../../shared/workloads/classify.ts';
import { meterOf } from '../../shared/workloads/meters.ts';
import { classificationVersion, codeVersion, fingerprint } from '../../shared/workloads/version.ts';
import { workloadOf } from '../../shared/workloads/workload.ts';

const meters = [
  'USE1-BoxUsage:p5.48xlarge',
  'EU-SpotUsage:g5.12xlarge',
  'USE1-UnusedBox:p4d.24xlarge',
  'USE1-Train:ml.p4d.24xlarge',
  'USE1-Host:ml.g5.12xlarge',
  'EU-Notebk:ml.t3.medium',
  'USE1-NovaPro-input-tokens',
  'USE1-Claude3.5Sonnet-output-tokens-batch',
  'Nvidia H100 80GB GPU running in Americas',
  'A3 High Instance Core running in Americas',
  'Cloud TPU v5e in us-east1',
  'ND96isr H100 v5',
  'gpt-4o-0806-Outp-glbl Tokens',
  'TimedStorage-ByteHrs',
  'Model Customization',
  '',
];
const resources = [
  'arn:aws:sagemaker:us-east-1:1:training-job/sft-7',
  'arn:aws:sagemaker:us-east-1:1:endpoint/chat',
  'arn:aws:s3:::vision-datasets',
  'i-0123456789abcdef0',
  '',
];
const names = ['vision-trainer-07', 'notebook-old', 'payments-db', ''];
const tags = [
  {},
  { purpose: 'inference' },
  { 'user:workload': 'ranker', team: 'search' },
  { 'k8s-label/app': 'vllm-chat' },
];

/** What the code makes of some thousand charges of every service that it knows. */
function probed(): unknown[] {
  const classify = createClassifier();
  const unit = { charge: 'Usage', unit: 'Hours', commitment: '', commitmentStatus: '' };
  const services = serviceTable.flatMap(([provider, , texts]) =>
    texts.split('|').map((service) => ({ provider: provider ?? 'Other', service })),
  );
  let place = 0;
  return services.flatMap(({ provider, service }) =>
    meters.map((meter) => {
      place++;
      const facts = {
        provider,
        service,
        meter,
        charge: 'Usage',
        resourceId: resources[place % resources.length],
        resourceName: names[Math.floor(place / 3) % names.length],
        tags: tags[Math.floor(place / 7) % tags.length],
      };
      const { purpose, rule, derived } = classify(facts);
      return [purpose, rule, workloadOf(facts), meterOf(derived, unit)];
    }),
  );
}

describe('the version of the classification', () => {
  test('follows from the data that the rules read', () => {
    expect(classificationVersion()).toMatch(new RegExp(`^${codeVersion} [0-9a-f]{16}$`));
    expect(fingerprint([/a/i])).not.toBe(fingerprint([/a/]));
    expect(fingerprint(['ab', 'c'])).not.toBe(fingerprint(['a', 'bc']));
    expect(fingerprint({ when: { ai: true } })).toBe(fingerprint({ when: { ai: true } }));
  });

  test('is another one wherever the code decides otherwise', () => {
    const answers = probed();
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBeGreaterThan(100);
    // Where this fails and only code has changed, raise codeVersion; then note both here.
    expect([classificationVersion(), fingerprint(answers)]).toEqual([
      '2 f1e8758e980c5cea',
      '2e23e16d184805e1',
    ]);
  });
});
