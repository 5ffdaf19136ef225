import { resolve } from 'node:path';
import type { CallInput } from '../../shared/contract/contract.ts';
import type { ImportAnswer } from '../../shared/contract/sources.ts';
import type { Filter } from '../../shared/contract/values.ts';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import {
  changesText,
  otherText,
  costsText,
  doctorText,
  exportText,
  loadsText,
  removedText,
  reportText,
} from './cli-text.ts';
import { healthText } from './health-text.ts';
import { importedAnswer } from './imported-answer.ts';
import { linesText } from './lines-text.ts';

/** What a command answers: one JSON document, the same as text, and the exit code. */
export interface Answer {
  value: unknown;
  text: string;
  exitCode: number;
}

/** Runs one command on an open core. Throws what the core refuses. */
export async function runCommand(core: Core, input: Arguments): Promise<Answer> {
  const { values } = input;
  switch (input.command) {
    case 'import':
      if (values['replace'] === true && values['add'] === true) {
        throw usage('import takes --replace or --add, not both.', commands['import']);
      }
      return importAnswer(
        await answerOf(
          core.call('import.run', {
            job: crypto.randomUUID(),
            paths: input.words.map((path) => resolve(path)),
            ...optional('source', values['source']),
            replace: values['replace'] === true,
            add: values['add'] === true,
            ...optional('currency', values['currency']),
            ...dateOrder(values['date-order']),
          }),
        ),
      );
    case 'sample':
      return importAnswer(await answerOf(core.call('import.sample', { job: crypto.randomUUID() })));
    case 'costs': {
      const answer = await answerOf(core.call('costs.query', costsInput(values)));
      return { value: answer, text: costsText(answer), exitCode: 0 };
    }
    case 'lines': {
      const answer = await answerOf(core.call('costs.lines', linesInput(values)));
      return { value: answer, text: linesText(answer), exitCode: 0 };
    }
    case 'loads': {
      if (values['health'] !== undefined) {
        const sheet = await answerOf(core.call('loads.health', { load: Number(values['health']) }));
        return { value: sheet, text: healthText(sheet), exitCode: 0 };
      }
      const answer = await answerOf(core.call('loads.list', {}));
      return { value: answer, text: loadsText(answer), exitCode: 0 };
    }
    case 'changes': {
      const period = optional('period', values['period']);
      const answer = await answerOf(core.call('changes.list', period));
      return { value: answer, text: changesText(answer), exitCode: 0 };
    }
    case 'remove': {
      const source = required(input, 'source');
      const answer = await answerOf(
        core.call('sources.remove', { source, ...optional('period', values['period']) }),
      );
      return { value: answer, text: removedText(answer), exitCode: 0 };
    }
    case 'report': {
      const answer = await answerOf(
        core.call('reports.make', {
          month: required(input, 'month'),
          format: required(input, 'format') as CallInput<'reports.make'>['format'],
          out: resolve(required(input, 'out')),
          plan: values['no-plan'] !== true,
          ...(optional('kind', values['kind']) as Pick<CallInput<'reports.make'>, 'kind'>),
          ...(optional('metric', values['metric']) as Pick<CallInput<'reports.make'>, 'metric'>),
        }),
      );
      return { value: answer, text: reportText(answer), exitCode: 0 };
    }
    case 'export': {
      if (input.words[0] !== 'focus') throw usage('export needs a format.', commands['export']);
      const out = resolve(required(input, 'out'));
      const answer = await answerOf(core.call('export.focus', { job: crypto.randomUUID(), out }));
      return { value: answer, text: exportText(answer), exitCode: 0 };
    }
    case 'prices': {
      const { pricesAnswer } = await import('./prices-command.ts');
      return await pricesAnswer(core, input);
    }
    case 'telemetry': {
      const { telemetryAnswer } = await import('./telemetry-command.ts');
      return await telemetryAnswer(core, input);
    }
    case 'tokens': {
      const { tokensAnswer } = await import('./tokens-command.ts');
      return await tokensAnswer(core, input);
    }
    case 'workloads': {
      const { workloadsAnswer } = await import('./workloads-command.ts');
      return await workloadsAnswer(core, input);
    }
    case 'savings': {
      const { savingsAnswer } = await import('./savings-command.ts');
      return await savingsAnswer(core, input);
    }
    case 'forecast': {
      const { forecastAnswer } = await import('./daily-command.ts');
      return await forecastAnswer(core, input);
    }
    case 'anomalies': {
      const { anomaliesAnswer } = await import('./daily-command.ts');
      return await anomaliesAnswer(core, input);
    }
    case 'rules': {
      const { rulesAnswer } = await import('./workloads-command.ts');
      return await rulesAnswer(core, input);
    }
    case 'decide': {
      const { decideAnswer } = await import('./decisions-command.ts');
      return await decideAnswer(core, input);
    }
    case 'decisions': {
      const { decisionsAnswer } = await import('./decisions-command.ts');
      return await decisionsAnswer(core, input);
    }
    case 'doctor': {
      const answer = await answerOf(core.call('app.doctor', {}));
      const { hostChecks } = await import('./host-checks.ts');
      const checks = [...answer.checks, ...hostChecks(process.platform, process.env)];
      const healthy = checks.every((check) => check.status !== 'failed');
      return {
        value: { healthy, checks },
        text: doctorText(checks),
        exitCode: healthy ? 0 : 1,
      };
    }
    default:
      throw usage(`There is no command "${input.command}".`);
  }
}

function importAnswer(answer: ImportAnswer): Answer {
  const bills = answer.loads.length > 0 || answer.others.length === 0;
  const texts = [...(bills ? [loadsText(answer.loads)] : []), ...answer.others.map(otherText)];
  return importedAnswer(answer, [...answer.loads, ...answer.others], texts.join('\n'), {
    code: 'NOT_A_BILL',
    message:
      'No billing export, telemetry, price list or usage export was found. Nothing was changed.',
    hint: 'Outlay reads FOCUS, AWS cost and usage reports, Google Cloud billing exports and Cost Explorer answers: CSV, Parquet or JSON, also compressed.',
  });
}

function costsInput(values: Arguments['values']): CallInput<'costs.query'> {
  const by = ((values['by'] as string[] | undefined) ?? []).flatMap((list) => list.split(','));
  const limit = values['limit'];
  return {
    by: by as CallInput<'costs.query'>['by'],
    filters: ((values['filter'] as string[] | undefined) ?? []).map((text) =>
      readFilter(text, 'costs'),
    ),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(Object.fromEntries(
      ['metric', 'from', 'to', 'period', 'granularity'].flatMap((name) =>
        values[name] === undefined ? [] : [[name, values[name]]],
      ),
    ) as Partial<CallInput<'costs.query'>>),
  };
}

function linesInput(values: Arguments['values']): CallInput<'costs.lines'> {
  return {
    filters: ((values['filter'] as string[] | undefined) ?? []).map((text) =>
      readFilter(text, 'lines'),
    ),
    ...(Object.fromEntries([
      ...['metric', 'from', 'to', 'period', 'sort'].flatMap((name) =>
        values[name] === undefined ? [] : [[name, values[name]]],
      ),
      ...['limit', 'offset'].flatMap((name) =>
        values[name] === undefined ? [] : [[name, Number(values[name])]],
      ),
    ]) as Partial<CallInput<'costs.lines'>>),
  };
}

/** `DIM=V`; the first equals sign separates, and an empty value matches "no value". */
export function readFilter(text: string, command: string): Filter {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`--filter ${text}: write DIM=VALUE.`, commands[command]);
  const value = text.slice(at + 1);
  return {
    dimension: text.slice(0, at) as Filter['dimension'],
    values: [value === '' ? null : value],
  };
}

function dateOrder(value: unknown): Pick<CallInput<'import.run'>, 'dateOrder'> {
  if (value === undefined) return {};
  if (value === 'mdy' || value === 'dmy') return { dateOrder: value };
  throw usage('--date-order is mdy (month first) or dmy (day first).', commands['import']);
}

function optional<N extends string>(name: N, value: unknown): { [K in N]?: string } {
  return (typeof value === 'string' ? { [name]: value } : {}) as { [K in N]?: string };
}

function required(input: Arguments, name: string): string {
  const value = input.values[name];
  if (typeof value === 'string') return value;
  throw usage(`${input.command} needs --${name}.`, commands[input.command]);
}
