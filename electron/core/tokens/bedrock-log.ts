import { type JsonObject, objectOf, textOf } from '../telemetry/json-objects.ts';
import { addClasses } from './anthropic.ts';
import { bucketBad, type CellPlace, tokensOf, type UsageSink } from './usage.ts';

/**
 * Invocation logs of Amazon Bedrock, one request a record; what was asked and answered is not looked
 * at. https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html (read 2026-11)
 */
export function isBedrockLog(record: JsonObject): boolean {
  return record['schemaType'] === 'ModelInvocationLog';
}

export function readBedrockLog(record: JsonObject, where: string, sink: UsageSink): void {
  sink.row();
  const ms = Date.parse(textOf(record['timestamp']) ?? '');
  if (!(ms > Date.UTC(2015, 0))) throw bucketBad(where, 'it has no time');
  const id = textOf(record['requestId']);
  if (id !== null) sink.request(id);
  const day = Math.floor(ms / 86_400_000);
  const place = {
    day,
    hour: Math.floor((ms - day * 86_400_000) / 3_600_000),
    account: textOf(record['accountId']) ?? '',
    key: '',
    // Of an inference profile's ARN the last part names the model.
    model: (textOf(record['modelId']) ?? '').split('/').at(-1) ?? '',
    batch: /batch/i.test(textOf(record['operation']) ?? ''),
  } satisfies CellPlace;
  sink.covers(day);
  const [input, output] = [objectOf(record['input']) ?? {}, objectOf(record['output']) ?? {}];
  if (input['inputTokenCount'] === undefined && output['outputTokenCount'] === undefined) {
    sink.note('NOT_TOKENS', 'Requests whose record counts no tokens (failed, images, audio).');
    return;
  }
  const number = (of: JsonObject, name: string) => tokensOf(of[name], `${where}, ${name}`) ?? 0;
  addClasses(sink, place, {
    none: number(input, 'inputTokenCount'),
    read: number(input, 'cacheReadInputTokenCount'),
    write: number(input, 'cacheWriteInputTokenCount'),
    output: number(output, 'outputTokenCount'),
  });
}
