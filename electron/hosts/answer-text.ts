import type { Answer } from '../../shared/analysis/analyze.ts';
import type { Claimed, PlanAnswer } from '../../shared/analysis/answer.ts';

/** What a person reads of an analysis; --json has every figure. */
export function answerText(answer: Answer): string {
  if ('rightsizing' in answer) return planText(answer);
  if (answer.mode === 'gcp') {
    const { baseline, joint_savings } = answer.claimed;
    return `Commit to ${answer.gcp_units} units: saves ${money(joint_savings)} of ${money(baseline)} ${answer.currency}.`;
  }
  const bills = answer.claimed
    ? [[answer.currency, answer.claimed] as const]
    : Object.entries(answer.by_currency ?? {});
  return bills
    .map(([currency, figures]) =>
      [
        `${currency}: ${money(figures.total)}`,
        `  on demand    ${money(figures.on_demand)}`,
        `  unused       ${money(figures.unused)}`,
        `  coverage     ${share(figures.coverage)}`,
        `  utilisation  ${share(figures.utilisation)}`,
        `  ESR          ${share(figures.esr)}`,
      ].join('\n'),
    )
    .join('\n');
}

function planText(answer: PlanAnswer): string {
  if (answer.withheld !== null) return answer.withheld;
  const claims: [string, Claimed][] = answer.claimed
    ? [[answer.currency, answer.claimed]]
    : Object.entries(answer.by_currency ?? {});
  const lines = claims.flatMap(([currency, claimed]) => [
    `${currency}: ${money(claimed.baseline)} today, ${money(claimed.optimized)} planned, saves ${money(claimed.joint_savings)} (${money(claimed.low)} to ${money(claimed.high)})`,
    ...claimed.actions.map(({ id, marginal }) => `  ${money(marginal).padStart(14)}  ${id}`),
  ]);
  return [...lines, ...answer.warnings].join('\n');
}

function money(amount: number): string {
  return amount.toFixed(2).replace(/^-/, '\u2212');
}

function share(value: number | null): string {
  return value === null ? 'undefined' : `${(100 * value).toFixed(1)} %`;
}
