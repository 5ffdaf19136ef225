import { machines, type UsageLine, type Workload } from './workload.ts';

const iowa = { region: 'us-central1', zone: 'us-central1-a' } as const;
const netherlands = { region: 'europe-west4', zone: 'europe-west4-b' } as const;
const ssd = (volume: number) => ({ sku: 'pdSsd', kind: 'gceDisk', volume }) as const;

const bucket = (name: string, sku: UsageLine['sku'], volume: number): UsageLine => ({
  sku,
  region: 'us-central1',
  resource: { kind: 'gcs', name },
  shape: 'steady',
  volume,
  curve: 'growth',
});

/** Model calls are not metered on a resource. */
const tokens = (
  sku: UsageLine['sku'],
  volume: number,
  events?: UsageLine['events'],
): UsageLine => ({
  sku,
  region: 'us-central1',
  shape: 'serving',
  volume,
  curve: 'adoption',
  ...(events ? { events } : {}),
});

export const gcpWorkloads: readonly Workload[] = [
  {
    id: 'llm-pretrain-b',
    purpose: 'training',
    account: 'gcp-research',
    team: 'foundation',
    env: 'prod',
    costCenter: 'CC-1010',
    lines: [
      ...machines({
        sku: 'a3',
        ...iowa,
        kind: 'gce',
        name: 'pretrain-a3',
        shape: 'training',
        // A day of maintenance on 12 November.
        count: [
          ['2025-11-01', 4],
          ['2026-08-24', 5],
          ['2026-11-12', 0],
          ['2026-11-13', 5],
        ],
        disk: ssd(3000),
      }),
      {
        sku: 'gkeCluster',
        region: 'us-central1',
        resource: { kind: 'gke', name: 'pretrain' },
        shape: 'steady',
      },
    ],
  },
  {
    id: 'distill-tpu',
    purpose: 'training',
    account: 'gcp-research',
    team: 'alignment',
    env: 'dev',
    costCenter: 'CC-1020',
    lines: machines({
      sku: 'tpu',
      ...iowa,
      kind: 'gce',
      name: 'distill',
      shape: 'training',
      count: [
        ['2026-04-06', 2],
        ['2026-06-13', 0],
        ['2026-09-07', 1],
        ['2026-10-03', 0],
      ],
      disk: ssd(500),
    }),
  },
  {
    id: 'chat-serving-eu',
    purpose: 'inference',
    account: 'gcp-serving',
    team: 'assistant',
    env: 'prod',
    costCenter: 'CC-2010',
    lines: machines({
      sku: 'a3',
      ...netherlands,
      kind: 'gce',
      name: 'chat-overflow',
      shape: 'training',
      count: [['2026-01-19', 1]],
      disk: ssd(500),
    }),
  },
  {
    id: 'speech-batch',
    purpose: 'inference',
    account: 'gcp-serving',
    team: 'speech',
    env: 'prod',
    costCenter: 'CC-2040',
    lines: machines({
      sku: 'g2',
      ...netherlands,
      kind: 'gce',
      name: 'speech',
      shape: 'serving',
      count: [
        ['2025-11-01', 10],
        ['2026-04-13', 12],
        ['2026-09-01', 14],
      ],
    }),
  },
  {
    id: 'support-assist',
    purpose: 'managed APIs',
    account: 'gcp-serving',
    team: 'support',
    env: 'prod',
    costCenter: 'CC-3030',
    lines: [
      // Until 20 November 61% of the input came from the cache, from then on 22%.
      tokens('proIn', 820, [['2026-11-20', 2_000]]),
      tokens('proCached', 1_280, [['2026-11-20', 361]]),
      tokens('proOut', 335),
      tokens('flashIn', 900),
      tokens('flashOut', 110),
    ],
  },
  {
    id: 'claims-summary',
    purpose: 'managed APIs',
    account: 'gcp-serving',
    team: 'support',
    env: 'prod',
    costCenter: 'CC-3030',
    lines: [
      { ...tokens('vertexIn', 540), count: [['2026-05-18', 1]] },
      { ...tokens('vertexOut', 75), count: [['2026-05-18', 1]] },
      {
        sku: 'vertexNode',
        region: 'us-central1',
        resource: { kind: 'vertexEndpoint', name: 'claims-classifier' },
        count: [['2025-11-01', 3]],
        shape: 'steady',
      },
    ],
  },
  {
    id: 'warehouse',
    purpose: 'data',
    account: 'gcp-research',
    team: 'data',
    env: 'prod',
    costCenter: 'CC-5010',
    lines: [
      ...['events', 'evaluation'].flatMap((name): UsageLine[] => [
        {
          sku: 'bqAnalysis',
          region: 'us-central1',
          resource: { kind: 'dataset', name },
          shape: 'office',
          volume: 78,
          curve: 'growth',
        },
        {
          sku: 'bqStorage',
          region: 'us-central1',
          resource: { kind: 'dataset', name },
          shape: 'steady',
          volume: 140_000,
          curve: 'growth',
        },
      ]),
      ...machines({
        sku: 'n2',
        ...iowa,
        kind: 'gce',
        name: 'loader',
        shape: 'batch',
        count: [['2025-11-01', 6]],
        tags: 'none',
      }),
    ],
  },
  {
    id: 'training-data',
    purpose: 'storage',
    account: 'gcp-research',
    team: 'data',
    env: 'prod',
    costCenter: 'CC-5010',
    lines: [
      bucket('meridian-corpus-us', 'gcsStandard', 980_000),
      bucket('meridian-corpus-us', 'gcsNearline', 540_000),
      bucket('meridian-a3-checkpoints', 'gcsStandard', 360_000),
      { ...bucket('meridian-a3-checkpoints', 'gcsOps', 7_400), shape: 'batch' },
    ],
  },
  {
    id: 'shared-network',
    purpose: 'network, other',
    account: 'gcp-serving',
    team: 'platform',
    env: 'prod',
    costCenter: 'CC-4010',
    lines: [
      { ...tokens('gcpEgress', 2_300), curve: 'growth', tags: 'none' },
      { ...tokens('gcpInterRegion', 4_100), curve: 'growth', tags: 'none' },
      {
        sku: 'gcpNat',
        region: 'us-central1',
        resource: { kind: 'router', name: 'nat-us-central1' },
        shape: 'serving',
        volume: 1_500,
        curve: 'growth',
      },
      {
        sku: 'gkeCluster',
        region: 'europe-west4',
        resource: { kind: 'gke', name: 'serving' },
        shape: 'steady',
      },
      { ...tokens('logVolume', 310), curve: 'growth', tags: 'none' },
    ],
  },
];
