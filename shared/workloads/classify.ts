import { type ChargeFacts, createDerive, type Derived } from './facts.ts';
import type { Purpose } from './purposes.ts';
import { holds, type PurposeRule, purposeRules } from './rules.ts';
import { type Workload, workloadOf } from './workload.ts';

/** What a charge is for, what it belongs to, and why. */
export interface Classification {
  purpose: Purpose;
  workload: Workload | null;
  /** Id of the rule that decided. */
  rule: string;
  /** For people, one sentence. */
  readonly reason: string;
  /** What was read of the charge on the way. */
  derived: Derived;
}

/**
 * Raised whenever the rules, the words or the catalogue they read decide otherwise than before: what
 * was classified and stored with another number is classified anew.
 */
export const classificationVersion = 1;

/**
 * A function that classifies charges. It remembers the texts it has read (meters, machines, names), so
 * it is asked once a distinct charge and is cheap for the next one like it. Further rules stand before
 * the built-in ones.
 */
export function createClassifier(
  further: readonly PurposeRule[] = [],
): (facts: ChargeFacts) => Classification {
  const rules = [...further, ...purposeRules];
  const derive = createDerive();
  return (facts) => {
    const charge = derive(facts);
    for (const rule of rules) {
      if (!holds(rule.when, charge)) continue;
      return {
        purpose: purposeBy(rule, charge),
        workload: workloadOf(facts),
        rule: rule.id,
        // Few of many charges are asked why.
        get reason() {
          return reasonBy(rule, charge);
        },
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

function reasonBy(rule: PurposeRule, charge: Derived): string {
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
