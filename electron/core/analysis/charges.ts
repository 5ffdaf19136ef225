import { join } from 'node:path';
import type { CurrencyLines } from '../../../shared/analysis/bundle.ts';
import {
  addText,
  cellNumbers,
  cellTotal,
  type ExactCells,
  exactCells,
} from '../../../shared/analysis/exactCells.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { type Row, readTable } from './csv-table.ts';
import { momentOf } from './scenario.ts';

const msPerHour = 3_600_000;

/** What the rows of a window say of the workloads and of everything else. */
export interface Charges {
  workloads: Map<string, WorkloadRows>;
  lines: Map<string, CurrencyLines>;
}

export interface WorkloadRows {
  usage: Float64Array;
  spotUsage: Float64Array | null;
  spotCost: number;
}

export interface ChargedWorkload {
  id: string;
  sku: string;
  currency: string;
  spotNow: boolean;
}

interface Cells {
  usage: ExactCells;
  committed: ExactCells;
  spot: ExactCells;
  spotCost: ExactCells;
  allCost: ExactCells;
  onSpot: boolean;
}

const needed = [
  'BillingCurrency',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ChargeCategory',
  'ResourceId',
  'SkuId',
  'PricingCategory',
  'PricingQuantity',
  'EffectiveCost',
  'CommitmentDiscountId',
  'CommitmentDiscountStatus',
];

/**
 * Reads charges.csv for the hours from `start`: usage of the workloads by hour (rows and their
 * corrections added exactly), and the cost of the rest. `owned`: the commitments whose fees the
 * simulation pays, so that their unused part is not counted twice.
 */
export function readCharges(
  folder: string,
  window: { start: number; hours: number },
  workloads: readonly ChargedWorkload[],
  owned: ReadonlySet<string>,
): Charges {
  const cells = new Map<string, Cells>();
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const lines = new Map<string, { byHour: ExactCells; other: ExactCells }>();
  const hours = new Map<string, number>();
  const hourOf = (row: Row, column: string): number => {
    const text = row.text(column);
    let hour = hours.get(text);
    if (hour === undefined) {
      const time = momentOf(text);
      if (Number.isNaN(time)) throw row.refuse(column, `"${text}" is not a time`, 'DATE_BAD');
      hour = (time - window.start) / msPerHour;
      hours.set(text, hour);
    }
    return hour;
  };
  const add = (row: Row, to: ExactCells, hour: number, column: string) => {
    const text = row.text(column);
    if (!addText(to, hour, text)) {
      const problem = text === '' ? 'is empty, an amount is needed' : `"${text}" is not a decimal`;
      throw row.refuse(column, problem, 'AMOUNT_BAD');
    }
  };
  const found = readTable(join(folder, 'charges.csv'), { needed }, (row) => {
    const start = hourOf(row, 'ChargePeriodStart');
    const hour = Math.floor(start);
    if (hour < 0 || hour >= window.hours) return;
    const currency = row.text('BillingCurrency');
    if (currency === '') throw row.refuse('BillingCurrency', 'is empty', 'CURRENCY_BAD');
    let line = lines.get(currency);
    if (!line) {
      line = { byHour: exactCells(window.hours), other: exactCells(1) };
      lines.set(currency, line);
    }
    add(row, line.byHour, hour, 'EffectiveCost');
    const workload = usedBy(row, byId);
    if (workload) {
      let own = cells.get(workload.id);
      if (!own) {
        own = emptyCells(window.hours);
        cells.set(workload.id, own);
      }
      if (start !== hour || hourOf(row, 'ChargePeriodEnd') !== hour + 1) {
        throw row.refuse('ChargePeriodEnd', 'usage of a workload comes in full hours', 'DATE_BAD');
      }
      const pricing = row.text('PricingCategory');
      add(row, own.usage, hour, 'PricingQuantity');
      if (pricing === 'Committed') add(row, own.committed, hour, 'PricingQuantity');
      else add(row, own.allCost, 0, 'EffectiveCost');
      if (pricing === 'Dynamic') {
        own.onSpot = true;
        add(row, own.spot, hour, 'PricingQuantity');
        add(row, own.spotCost, 0, 'EffectiveCost');
      }
      return;
    }
    if (isUnused(row) && owned.has(row.text('CommitmentDiscountId'))) return;
    add(row, line.other, 0, 'EffectiveCost');
  });
  if (!found) throw new OutlayError('FILE_NOT_FOUND', `charges.csv is missing in ${folder}.`);
  return {
    workloads: new Map(workloads.map((w) => [w.id, rowsOf(w, cells.get(w.id), window.hours)])),
    lines: new Map(
      [...lines]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, { byHour, other }]) => [
          currency,
          { effective: cellTotal(byHour), other: cellTotal(other), byHour: cellNumbers(byHour) },
        ]),
    ),
  };
}

function emptyCells(hours: number): Cells {
  return {
    usage: exactCells(hours),
    committed: exactCells(hours),
    spot: exactCells(hours),
    spotCost: exactCells(1),
    allCost: exactCells(1),
    onSpot: false,
  };
}

/** The workload whose usage a row states; other charges of its resource are none of its usage. */
function usedBy(row: Row, workloads: ReadonlyMap<string, ChargedWorkload>): ChargedWorkload | null {
  if (row.text('ChargeCategory') !== 'Usage' || isUnused(row)) return null;
  const workload = workloads.get(row.text('ResourceId'));
  if (!workload || row.text('BillingCurrency') !== workload.currency) return null;
  const sku = row.text('SkuId');
  return sku === '' || sku === workload.sku ? workload : null;
}

function isUnused(row: Row): boolean {
  return row.text('CommitmentDiscountStatus') === 'Unused';
}

function rowsOf(workload: ChargedWorkload, cells: Cells | undefined, hours: number): WorkloadRows {
  if (!cells) return { usage: new Float64Array(hours), spotUsage: null, spotCost: 0 };
  const usage = cellNumbers(cells.usage);
  for (const [hour, units] of usage.entries()) {
    if (units < 0) {
      throw new OutlayError(
        'AMOUNT_BAD',
        `charges.csv, PricingQuantity: the rows of ${workload.id} in hour ${hour} of the window add up to ${units}. Usage cannot be below 0.`,
      );
    }
  }
  if (cells.onSpot) {
    return { usage, spotUsage: cellNumbers(cells.spot), spotCost: cellTotal(cells.spotCost) };
  }
  if (!workload.spotNow) return { usage, spotUsage: null, spotCost: 0 };
  // Said to be on spot, but no row says which: all that is not committed is.
  const committed = cellNumbers(cells.committed);
  return {
    usage,
    spotUsage: usage.map((units, hour) => units - (committed[hour] ?? 0)),
    spotCost: cellTotal(cells.allCost),
  };
}
