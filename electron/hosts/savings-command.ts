import type { CallInput } from '../../shared/contract/contract.ts';
import { commitmentKinds, levers, type SavingsPlan } from '../../shared/contract/savings.ts';
import { dayNumber } from '../../shared/domain/calendar.ts';
import type { Core } from '../core/api.ts';
import { answerOf } from './answer-of.ts';
import { type Arguments, commands, usage } from './cli-arguments.ts';
import type { Answer } from './cli-commands.ts';
import { savingsText } from './savings-text.ts';

type Input = CallInput<'savings.plan'>;
type Policy = NonNullable<Input['policy']>;

const risks: Record<string, number> = { low: 0.05, medium: 0.1, high: 0.2 };

/** The plan of each currency in turn: currencies are planned apart and never added. */
export async function savingsAnswer(core: Core, { values }: Arguments): Promise<Answer> {
  const input: Input = {
    ...(Object.fromEntries(
      ['period', 'provider', 'currency'].flatMap((name) =>
        values[name] === undefined ? [] : [[name, values[name]]],
      ),
    ) as Pick<Input, 'period' | 'provider' | 'currency'>),
    policy: policyOf(values),
  };
  const first = await answerOf(core.call('savings.plan', input));
  const plans = [first];
  for (const currency of values['currency'] === undefined ? first.currencies : []) {
    if (currency === first.currency) continue;
    plans.push(await answerOf(core.call('savings.plan', { ...input, currency })));
  }
  const [document, ...others] = plans.map(documentOf);
  return {
    value: others.length === 0 ? document : { ...document, others },
    text: plans.map((plan) => savingsText(plan, values['details'] === true)).join('\n\n'),
    exitCode: 0,
  };
}

function policyOf(values: Arguments['values']): Policy {
  const policy: Policy = {};
  if (values['risk'] !== undefined) policy.mostLoss = riskOf(String(values['risk']));
  const term = values['max-term'];
  if (term !== undefined) policy.maxTermMonths = term === 'any' ? null : termOf(String(term));
  if (values['levers'] !== undefined) policy.levers = listOf('--levers', values['levers'], levers);
  if (values['kinds'] !== undefined) {
    policy.commitments = listOf('--kinds', values['kinds'], commitmentKinds);
  }
  if (values['cash'] !== undefined) policy.maxCash = numberOf('--cash', String(values['cash']));
  if (values['usage'] !== undefined) policy.usage = numberOf('--usage', String(values['usage']));
  if (values['off'] !== undefined) policy.off = values['off'] as string[];
  if (values['ends'] !== undefined) {
    policy.ends = Object.fromEntries((values['ends'] as string[]).map(endOf));
  }
  return policy;
}

/** Names apart by commas; "none" is no name at all. */
function listOf<T extends string>(
  flag: string,
  value: Arguments['values'][string],
  all: readonly T[],
): T[] {
  const text = String(value);
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  const known = all.filter((name) => names.includes(name));
  const unknown = names.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) {
    throw usage(
      `${flag} is none, or some of ${all.join(',')}, not "${unknown}".`,
      commands['savings'],
    );
  }
  return known;
}

function riskOf(text: string): number {
  const named = risks[text];
  if (named !== undefined) return named;
  const share = numberOf('--risk', text);
  if (share < 0.01 || share > 0.5) {
    throw usage(
      '--risk is low, medium, high, or a chance of loss from 0.01 to 0.5.',
      commands['savings'],
    );
  }
  return share;
}

/** Months, or years as "1y". */
function termOf(text: string): number {
  const [, count = '', unit] = /^(\d+)\s*(y|m)?/i.exec(text) ?? [];
  const months = Number(count) * (unit?.toLowerCase() === 'y' ? 12 : 1);
  if (!(months >= 1)) {
    throw usage('--max-term is a number of months, years as 1y, or any.', commands['savings']);
  }
  return months;
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw usage(`${flag} is a number, not "${text}".`, commands['savings']);
  }
  return value;
}

function endOf(text: string): [string, string] {
  const at = text.lastIndexOf('=');
  if (at <= 0) throw usage(`--ends is COMMITMENT=DAY, not "${text}".`, commands['savings']);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The plan as `outlay analyze` answers one, figures as numbers a month; below them all that is known. */
function documentOf(answer: SavingsPlan) {
  const { plan, currency, status, reconciliation } = answer;
  const actions = plan?.actions ?? [];
  const optionOf = (id: string) => id.slice(id.lastIndexOf(':') + 1);
  const workloadOf = (id: string) => id.slice(id.indexOf(':') + 1);
  return {
    id: 'ledger',
    mode: 'advice',
    status,
    currency,
    rightsizing: Object.fromEntries(
      actions.flatMap(({ id, lever }) =>
        lever === 'stop'
          ? [[workloadOf(id), 'stop']]
          : lever === 'resize'
            ? [[workloadOf(id.slice(0, id.lastIndexOf(':'))), optionOf(id)]]
            : [],
      ),
    ),
    spot: Object.fromEntries(
      actions.flatMap(({ id, lever }) =>
        lever === 'spot' ? [[workloadOf(id), !id.startsWith('spot-off')]] : [],
      ),
    ),
    commitments: actions.flatMap(({ commitment }) =>
      (commitment?.purchases ?? []).map(({ day, amount }) => ({
        offer: commitment?.offer,
        kind: commitment?.kind,
        scope: commitment?.scope,
        currency,
        amount,
        start_h: (dayNumber(day) - dayNumber(plan?.horizon.from ?? day)) * 24,
      })),
    ),
    side: {},
    claimed: plan && {
      baseline: Number(plan.baseline),
      optimized: Number(plan.planned),
      joint_savings: Number(plan.savings),
      low: Number(plan.low),
      high: Number(plan.high),
      p_loss: plan.pLoss,
      actions: actions.map(({ id, lever, standalone, marginal, lastIn }) => ({
        id,
        lever,
        standalone: Number(standalone),
        marginal: Number(marginal),
        last_in: Number(lastIn),
      })),
      gap: { amount: Number(plan.gap.amount), share: plan.gap.share, complete: plan.gap.complete },
    },
    reconciliation,
    withheld: status === 'withheld' ? withheldWords(answer) : null,
    policy: answer.policy,
    window: answer.window,
    currencies: answer.currencies,
    providers: answer.providers,
    inputs: answer.inputs,
    prices: answer.prices,
    missing: answer.missing,
    notes: answer.notes,
    plan,
  };
}

function withheldWords({ reconciliation }: SavingsPlan): string {
  const failed = reconciliation.filter(({ provider, holds }) => provider !== null && !holds);
  return `The simulated bill differs from EffectiveCost by more than 0.1%: ${failed
    .map(
      ({ provider, simulated, effective, difference }) =>
        `${provider} ${simulated} against ${effective}, ${difference}`,
    )
    .join('; ')}. Recommendations are withheld.`;
}
