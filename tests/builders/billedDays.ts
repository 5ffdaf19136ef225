import { expect } from 'vitest';
import { addDays } from '../../shared/domain/calendar.ts';
import { focusCsv, focusRow, type FocusRow } from './focus.ts';
import type { Workspace } from './workspace.ts';

/** What a day costs of one machine: hours at a price. */
export interface DayUse {
  resource?: string;
  machine?: string;
  hours: number;
  /** Of an hour, as it is paid and on demand. */
  price: number;
  onDemand?: number;
  commitment?: string;
  status?: 'Used' | 'Unused';
  workload?: string;
  cells?: FocusRow;
}

/** Bills from `from` to the day before `to`, a file a month, with what each day used. */
export async function billed(
  place: Workspace,
  from: string,
  to: string,
  usesOn: (day: string) => DayUse[],
): Promise<void> {
  const months = new Map<string, FocusRow[]>();
  for (let day = from; day < to; day = addDays(day, 1)) {
    const month = day.slice(0, 7);
    const rows = months.get(month) ?? [];
    months.set(month, rows);
    // Something else is used every day, as in any account.
    for (const use of [
      ...usesOn(day),
      { resource: 'other', machine: 'm5.large', hours: 24, price: 1, workload: 'web' },
    ]) {
      rows.push(rowOf(day, month, use));
    }
  }
  for (const [month, rows] of months) {
    const [load] = await place.load(place.file(`${month}.csv`, focusCsv(rows)), { source: 'bill' });
    expect(load?.status).toBe('loaded');
  }
}

function rowOf(day: string, month: string, use: DayUse): FocusRow {
  const { resource = 'i-1', machine = 'p5.48xlarge', hours, price, onDemand = price } = use;
  const cost = ((hours * price * 1000) / 1000).toFixed(4);
  return focusRow({
    BillingPeriodStart: `${month}-01T00:00:00Z`,
    ChargePeriodStart: `${day}T00:00:00Z`,
    ResourceId: use.status === 'Unused' ? '' : resource,
    SkuId: machine,
    SkuPriceDetails: JSON.stringify({ InstanceType: machine }),
    PricingQuantity: String(hours),
    PricingUnit: 'Hours',
    BilledCost: cost,
    EffectiveCost: cost,
    ContractedCost: use.status === 'Unused' ? '0' : (hours * onDemand).toFixed(4),
    CommitmentDiscountId: use.commitment ?? '',
    CommitmentDiscountStatus: use.status ?? (use.commitment ? 'Used' : ''),
    Tags: JSON.stringify({ workload: use.workload ?? 'trainer' }),
    ...use.cells,
  });
}
