import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { CallInput, CallOutput } from '../../shared/contract/contract.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import type { Answer } from './cli-commands.ts';
import { appliedText, rulesText, workloadsText } from './workloads-text.ts';

type Overview = CallOutput<'workloads.overview'>;

/** Of each currency in turn: amounts of different currencies are never added. */
export async function workloadsAnswer(core: Core, { values }: Arguments): Promise<Answer> {
  const by = values['by'] ?? 'workload';
  if (by !== 'workload' && by !== 'purpose') {
    throw usage('--by is purpose or workload.', commands['workloads']);
  }
  if (values['period'] !== undefined && (values['from'] ?? values['to']) !== undefined) {
    throw usage('workloads takes --period or --from and --to, not both.', commands['workloads']);
  }
  const input = {
    ...(Object.fromEntries(
      ['metric', 'from', 'to', 'period'].flatMap((name) =>
        values[name] === undefined ? [] : [[name, values[name]]],
      ),
    ) as CallInput<'workloads.overview'>),
    granularity: 'month' as const,
    ...(values['limit'] === undefined ? {} : { limit: Number(values['limit']) }),
  };
  const first = await answerOf(core.call('workloads.overview', input));
  const others: Overview[] = [];
  for (const currency of first.currencies) {
    if (currency === first.currency) continue;
    others.push(await answerOf(core.call('workloads.overview', { ...input, currency })));
  }
  const all = [first, ...others];
  const value = {
    metric: first.metric,
    range: first.range,
    currencies: all.map(({ currency, total, ai, unassigned, unexplained, untagged, restCost }) => ({
      currency,
      total: total.cost,
      ai: ai.cost,
      unknownRows: total.unknownRows,
      unassigned: unassigned.cost,
      unexplained: unexplained.cost,
      untagged: untagged.cost,
      restCost,
    })),
    purposes: all.flatMap(({ currency, purposes }) =>
      purposes.map(({ purpose, title, cost, share, previous }) => ({
        purpose,
        title,
        currency,
        cost,
        share,
        previous,
      })),
    ),
    workloads: by === 'purpose' ? [] : all.flatMap(workloadRows),
  };
  return { value, text: workloadsText(all, by), exitCode: 0 };
}

function workloadRows({ currency, workloads }: Overview) {
  return workloads.map(
    ({ id, purpose, reason, rule, cost, notAi, shared, gpu, telemetry, unit }) => ({
      id,
      purpose,
      reason,
      rule,
      currency,
      cost,
      notAi,
      shared,
      gpuHours: gpu.hours,
      busyGpuHours: gpu.busyHours,
      busyShare: gpu.busyShare,
      unit,
      telemetry,
    }),
  );
}

/** More is no text that a person has written. */
const largestFile = 1_000_000;

/** `rules show`, `rules check FILE`, `rules import FILE`, `rules clear`. */
export async function rulesAnswer(core: Core, { words }: Arguments): Promise<Answer> {
  const [action = '', file, surplus] = words;
  const takesFile = action === 'import' || action === 'check';
  if (!takesFile && action !== 'show' && action !== 'clear') {
    throw usage('rules needs show, check, import or clear.', commands['rules']);
  }
  if (takesFile && file === undefined)
    throw usage(`rules ${action} needs a file.`, commands['rules']);
  const other = takesFile ? surplus : file;
  if (other !== undefined) throw usage(`rules ${action} takes no "${other}".`, commands['rules']);
  if (action === 'show') {
    const answer = await answerOf(core.call('rules.get', {}));
    return { value: answer, text: rulesText(answer), exitCode: 0 };
  }
  const text = takesFile ? readRuleFile(resolve(file ?? '')) : '';
  const apply = action !== 'check';
  const answer = await answerOf(core.call('rules.set', { text, apply }));
  const [first] = answer.problems;
  if (!first) return { value: answer, text: appliedText(answer), exitCode: 0 };
  const where = (problem: typeof first) =>
    `${basename(file ?? '')}, line ${problem.line}, column ${problem.column}: ${problem.message}`;
  const error = {
    code: 'INVALID_INPUT',
    message: `${where(first)} Nothing was changed.`,
    hint: 'docs/rules.md has every kind of rule; `outlay rules show` what holds now.',
  };
  return {
    value: { error, ...answer },
    text: [...answer.problems.map(where), 'Nothing was changed.'].join('\n'),
    exitCode: 2,
  };
}

function readRuleFile(path: string): string {
  try {
    if (statSync(path).size > largestFile) {
      throw new OutlayError(
        'FILE_TOO_LARGE',
        `${basename(path)} is larger than 1 MB. Nothing was changed.`,
      );
    }
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof OutlayError) throw error;
    const missing = (error as { code?: string }).code === 'ENOENT';
    throw new OutlayError(
      missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      `${path} ${missing ? 'does not exist' : 'cannot be read'}. Nothing was changed.`,
      'Give the path of a rule file.',
      { cause: error },
    );
  }
}
