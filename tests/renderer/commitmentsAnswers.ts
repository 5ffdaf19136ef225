import type { CommitmentsOverview } from '../../shared/contract/commitments.ts';
import { addDays, addMonths, monthOf } from '../../shared/domain/calendar.ts';
import { tranches } from './savingsAnswers.ts';

/** Relative to `lastDay`, which the calendar begins with. */
export function commitmentsAnswer(lastDay: string): CommitmentsOverview {
  const owned = (
    id: string,
    type: string,
    provider: string,
    amount: number,
    unit: string,
    days: number | null,
  ): CommitmentsOverview['owned'][number] => {
    return {
      id,
      name: `${type}, ${amount.toFixed(2)}${unit === '$/h' ? '/h' : ` ${unit}`}`,
      provider,
      account: '123456789012',
      accountName: 'research',
      kind: 'csp',
      type,
      amount,
      unit,
      covers: 'any machine, Lambda and Fargate',
      starts: '2025-12-09',
      startsBefore: true,
      ends: days === null ? null : addDays(lastDay, days),
      endReason:
        days === null
          ? 'the bill shows neither a purchase nor a term; the console says it'
          : 'purchase row of 9 Dec 2025 and a term of 1 year',
      daysLeft: days,
      decideBy: days === null ? null : addDays(lastDay, Math.max(0, days - 7)),
      fee: '44640',
      unused: '446.4',
      utilisation: days === null ? null : 0.99,
      saved: '17360',
    };
  };
  const points = Array.from({ length: 23 }, (_, index) => {
    const amount = index * 10;
    const bill = 623_000 + 6.9 * (amount - 118.4) ** 2;
    return {
      amount,
      bill: bill.toFixed(2),
      low: (bill - 8000 - amount * 160).toFixed(2),
      high: (bill + 9000 + amount ** 2 * 1.2).toFixed(2),
    };
  });
  const curve = {
    action: 'commit:csp',
    provider: 'AWS',
    kind: 'csp' as const,
    unit: '$/h',
    termMonths: 12,
    points,
    chosen: { amount: 118.4, bill: '623000' },
    flat: { from: 101, to: 137, within: '2500' },
    ending: [{ commitment: 'sp-1', name: 'Compute SP', amount: 62, ends: addDays(lastDay, 18) }],
  };
  let total = 0;
  return {
    currency: 'USD',
    currencies: ['USD'],
    window: { from: '2026-10-22', to: '2026-11-21' },
    coverage: { value: 0.614, planned: 0.82, numerator: '739567', denominator: '1204600' },
    utilisation: { value: 0.962, planned: null, numerator: '553000', denominator: '574870' },
    esr: { value: 0.228, planned: 0.299, numerator: '274600', denominator: '1204600' },
    owned: [
      owned('sp-1', 'Compute Savings Plan', 'AWS', 62, '$/h', 18),
      owned('cud-1', 'Resource CUD', 'Google Cloud', 8, 'H100', 54),
      owned('sp-2', 'EC2 Instance Savings Plan', 'AWS', 8.4, '$/h', 132),
      owned('sp-3', 'Compute Savings Plan', 'AWS', 22, '$/h', 314),
      owned('ri-1', 'Reservation', 'Microsoft Azure', 4, 'ND96isr', null),
    ],
    ended: [{ id: 'old', name: 'old plan', provider: 'AWS', ends: '2026-06-01' }],
    curves: [
      { ...curve, id: 'commit:csp', title: 'Compute Savings Plan' },
      {
        ...curve,
        id: 'offer:isp',
        action: null,
        title: 'EC2 Instance Savings Plan, p5',
        ending: [],
      },
    ],
    ladder: tranches.map(({ day, amount }) => {
      total += amount;
      return {
        day,
        action: 'commit:csp',
        title: 'Compute Savings Plan',
        amount,
        unit: '$/h',
        total,
        ends: `${addMonths(monthOf(day), 12)}-09`,
      };
    }),
    missing: [],
    notes: [],
  };
}
