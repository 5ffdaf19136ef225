import { resolve } from 'node:path';
import type { CallOutput } from '../../shared/contract/contract.ts';
import type { TokenLoad } from '../../shared/contract/tokens.ts';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import type { Answer } from './cli-commands.ts';
import { importedAnswer } from './imported-answer.ts';
import { table } from './cli-text.ts';

const command = commands['tokens'];
const ownFlags: Record<string, readonly string[]> = {
  import: ['account'],
  list: ['from', 'to'],
  remove: [],
};

/** `tokens import FILE...`, `list` and `remove LOAD`; each takes its own flags. */
export async function tokensAnswer(core: Core, { words, values }: Arguments): Promise<Answer> {
  const [action = '', ...rest] = words;
  const own = Object.hasOwn(ownFlags, action) ? ownFlags[action] : undefined;
  if (!own) throw usage('tokens needs import, list or remove.', command);
  const given = Object.keys(values).filter((name) => !['data', 'json', 'help'].includes(name));
  const other = given.find((name) => !own.includes(name));
  if (other) throw usage(`tokens ${action} takes no --${other}.`, command);
  const named = (name: string) =>
    typeof values[name] === 'string' ? { [name]: values[name] } : undefined;
  const most = action === 'remove' ? 1 : action === 'list' ? 0 : Infinity;
  if (rest.length > most) throw usage(`tokens ${action} takes no "${rest[most]}".`, command);
  if (action === 'list') {
    const answer = await answerOf(core.call('tokens.list', { ...named('from'), ...named('to') }));
    return { value: answer, text: countsText(answer), exitCode: 0 };
  }
  if (action === 'remove') {
    if (rest[0] === undefined) throw usage('tokens remove needs the number of a load.', command);
    const answer = await answerOf(core.call('tokens.remove', { load: Number(rest[0]) }));
    const text = `Load ${answer.load} (${answer.file}) is removed: ${answer.tokens} tokens.`;
    return { value: answer, text, exitCode: 0 };
  }
  if (rest.length === 0) throw usage('tokens import needs a file.', command);
  const answer = await answerOf(
    core.call('tokens.import', {
      job: crypto.randomUUID(),
      paths: rest.map((path) => resolve(path)),
      ...named('account'),
    }),
  );
  return importedAnswer(answer, answer.loads, importedTokensText(answer.loads), {
    code: 'UNSUPPORTED_FORMAT',
    message: 'No usage export was found. Nothing was changed.',
    hint: 'docs/tokens.md lists what is read.',
  });
}

/** What became of each file of an import. */
export function importedTokensText(loads: readonly TokenLoad[]): string {
  return loads
    .map((load) => {
      const { status, file, format, tokens, rowsRead, firstDay, lastDay } = load;
      const lines = [`${status.padEnd(9)} ${file}${format ? `, ${format}` : ''}, load ${load.id}`];
      if (status === 'loaded') {
        const span = firstDay && lastDay ? `, ${firstDay} to ${lastDay}` : '';
        lines.push(`          ${tokens} tokens in ${rowsRead} results${span}`);
      }
      for (const line of [load.reason, load.hint]) if (line) lines.push(`          ${line}`);
      for (const { message, count } of load.findings) lines.push(`          ${message} (${count})`);
      return lines.join('\n');
    })
    .join('\n');
}

const cacheWords = {
  none: '',
  read: ' read from cache',
  write: ' written to cache',
  unknown: ', cached or not',
};

function countsText({ counts, loads }: CallOutput<'tokens.list'>): string {
  const loaded = loads.filter(({ status }) => status === 'loaded');
  if (counts.length === 0 && loaded.length === 0) return 'No usage exports are loaded.';
  const rows = counts.map((of) => [
    of.vendor,
    of.model ?? 'not named',
    of.account ?? '',
    `${of.direction}${cacheWords[of.cache]}${of.batch ? ', batch' : ''}`,
    of.tokens,
    `${of.firstDay} to ${of.lastDay}`,
  ]);
  const head = ['vendor', 'model', 'account', 'kind', 'tokens', 'days'];
  return [
    table([head, ...rows], 4, 4),
    '',
    ...loaded.map(
      ({ id, file, tokens }) =>
        `load ${id}  ${file}: ${tokens} tokens; remove: outlay tokens remove ${id}`,
    ),
  ].join('\n');
}
