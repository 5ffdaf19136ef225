import { resolve } from 'node:path';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import type { Answer } from './cli-commands.ts';
import { importedSheetsText, pricesText } from './prices-text.ts';

const ownFlags = new Map<string, readonly string[]>([
  ['import', ['region', 'currency', 'date', 'kind']],
  [
    'list',
    ['provider', 'sku', 'region', 'currency', 'purchase', 'sheet', 'at', 'history', 'limit'],
  ],
]);

/** `prices import FILE...` and `prices list`; each takes its own flags. */
export async function pricesAnswer(core: Core, { words, values }: Arguments): Promise<Answer> {
  const [action, ...paths] = words;
  const own = ownFlags.get(action ?? '');
  if (!own) throw usage('prices needs import or list.', commands['prices']);
  const given = Object.keys(values).filter((name) => !['data', 'json', 'help'].includes(name));
  const other = given.find((name) => !own.includes(name));
  if (other) throw usage(`prices ${action} takes no --${other}.`, commands['prices']);
  const texts = Object.fromEntries(
    own.flatMap((name) => (typeof values[name] === 'string' ? [[name, values[name]]] : [])),
  );
  if (action === 'list') {
    if (paths.length > 0) throw usage(`prices list takes no "${paths[0]}".`, commands['prices']);
    const numbers = Object.fromEntries(
      ['sheet', 'limit'].flatMap((name) => (name in texts ? [[name, Number(texts[name])]] : [])),
    );
    const answer = await answerOf(
      core.call('prices.list', { ...texts, ...numbers, history: values['history'] === true }),
    );
    return { value: answer, text: pricesText(answer), exitCode: 0 };
  }
  if (paths.length === 0) throw usage('prices import needs a file.', commands['prices']);
  const answer = await answerOf(
    core.call('prices.import', {
      job: crypto.randomUUID(),
      paths: paths.map((path) => resolve(path)),
      ...texts,
    }),
  );
  const refused = answer.sheets.filter(({ status }) => status === 'refused');
  const text = importedSheetsText(answer);
  const [first] = refused;
  if (!first) return { value: answer, text, exitCode: 0 };
  if (refused.length < answer.sheets.length) return { value: answer, text, exitCode: 3 };
  const error = { code: first.code, message: first.reason, hint: first.hint };
  return { value: { error, ...answer }, text, exitCode: 2 };
}
