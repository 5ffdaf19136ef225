import { OutlayError } from '../../../shared/contract/errors.ts';
import type { ReadableDb } from '../store/open.ts';
import { anthropicCosts } from './formats/anthropic-costs.ts';
import { costExplorer } from './formats/cost-explorer.ts';
import { openaiCosts } from './formats/openai-costs.ts';
import type { Input } from './outcome.ts';
import type { BillKey } from './roll-up.ts';

/** Answers to questions: the same cost may be asked for twice, grouped otherwise. */
const answers = [costExplorer.family, openaiCosts.family, anthropicCosts.family];

/**
 * Why files that would make one version, or stand beside one, state the same cost twice; null
 * where they do not. `parts` are the files with the key, `inputs` all that came together.
 */
export function findMixture(
  db: ReadableDb,
  key: BillKey,
  parts: readonly Input[],
  inputs: readonly Input[],
): OutlayError | null {
  const [first, ...others] = parts;
  if (!first) return null;
  const other = others.find((input) => family(input) !== family(first));
  if (other) return mixture(first.file.name, family(first), other.file.name, family(other));
  if (answers.includes(family(first))) {
    const again = findSecondAnswer(parts);
    if (again) return mixture(again[0].file.name, family(first), again[1].file.name, family(first));
  }
  return findUnnamedAccount(db, key, first, inputs);
}

/** Two answers for the same days are two groupings of one cost, unless they are pages of one. */
function findSecondAnswer(parts: readonly Input[]): [Input, Input] | null {
  const whole = parts.filter(
    ({ bill }) => bill && !bill.warnings.some(({ code }) => code === 'PAGES_MISSING'),
  );
  for (const [i, a] of whole.entries()) {
    for (const b of whole.slice(i + 1)) {
      const days = daysOf(a);
      if ([...daysOf(b)].some((day) => days.has(day))) return [a, b];
    }
  }
  return null;
}

function daysOf({ shares }: Input): Set<number> {
  return new Set(shares.flatMap(({ days }) => [...days]));
}

/**
 * A Cost Explorer answer does not say whose bill it is. Beside any other bill of AWS for the
 * month it may state that bill's cost a second time.
 */
function findUnnamedAccount(
  db: ReadableDb,
  key: BillKey,
  first: Input,
  inputs: readonly Input[],
): OutlayError | null {
  if (!key.provider.startsWith('AWS') && !key.provider.startsWith('Amazon')) return null;
  const isAnswer = family(first) === costExplorer.family;
  const beside = inputs.find(
    ({ bill }) =>
      bill?.totals.some(
        (total) =>
          total.billingPeriod === key.billingPeriod &&
          /^(AWS|Amazon)/.test(total.provider) &&
          total.billingAccount !== key.billingAccount,
      ) && (bill.format.family === costExplorer.family) !== isAnswer,
  );
  if (beside) return mixture(first.file.name, family(first), beside.file.name, family(beside));
  const stored = db
    .prepare(
      `SELECT label, format FROM version JOIN source ON source.id = source_id
       WHERE is_current = 1 AND billing_period = ? AND billing_account <> ?
         AND (provider LIKE 'AWS%' OR provider LIKE 'Amazon%') AND (format = ?) <> ? LIMIT 1`,
    )
    .get(key.billingPeriod, key.billingAccount, costExplorer.family, isAnswer ? 1 : 0) as
    | { label: string; format: string }
    | undefined;
  if (!stored) return null;
  return new OutlayError(
    'OVERLAP',
    `${first.file.name}: a bill of AWS for ${key.billingPeriod} is already loaded from source "${stored.label}" (${stored.format}). A Cost Explorer answer does not name its billing account, so the same cost could count twice. Nothing was changed.`,
    'Remove that source first, or do without this file.',
  );
}

function family(input: Input): string {
  return input.bill?.format.family ?? '';
}

function mixture(a: string, familyOfA: string, b: string, familyOfB: string): OutlayError {
  return new OutlayError(
    'OVERLAP',
    `${a} (${familyOfA}) and ${b} (${familyOfB}) came together and state the cost of the same month, so it would count twice. Nothing was changed.`,
    'Import one of them only.',
  );
}
