import { resolve } from 'node:path';
import type { CallInput } from '../../shared/contract/contract.ts';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import type { Answer } from './cli-commands.ts';
import { importedAnswer } from './imported-answer.ts';
import { importedTelemetryText, removedTelemetryText, telemetryText } from './telemetry-text.ts';

const command = commands['telemetry'];
const ownFlags: Record<string, readonly string[]> = {
  import: ['host', 'time-zone', 'date-order', 'at', 'metric'],
  list: ['resource', 'from', 'to', 'limit'],
  remove: ['all'],
};

/** `telemetry import FILE...`, `list` and `remove`; each takes its own flags. */
export async function telemetryAnswer(core: Core, { words, values }: Arguments): Promise<Answer> {
  const [action = '', ...paths] = words;
  const own = Object.hasOwn(ownFlags, action) ? ownFlags[action] : undefined;
  if (!own) throw usage('telemetry needs import, list or remove.', command);
  const given = Object.keys(values).filter((name) => !['data', 'json', 'help'].includes(name));
  const other = given.find((name) => !own.includes(name));
  if (other) throw usage(`telemetry ${action} takes no --${other}.`, command);
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  if (action === 'list') {
    if (paths.length > 0) throw usage(`telemetry list takes no "${paths[0]}".`, command);
    const answer = await answerOf(
      core.call('telemetry.list', {
        ...named('from', text('from')),
        ...named('to', text('to')),
        ...named('resource', number(text('resource'))),
        ...named('limit', number(text('limit'))),
      }),
    );
    return { value: answer, text: telemetryText(answer), exitCode: 0 };
  }
  if (action === 'remove') return await removed(core, paths, values['all'] === true);
  if (paths.length === 0) throw usage('telemetry import needs a file.', command);
  const input: CallInput<'telemetry.import'> = {
    job: crypto.randomUUID(),
    paths: paths.map((path) => resolve(path)),
    ...named('host', text('host')),
    ...named('timeZone', text('time-zone')),
    ...named('dateOrder', dateOrder(text('date-order'))),
    ...named('at', text('at')),
    ...named('metric', text('metric')),
  };
  const answer = await answerOf(core.call('telemetry.import', input));
  return importedAnswer(answer, answer.loads, importedTelemetryText(answer.loads), {
    code: 'NOT_TELEMETRY',
    message: 'No GPU or host metrics were found. Nothing was changed.',
    hint: 'Outlay reads Prometheus and DCGM exports, nvidia-smi logs, CloudWatch and Cloud Monitoring answers.',
  });
}

async function removed(core: Core, [id, other]: string[], all: boolean): Promise<Answer> {
  if (other !== undefined) throw usage(`telemetry remove takes no "${other}".`, command);
  if ((id === undefined) !== all) {
    throw usage('telemetry remove needs the number of a load, or --all.', command);
  }
  const load = number(id);
  const answer = await answerOf(
    core.call('telemetry.remove', { job: crypto.randomUUID(), ...named('load', load) }),
  );
  return { value: answer, text: removedTelemetryText(answer), exitCode: 0 };
}

function named<N extends string, T>(name: N, value: T | undefined): { [K in N]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [K in N]?: T };
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function dateOrder(value: string | undefined): 'mdy' | 'dmy' | undefined {
  if (value === undefined || value === 'mdy' || value === 'dmy') return value;
  throw usage('--date-order is mdy (month first) or dmy (day first).', command);
}
