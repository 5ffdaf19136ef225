import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import type { RulesPreview } from '../../../shared/contract/rules.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { purposes, purposeTitles } from '../../../shared/workloads/purposes.ts';
import {
  exampleRules,
  readRules,
  ruleFields,
  type UserRule,
} from '../../../shared/workloads/userRules.ts';
import { giveWay } from '../store/give-way.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import { plus, text } from './gpu.ts';
import { byCost, groupSeries } from './groups.ts';
import type { WorkloadsDeps } from './overview.ts';
import { addRuleText, readRuleText } from './queries.ts';
import { scopeOf } from './scope.ts';
import { sumSeries } from './sums.ts';
import type { Decided } from './user-rules.ts';

const movesShown = 200;

export async function getRules(db: ReadableDb): Promise<CallOutput<'rules.get'>> {
  const stored = readRuleText(db);
  return {
    text: stored.text,
    count: (await readRules(stored.text)).rules.length,
    setAt: stored.setAt,
    previous: stored.previous,
    example: exampleRules,
    fields: [
      ...Object.entries(ruleFields).map(([name, meaning]) => ({ name, meaning })),
      { name: 'tag:KEY', meaning: 'Value of the tag KEY' },
    ],
    purposes: purposes.map((purpose) => ({ purpose, title: purposeTitles[purpose] })),
  };
}

/**
 * Checks a text, says what it would move, and keeps it where asked to. Charges are not touched: which
 * rules hold is one row, so all months change in one step, and back.
 */
export async function setRules(
  deps: WorkloadsDeps & { db: WritableDb; now: () => Date; changed: () => void },
  { text: given, apply }: HandlerInput<'rules.set'>,
): Promise<CallOutput<'rules.set'>> {
  const { rules, problems } = await readRules(given);
  if (problems.length > 0) return { problems, applied: false, count: 0, preview: null };
  const preview = await previewOf(deps, rules);
  if (apply) {
    addRuleText(deps.db, given, deps.now().toISOString());
    deps.changed();
  }
  return { problems, applied: apply, count: rules.length, preview };
}

async function previewOf(
  deps: WorkloadsDeps,
  rules: readonly UserRule[],
): Promise<RulesPreview | null> {
  const { cube } = deps;
  if (cube.segments().length === 0) return null;
  const { decided: now } = await deps.ledger.read();
  const next = await deps.ledger.withRules(rules);
  const scope = scopeOf(cube, deps.summary(), { metric: 'effective', granularity: 'month' });
  const metric = deps.summary()?.metrics.includes('effective') ? 'effective' : 'billed';
  const before = belongsTo(now);
  const after = belongsTo(next);
  // Charges in other currencies are counted; what they cost is never added.
  const groups = groupSeries(next.series, () => true, [
    (series) => scope.mask[series] as number,
    before.of,
    after.of,
    (series) => (next.rule[series] as number) + 1,
  ]);
  await giveWay();
  const sums = await sumSeries(cube, scope.now, metric, groups, 'none');
  let total: Exact | null = null;
  const effects = rules.map(({ name }) => ({
    rule: name,
    charges: 0,
    counted: 0,
    cost: null as Exact | null,
  }));
  const moves: { from: Side; to: Side; cost: Exact | null; rule: string }[] = [];
  for (const [g, series] of groups.first.entries()) {
    if (sums.rows(g, 0) === 0) continue;
    const cost = sums.exact(g, 0);
    const effect = effects[next.rule[series] as number];
    if (effect) effect.charges += sums.rows(g, 0);
    if (scope.mask[series] === 0) continue;
    total = plus(total, cost);
    if (effect) {
      effect.counted += sums.rows(g, 0);
      effect.cost = plus(effect.cost, cost);
    }
    const [from, to] = [before.side(series, null), after.side(series, rules)];
    if (from.purpose === to.purpose && from.workload === to.workload) continue;
    moves.push({ from, to, cost, rule: effect?.rule ?? '' });
  }
  moves.sort(byCost);
  return {
    metric,
    currency: scope.currency,
    total: text(total),
    moves: moves.slice(0, movesShown).map((move) => ({ ...move, cost: text(move.cost) })),
    moveCount: moves.length,
    effects: effects.map(({ rule, charges, counted, cost }) => ({
      rule,
      charges,
      cost: counted === 0 ? '0' : text(cost),
    })),
  };
}

type Side = RulesPreview['moves'][number]['from'];

/** Where the series of a decision belong, as a number and in words. */
function belongsTo(decided: Decided) {
  const { purpose, workload, split, workloads } = decided;
  const count = workloads.length;
  return {
    of: (series: number) =>
      ((split[series] as number) >= 0
        ? count + (split[series] as number)
        : (workload[series] as number)) *
        purposes.length +
      (purpose[series] as number),
    side: (series: number, rules: readonly UserRule[] | null): Side => {
      const rule = split[series] as number;
      const id = workloads[workload[series] as number]?.id ?? '';
      return {
        purpose: purposes[purpose[series] as number] ?? 'other-ai',
        workload: rule >= 0 ? `split by ${rules?.[rule]?.name ?? 'a rule'}` : id === '' ? null : id,
      };
    },
  };
}
