import type { CallInput } from '../../shared/contract/contract.ts';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import { type Answer, readFilter } from './cli-commands.ts';
import { anomaliesText, forecastText } from './daily-text.ts';

/** `outlay forecast`: the rest of the open month and the next, in one currency. */
export async function forecastAnswer(core: Core, { values }: Arguments): Promise<Answer> {
  const answer = await answerOf(core.call('costs.forecast', scopeOf(values, 'forecast')));
  return { value: answer, text: forecastText(answer, values['days'] === true), exitCode: 0 };
}

/** `outlay anomalies`: days that left their band, in one currency. */
export async function anomaliesAnswer(core: Core, { values }: Arguments): Promise<Answer> {
  const by = ((values['by'] as string[] | undefined) ?? []).flatMap((list) => list.split(','));
  const limit = values['limit'];
  if (limit !== undefined && !/^[1-9]\d*$/.test(String(limit))) {
    throw usage('--limit is a whole number from 1 to 1000.', commands['anomalies']);
  }
  const answer = await answerOf(
    core.call('costs.anomalies', {
      ...scopeOf(values, 'anomalies'),
      ...(by.length === 0 ? {} : { by: by as CallInput<'costs.anomalies'>['by'] }),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
    }),
  );
  return { value: answer, text: anomaliesText(answer), exitCode: 0 };
}

function scopeOf(
  values: Arguments['values'],
  command: 'forecast' | 'anomalies',
): CallInput<'costs.forecast'> {
  return {
    filters: ((values['filter'] as string[] | undefined) ?? []).map((text) =>
      readFilter(text, command),
    ),
    ...(Object.fromEntries(
      ['metric', 'period', 'currency'].flatMap((name) =>
        values[name] === undefined ? [] : [[name, values[name]]],
      ),
    ) as CallInput<'costs.forecast'>),
  };
}
