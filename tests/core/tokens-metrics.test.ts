import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

async function load(name: string, content: unknown) {
  const path = place.file(name, JSON.stringify(content));
  const { others } = await place.call('import.run', { job: name.replace('.', '-'), paths: [path] });
  return others[0];
}

async function counted() {
  const { counts } = await place.call('tokens.list', {});
  return counts.map(({ vendor, model, direction, cache, tokens, firstDay }) => [
    vendor,
    model,
    direction,
    cache,
    tokens,
    firstDay,
  ]);
}

test('CloudWatch: classes of Bedrock are disjoint, and one period counts where several are exported', async () => {
  const model = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
  const answer = (period: number, values: Record<string, number[]>) => ({
    MetricDataQueries: Object.keys(values).map((name) => ({
      Id: name.toLowerCase(),
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Bedrock',
          MetricName: name,
          Dimensions: [{ Name: 'ModelId', Value: model }],
        },
        Period: period,
        Stat: 'Sum',
      },
    })),
    MetricDataResults: Object.entries(values).map(([name, list]) => ({
      Id: name.toLowerCase(),
      Label: name,
      Timestamps: list.map((_, i) =>
        new Date(Date.UTC(2026, 10, 1) + i * period * 1000).toISOString(),
      ),
      Values: list,
      StatusCode: 'Complete',
    })),
  });
  const hourly = {
    InputTokenCount: [100, 50],
    CacheReadInputTokenCount: [900, 0],
    CacheWriteInputTokenCount: [25, 0],
    OutputTokenCount: [30, 40],
  };
  expect(await load('hourly.json', answer(3600, hourly))).toMatchObject({
    kind: 'telemetry',
    status: 'loaded',
  });
  const expected = [
    ['aws', model, 'input', 'none', '150', '2026-11-01'],
    ['aws', model, 'input', 'read', '900', '2026-11-01'],
    ['aws', model, 'input', 'write', '25', '2026-11-01'],
    ['aws', model, 'output', 'none', '70', '2026-11-01'],
  ];
  expect(await counted()).toEqual(expected);
  await load('daily.json', answer(86_400, { InputTokenCount: [150], OutputTokenCount: [70] }));
  expect(await counted()).toEqual(expected);
});

test('Azure Monitor: by deployment; what is cached of the input is not said', async () => {
  const id =
    '/subscriptions/s/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/chat/providers/Microsoft.Insights/metrics';
  const metric = (name: string, values: (number | null)[]) => ({
    id: `${id}/${name}`,
    name: { value: name, localizedValue: name },
    unit: 'Count',
    timeseries: [
      {
        metadatavalues: [{ name: { value: 'modeldeploymentname' }, value: 'gpt-4o' }],
        data: values.map((total, hour) => ({
          timeStamp: `2026-11-01T0${hour}:00:00Z`,
          ...(total === null ? {} : { total }),
        })),
      },
    ],
  });
  const loaded = await load('azure.json', {
    timespan: '2026-11-01T00:00:00Z/2026-11-02T00:00:00Z',
    interval: 'PT1H',
    namespace: 'Microsoft.CognitiveServices/accounts',
    value: [
      metric('ProcessedPromptTokens', [1000, null, 5]),
      metric('GeneratedTokens', [200, 0, 1]),
      metric('BlockedCalls', [1]),
    ],
  });
  expect(loaded).toMatchObject({ kind: 'telemetry', format: 'Azure Monitor', status: 'loaded' });
  const { loads } = await place.call('telemetry.list', {});
  expect(loads[0]).toMatchObject({ samplesRead: 7, samplesKept: 5 });
  expect(loads[0]?.findings.map(({ code, count }) => [code, count])).toEqual([
    ['UNKNOWN', 1],
    ['NOT_USED', 1],
  ]);
  expect(await counted()).toEqual([
    ['azure', 'gpt-4o', 'input', 'unknown', '1005', '2026-11-01'],
    ['azure', 'gpt-4o', 'output', 'none', '201', '2026-11-01'],
  ]);
});

test('Vertex AI: the kind of token is a label, and projects and kinds of request stay apart', async () => {
  const series = (project: string, type: string, value: string) => ({
    metric: {
      type: 'aiplatform.googleapis.com/publisher/online_serving/token_count',
      labels: { type, request_type: 'shared' },
    },
    resource: {
      type: 'aiplatform.googleapis.com/PublisherModel',
      labels: {
        project_id: project,
        location: 'us-central1',
        publisher: 'google',
        model_user_id: 'gemini-2.5-flash',
      },
    },
    metricKind: 'DELTA',
    valueType: 'INT64',
    points: [
      {
        interval: { startTime: '2026-11-01T00:00:00Z', endTime: '2026-11-01T01:00:00Z' },
        value: { int64Value: value },
      },
    ],
  });
  await load('vertex.json', {
    timeSeries: [
      series('a', 'input', '9007199254740'),
      series('a', 'output', '12'),
      series('b', 'input', '5'),
    ],
  });
  const { counts } = await place.call('tokens.list', {});
  expect(
    counts.map(({ vendor, account, direction, cache, tokens }) => [
      vendor,
      account,
      direction,
      cache,
      tokens,
    ]),
  ).toEqual([
    ['google', 'a', 'input', 'unknown', '9007199254740'],
    ['google', 'a', 'output', 'none', '12'],
    ['google', 'b', 'input', 'unknown', '5'],
  ]);
});

sampleDataTest('Bedrock metrics that a recorder of API calls has saved count tokens', async () => {
  const path = sampleDataPath(
    'cloudwatch',
    'bedrock_inference_profile_token_metrics__monitoring.GetMetricData_1.json',
  );
  const { others } = await place.call('import.run', { job: 'bedrock', paths: [path] });
  expect(others).toMatchObject([{ kind: 'telemetry', status: 'loaded' }]);
});
