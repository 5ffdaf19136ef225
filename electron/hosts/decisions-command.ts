import type { CallInput } from '../../shared/contract/contract.ts';
import type { Decision } from '../../shared/contract/decisions.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import { decisionKey } from '../../shared/decisions/decisionKey.ts';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import type { Answer } from './cli-commands.ts';
import { bankedText, decisionsText, recordedText } from './decisions-text.ts';

/** What each decision must be told, and no other may. */
const needs = {
  accept: null,
  schedule: 'on',
  done: 'on',
  dismiss: 'reason',
  snooze: 'until',
  reopen: null,
} as const satisfies Record<Decision['kind'], string | null>;

const details = ['on', 'until', 'reason'] as const;

/** `decisions`, `decisions list`, `decisions banked`, and `decisions record`, which is `decide`. */
export async function decisionsAnswer(core: Core, input: Arguments): Promise<Answer> {
  const [action = 'list', ...words] = input.words;
  if (action === 'record') return decideAnswer(core, { ...input, words });
  if (action !== 'list' && action !== 'banked') {
    throw usage('decisions needs list, record or banked.', commands['decisions']);
  }
  if (words.length > 0) {
    throw usage(`decisions ${action} takes no "${words[0]}".`, commands['decisions']);
  }
  refuseOthers(input, action === 'banked' ? ['from', 'to'] : [], `decisions ${action}`);
  if (action === 'list') {
    const answer = await answerOf(core.call('decisions.list', {}));
    return { value: answer, text: decisionsText(answer), exitCode: 0 };
  }
  const days = Object.fromEntries(
    ['from', 'to'].flatMap((name) =>
      typeof input.values[name] === 'string' ? [[name, input.values[name]]] : [],
    ),
  ) as CallInput<'decisions.banked'>;
  const answer = await answerOf(core.call('decisions.banked', days));
  return { value: answer, text: bankedText(answer), exitCode: 0 };
}

/** `decide ID accept`, `decide ID done --on D` and so on. */
export async function decideAnswer(core: Core, input: Arguments): Promise<Answer> {
  const own = commands['decide'];
  const [id, kind = '', surplus] = input.words;
  if (id === undefined) throw usage('decide needs the id of an action.', own);
  if (!Object.hasOwn(needs, kind)) {
    throw usage(`decide needs one of ${Object.keys(needs).join(', ')}.`, own);
  }
  if (surplus !== undefined) throw usage(`decide takes no "${surplus}".`, own);
  const detail = needs[kind as Decision['kind']];
  refuseOthers(input, [...(detail ? [detail] : []), 'currency'], `decide ID ${kind}`);
  const value = detail === null ? undefined : input.values[detail];
  if (detail !== null && typeof value !== 'string') {
    throw usage(`decide ID ${kind} needs --${detail}.`, own);
  }
  const decision = { kind, ...(detail === null ? {} : { [detail]: value }) } as Decision;
  const { currency } = input.values;
  const plan = typeof currency === 'string' ? { currency } : {};
  const key = await keyOf(core, id, plan);
  const answer = await answerOf(core.call('decisions.record', { key, decision, plan }));
  return { value: answer, text: recordedText(answer), exitCode: 0 };
}

/** Ids are those of the plan, in one currency; a key of the list names its own. */
async function keyOf(core: Core, id: string, plan: { currency?: string }): Promise<string> {
  const { items } = await answerOf(core.call('decisions.list', {}));
  if (items.some(({ key }) => key === id)) return id;
  const known = items.filter(
    ({ action, key }) =>
      action === id && (plan.currency === undefined || key === decisionKey(plan.currency, id)),
  );
  if (known.length > 1) {
    throw new OutlayError(
      'INVALID_INPUT',
      `${id} is an action of several currencies. Nothing was recorded.`,
      'Say which with --currency.',
    );
  }
  const [one] = known;
  if (one) return one.key;
  const { currency } = await answerOf(core.call('savings.plan', plan));
  return decisionKey(currency, id);
}

function refuseOthers({ values }: Arguments, taken: readonly string[], command: string): void {
  const other = [...details, 'from', 'to', 'currency'].find(
    (name) => values[name] !== undefined && !taken.includes(name),
  );
  if (other) throw usage(`${command} takes no --${other}.`, commands['decisions']);
}
