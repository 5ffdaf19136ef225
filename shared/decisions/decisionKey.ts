/**
 * What a decision is about, the same from plan to plan: the currency, and the action's id, which names
 * lever, workload or pool, and target. Amounts, prices and start days are no part of it, because they
 * differ from plan to plan and the decision belongs to the action all the same.
 */
export function decisionKey(currency: string | null, actionId: string): string {
  return `${currency ?? ''} ${actionId}`;
}
