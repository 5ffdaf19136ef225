import { machines, type UsageLine, type Workload } from './workload.ts';

const sweden = { region: 'swedencentral', zone: '' } as const;
const disk = { sku: 'disk', kind: 'disk', volume: 1 } as const;

const account = (name: string, sku: UsageLine['sku'], volume: number): UsageLine => ({
  sku,
  region: 'swedencentral',
  resource: { kind: 'storage', name },
  shape: 'steady',
  volume,
  curve: 'growth',
});

const tokens = (
  sku: UsageLine['sku'],
  volume: number,
  events?: UsageLine['events'],
): UsageLine => ({
  sku,
  region: 'eastus2',
  resource: { kind: 'cognitive', name: 'meridian-docs' },
  shape: 'serving',
  volume,
  curve: 'adoption',
  ...(events ? { events } : {}),
});

export const azureWorkloads: readonly Workload[] = [
  {
    id: 'rank-train',
    purpose: 'training',
    account: 'az-ranking',
    team: 'ranking',
    env: 'prod',
    costCenter: 'CC-1040',
    lines: [
      ...machines({
        sku: 'ndH100',
        ...sweden,
        kind: 'vm',
        name: 'rank-nd',
        shape: 'sweep',
        count: [
          ['2025-11-01', 3],
          ['2026-05-25', 4],
          ['2026-09-28', 5],
        ],
        disk,
      }),
      ...machines({
        sku: 'ncA100',
        ...sweden,
        kind: 'vm',
        name: 'rank-eval',
        shape: 'batch',
        count: [
          ['2025-11-01', 4],
          ['2026-07-06', 5],
        ],
        disk,
      }),
      {
        sku: 'aksCluster',
        region: 'swedencentral',
        resource: { kind: 'aks', name: 'ranking' },
        shape: 'steady',
      },
    ],
  },
  {
    id: 'doc-extract',
    purpose: 'managed APIs',
    account: 'az-ranking',
    team: 'documents',
    env: 'prod',
    costCenter: 'CC-3040',
    lines: [
      // In November contracts moved from GPT-5 mini to GPT-5.
      tokens('gpt5In', 610_000, [['2026-11-02', 1_330]]),
      tokens('gpt5Cached', 390_000, [['2026-11-02', 1_330]]),
      tokens('gpt5Out', 152_000, [['2026-11-02', 1_330]]),
      tokens('miniIn', 1_250_000, [['2026-11-02', 700]]),
      tokens('miniOut', 320_000, [['2026-11-02', 700]]),
      tokens('embedAz', 600_000),
    ],
  },
  {
    id: 'ranking-features',
    purpose: 'data',
    account: 'az-ranking',
    team: 'ranking',
    env: 'prod',
    costCenter: 'CC-1040',
    lines: [
      {
        sku: 'dbu',
        region: 'swedencentral',
        resource: { kind: 'databricks', name: 'ranking-features' },
        count: [['2026-05-04', 1]],
        shape: 'office',
        volume: 2_600,
        curve: 'growth',
      },
      ...machines({
        sku: 'd16',
        ...sweden,
        kind: 'vm',
        name: 'feature-worker',
        shape: 'office',
        count: [
          ['2025-11-01', 10],
          ['2026-05-04', 16],
        ],
      }),
    ],
  },
  {
    id: 'training-data',
    purpose: 'storage',
    account: 'az-ranking',
    team: 'ranking',
    env: 'prod',
    costCenter: 'CC-1040',
    lines: [
      account('meridianclicks', 'blobHot', 520_000),
      account('meridianclicks', 'blobCool', 690_000),
      { ...account('meridianclicks', 'blobWrite', 8_000), shape: 'batch' },
      { ...account('meridianrankckpt', 'blobHot', 240_000), tags: 'none' },
    ],
  },
  {
    id: 'shared-network',
    purpose: 'network, other',
    account: 'az-ranking',
    team: 'platform',
    env: 'prod',
    costCenter: 'CC-4010',
    lines: [
      {
        sku: 'azEgress',
        region: 'swedencentral',
        shape: 'serving',
        volume: 1_700,
        curve: 'growth',
        tags: 'none',
      },
      {
        sku: 'azLogs',
        region: 'swedencentral',
        resource: { kind: 'workspace', name: 'meridian-ops' },
        shape: 'serving',
        volume: 38,
        curve: 'growth',
      },
    ],
  },
  {
    id: 'sandbox',
    purpose: 'training',
    account: 'az-sandbox',
    team: 'research',
    env: 'dev',
    costCenter: 'CC-1030',
    lines: machines({
      sku: 'ncT4',
      region: 'eastus2',
      zone: '',
      kind: 'vm',
      name: 'sandbox-t4',
      shape: 'office',
      count: [['2025-12-08', 3]],
      tags: 'none',
    }),
  },
];
