import { type ChargeFacts, createDerive, type Derived } from './facts.ts';
import type { Purpose } from './purposes.ts';
import { holds, type PurposeRule, purposeRules, whole } from './rules.ts';
import { type Workload, workloadOf } from './workload.ts';

/** What a charge is for, what it belongs to, and why. */
export interface Classification {
  purpose: Purpose;
  workload: Workload | null;
  /** Id of the rule that decided. */
  rule: string;
  /** That rule, from which `reasonOf` says why. */
  by: PurposeRule;
  /** What was read of the charge on the way. */
  derived: Derived;
}

/**
 * A function that classifies charges. It remembers the texts it has read (meters, machines, names), so
 * it is asked once a distinct charge and is cheap for the next one like it. Further rules stand before
 * the built-in ones.
 */
export function createClassifier(
  further: readonly PurposeRule[] = [],
): (facts: ChargeFacts) => Classification {
  // Of one shape: a million charges are held against some of them each.
  const rules = [...further, ...purposeRules].map((rule) => ({ rule, when: whole(rule.when) }));
  const derive = createDerive();
  return (facts) => {
    const charge = derive(facts);
    for (const { rule, when } of rules) {
      if (!holds(when, charge)) continue;
      return {
        purpose: purposeBy(rule, charge),
        workload: workloadOf(facts),
        rule: rule.id,
        by: rule,
        derived: charge,
      };
    }
    throw new RangeError('no rule holds for all charges');
  };
}

function purposeBy({ purpose }: PurposeRule, { told, hint }: Derived): Purpose {
  if (purpose === 'told') return told?.purpose ?? 'other-ai';
  if (purpose === 'hint') return hint?.purpose ?? 'other-ai';
  return purpose;
}

/** Why, for people: one sentence. Few of many charges are asked. */
export function reasonOf({
  by: rule,
  derived: charge,
}: Pick<Classification, 'by' | 'derived'>): string {
  const { facts, hint, told, machine, accelerator } = charge;
  const said = rule.purpose === 'told' ? told : hint;
  return rule.reason.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    switch (name) {
      case 'service':
        return facts.service || 'The service';
      case 'meter':
        return facts.meter || facts.description || facts.operation || facts.service || 'The meter';
      case 'machine':
        return machine?.name ?? facts.meter ?? 'The machine';
      case 'accelerator':
        return accelerator?.title ?? 'an accelerator';
      case 'word':
        return said?.word ?? '';
      case 'where':
        return said?.where ?? '';
      default:
        return name;
    }
  });
}
