import type {
  TelemetryQuality,
  UnitCost,
  WorkloadRow,
} from '../../../shared/contract/workloads.ts';
import { compareDecimals, formatDecimal, formatShare } from '../../../shared/domain/format.ts';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { accelerator } from '../../../shared/catalog/accelerators.ts';
import { type Purpose, purposeTitles } from '../../../shared/workloads/purposes.ts';

export type Overview = CallOutput<'workloads.overview'>;
export type Detail = CallOutput<'workloads.detail'>;

/** A share from 0 to 1: "36.2%"; unknown is the word. */
export function percentOf(share: number | null): string {
  return share === null ? 'unknown' : formatShare(share.toFixed(6), '1');
}

/** "NVIDIA H100" for h100. */
export function acceleratorTitle(name: string): string {
  return accelerator(name)?.title ?? name;
}

/** Under this share of busy hours a figure is marked as risk; nothing else of utilisation is. */
export const lowBusy = 0.15;

/** Amount or hours with `places` digits; unknown is the word. */
export function amount(text: string | null, places: number): string {
  return text === null ? 'unknown' : formatDecimal(text, places);
}

/** Digits that tell a price a unit apart from others: two from 1 on, more below. */
export function unitPlaces(price: string): number {
  const size = Math.abs(Number(price));
  if (size >= 1 || size === 0) return 2;
  return size >= 0.01 ? 4 : 6;
}

/** A price a unit: "15.53", "0.0042"; unknown is the word. */
export function unitPrice(price: string | null): string {
  return price === null ? 'unknown' : formatDecimal(price, unitPlaces(price));
}

/** Behind a price: "15.53 / busy GPU-h". */
export const unitShort: Record<UnitCost['unit'], string> = {
  'gpu-hour': 'GPU-h',
  'busy-gpu-hour': 'busy GPU-h',
  job: 'job',
  request: 'request',
  'million-tokens': 'M tokens',
};

export const unitNames: Record<UnitCost['unit'], string> = {
  'gpu-hour': 'GPU-hour paid',
  'busy-gpu-hour': 'Busy GPU-hour',
  job: 'Job',
  request: 'Request',
  'million-tokens': 'Million tokens',
};

/** True where a workload has no GPU in its bill, so that hours of GPUs do not apply. */
export function withoutGpu({ gpu, telemetry }: Pick<WorkloadRow, 'gpu' | 'telemetry'>): boolean {
  if (gpu.unknownCharges > 0 || telemetry.resources > 0) return false;
  return gpu.hours === null || compareDecimals(gpu.hours, '0') === 0;
}

/** "good, 97.0%", "none": the share is that of the GPU-hours paid. */
export function telemetryWords({ level, coverage }: TelemetryQuality): string {
  if (level === 'none') return 'none';
  return coverage === null ? level : `${level}, ${percentOf(coverage)}`;
}

export const kindNames: Record<WorkloadRow['kind'], string> = {
  workload: 'workload',
  job: 'job',
  endpoint: 'endpoint',
  pipeline: 'pipeline',
  cluster: 'cluster',
  app: 'application',
  project: 'project',
  fleet: 'fleet',
};

/** Where its whole title has no room. */
export function purposeShort(purpose: Purpose): string {
  switch (purpose) {
    case 'notebook':
      return 'Notebooks';
    case 'managed-api':
      return 'Managed APIs';
    case 'licence':
      return 'Licences';
    default:
      return purposeTitles[purpose];
  }
}

/** A purpose within a sentence: "managed model API", "not AI", "AI storage". */
export function purposeInSentence(purpose: Purpose): string {
  const title = purposeTitles[purpose];
  return title.startsWith('AI') ? title : title.charAt(0).toLowerCase() + title.slice(1);
}
