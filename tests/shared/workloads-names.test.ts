import { describe, expect, test } from 'vitest';
import { tagRole } from '../../shared/workloads/tagKeys.ts';
import { workloadOf } from '../../shared/workloads/workload.ts';

describe('workloads', () => {
  test.each([
    [
      { tags: { team: 'x', workload: 'chat-serving' }, resourceName: 'node-1' },
      'workload',
      'chat-serving',
    ],
    [{ tags: { 'user:Application': 'Chat', 'kubernetes-namespace': 'serving' } }, 'app', 'Chat'],
    [{ tags: { 'eks:cluster-name': 'prod' } }, 'cluster', 'prod'],
    [
      { tags: { 'k8s-label/app.kubernetes.io/name': 'ranker', 'goog-k8s-cluster-name': 'prod' } },
      'app',
      'ranker',
    ],
    [{ tags: { 'sagemaker:project-name': 'churn' } }, 'project', 'churn'],
    [
      { tags: { 'sagemaker:pipeline-name': 'churn-nightly', project: 'churn' } },
      'pipeline',
      'churn-nightly',
    ],
    [{ tags: { JobId: '17', ClusterName: 'etl' } }, 'job', '17'],
    [
      {
        resourceId: 'arn:aws:sagemaker:us-east-1:1:training-job/sft-nightly',
        tags: { project: 'llm' },
      },
      'job',
      'sft-nightly',
    ],
    [{ resourceId: 'arn:aws:sagemaker:us-east-1:1:endpoint/claims' }, 'endpoint', 'claims'],
    [
      {
        resourceId:
          '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/ranker',
      },
      'endpoint',
      'ranker',
    ],
    [
      {
        resourceId: '//aiplatform.googleapis.com/projects/p/locations/l/endpoints/1234567',
        resourceName: 'claims-classifier',
      },
      'fleet',
      'claims-classifier',
    ],
    [{ resourceName: 'pretrain-b1-03' }, 'fleet', 'pretrain-b1'],
    [{ resourceName: 'pretrain-b1-disk-03' }, 'fleet', 'pretrain-b1'],
    [{ resourceName: 'ranker-5d8f9c7b6-x2x9z' }, 'fleet', 'ranker'],
    [{ tags: { Name: 'web-12' } }, 'fleet', 'web'],
  ] as const)('%j is the %s %s', (facts, kind, name) => {
    expect(workloadOf(facts)).toMatchObject({ kind, name });
  });

  test.each([
    'arn:aws:ec2:us-east-1:048213975516:capacity-block/cb-0c41f97a2be63d508',
    'arn:aws:ec2:us-east-1:1:reserved-instances/7c1e',
    'arn:aws:savingsplans::1:savingsplan/7c1e',
    '//compute.googleapis.com/projects/p/regions/us-central1/commitments/h100-8-oct',
    '/providers/Microsoft.Capacity/reservationOrders/c8/reservations/17',
  ])('the name of a reservation is no workload, a tag of it is: %s', (resourceId) => {
    const facts = { resourceId, resourceName: 'rank-nd, 2 x ND96isr' };
    expect(workloadOf(facts)).toBeNull();
    expect(workloadOf({ ...facts, tags: { workload: 'ranker' } })).toMatchObject({
      kind: 'workload',
      name: 'ranker',
    });
  });

  test.each([
    [{}],
    [{ resourceId: 'arn:aws:ec2:us-east-1:1:instance/i-0abc', tags: { team: 'a', env: 'prod' } }],
    [{ resourceName: 'i-0123456789abcdef0' }],
    [{ resourceName: '12345' }],
    [{ tags: { workload: '  ', project: '' } }],
  ] as const)('%j belongs to none', (facts) => {
    expect(workloadOf(facts)).toBeNull();
  });

  test('tag keys by role, whatever a provider puts before them', () => {
    expect(
      ['user:Purpose', 'resource_tags_user_purpose', 'labels.purpose', 'Workload_Type'].map(
        tagRole,
      ),
    ).toEqual(['purpose', 'purpose', 'purpose', 'purpose']);
    expect(['team', 'cost-center', 'env', 'owner', 'aws:createdBy', ''].map(tagRole)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
