import {
  type Classification,
  createClassifier,
  reasonOf,
} from '../../../shared/workloads/classify.ts';
import type { ClassifiedLedger } from './ledger.ts';
import type { SeriesFacts } from './series-facts.ts';

/** Why a series is what it is; asked of few, so worked out on the spot. */
export function createReasons(ledger: ClassifiedLedger, facts: SeriesFacts) {
  const classify = createClassifier();
  const { base, decided, rules } = ledger;
  return {
    own: (series: number): Classification => classify(facts.facts(series)),
    rule: (series: number): string => {
      const number = decided.rule[series] as number;
      const rule = number >= 0 ? rules[number] : undefined;
      return rule ? `user:${rule.name}` : (base.rules[base.rule[series] as number] ?? '');
    },
    reason: (series: number): string => {
      const number = decided.rule[series] as number;
      const rule = number >= 0 ? rules[number] : undefined;
      if (rule && rule.purpose !== null) return `Your rule "${rule.name}" says so.`;
      return reasonOf(classify(facts.facts(series)));
    },
  };
}
export type Reasons = ReturnType<typeof createReasons>;
