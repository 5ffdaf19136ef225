import type { Column } from '../../../shared/analysis/columns.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { formatDay } from '../../../shared/domain/format.ts';
import type { PlanAction } from './evaluate.ts';
import type { FleetUse } from './fleet-use.ts';
import type { KnownFleet, ProviderModel } from './model.ts';

/** Figures and names as sentences write them. */

/** "12,345", "84.20" below a hundred. */
export function moneyWords(value: number): string {
  const digits = Math.abs(value) < 100 ? 2 : 0;
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `−${text}` : text;
}

export function rateWords(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 4, maximumFractionDigits: 4 });
}

export function percentWords(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** "21 Nov 2026" of days since 1970. */
export function dayWords(day: number): string {
  return formatDay(dayText(day));
}

/** "25 Oct to 21 Nov 2026" */
export function spanWords(first: number, last: number): string {
  const [from, to] = [dayWords(first), dayWords(last)];
  return from.slice(-4) === to.slice(-4) ? `${from.slice(0, -5)} to ${to}` : `${from} to ${to}`;
}

export function countWords(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** Most machines that ran in an hour of the last four weeks. */
export function peakMachines({ usage }: FleetUse): number {
  const last = usage.subarray(Math.max(0, usage.length - 28 * 24));
  return Math.round(last.reduce((most, units) => Math.max(most, units), 0));
}

/** "2 × p4d.24xlarge, us-east-1" */
export function fleetDetail({ use, live }: KnownFleet): string {
  const machines = live.size > 0 ? live.size : (use.machines ?? peakMachines(use));
  return `${machines} × ${use.fleet.type}, ${use.fleet.region}`;
}

/** What a fleet costs a month at the level of the last four weeks. */
export function fleetMonthly({ use }: KnownFleet, windowDays: number): number {
  const { onDemand, committed, spot } = use.cost;
  return ((onDemand + committed + spot) / (windowDays * 24)) * 730;
}

const offerNames: [RegExp, string][] = [
  [/ec2-instance/i, 'EC2 Instance Savings Plan'],
  [/sagemaker/i, 'SageMaker Savings Plan'],
  [/compute-savings/i, 'Compute Savings Plan'],
  [/flexible/i, 'Flexible CUD'],
  [/^cud$/i, 'Resource-based CUD'],
  [/savings-?plan/i, 'savings plan'],
  [/reserv/i, 'reservation'],
];

export function offerName(offer: string, model: Pick<ProviderModel, 'provider'>): string {
  const own = offer.split('|')[1] ?? offer;
  const name = offerNames.find(([pattern]) => pattern.test(own))?.[1] ?? own;
  return /^[a-z]/.test(name) ? `${model.provider} ${name}` : name;
}

export function termWords(months: number): string {
  return months % 12 === 0 ? countWords(months / 12, 'year') : countWords(months, 'month');
}

/** "p5.48xlarge in us-east-1"; empty for a plan that covers any machine. */
export function scopeWords({ scope }: Pick<Column, 'scope'>): string {
  const what = scope.sku ?? scope.family ?? '';
  const place = scope.region === undefined ? '' : ` in ${scope.region}`;
  return `${what}${place}`.trim();
}

export function fleetOf({ of, workload }: PlanAction): KnownFleet | null {
  if (workload === null) return null;
  const id = of.advised.pool.workloads[workload]?.id;
  return of.model.fleets.find(({ use }) => use.fleet.id === id) ?? null;
}
