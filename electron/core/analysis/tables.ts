import { join } from 'node:path';
import type {
  Candidate,
  CommitmentKind,
  OfferLine,
  OwnedCommitment,
  Price,
  Sku,
  Telemetry,
} from '../../../shared/analysis/model.ts';
import { type Row, readTable } from './csv-table.ts';

const kinds: readonly CommitmentKind[] = ['ri', 'isp', 'csp'];

export function readSkus(folder: string): Map<string, Sku> {
  const skus = new Map<string, Sku>();
  const needed = [
    'sku',
    'family',
    'gpus',
    'gpu_mem_gib',
    'rel_tput',
    'size_units',
    'vcpu',
    'mem_gib',
  ];
  readTable(join(folder, 'skus.csv'), { needed }, (row) => {
    const sku = named(row, 'sku');
    if (skus.has(sku)) throw row.refuse('sku', `"${sku}" occurs twice`);
    skus.set(sku, {
      sku,
      family: row.text('family') || null,
      gpus: atLeastZero(row, 'gpus') ?? 0,
      gpuMemGib: atLeastZero(row, 'gpu_mem_gib'),
      relTput: atLeastZero(row, 'rel_tput'),
      sizeUnits: atLeastZero(row, 'size_units'),
      vcpu: atLeastZero(row, 'vcpu'),
      memGib: atLeastZero(row, 'mem_gib'),
    });
  });
  return skus;
}

export function readPrices(
  folder: string,
  skus: ReadonlyMap<string, Sku>,
): { prices: Price[]; offers: OfferLine[] } {
  const prices = new Map<string, Price>();
  const offers = new Map<string, OfferLine>();
  const terms = new Map<string, OfferLine>();
  const needed = [
    'sku',
    'region',
    'currency',
    'on_demand',
    'spot',
    'offer_id',
    'kind',
    'term_h',
    'upfront_fraction',
    'starts_h',
    'rate',
  ];
  readTable(join(folder, 'prices.csv'), { needed }, (row) => {
    const price: Price = {
      sku: named(row, 'sku'),
      region: named(row, 'region'),
      currency: named(row, 'currency'),
      onDemand: atLeastZero(row, 'on_demand') ?? row.needed('on_demand'),
      spot: atLeastZero(row, 'spot'),
    };
    const key = JSON.stringify([price.sku, price.region, price.currency]);
    const known = prices.get(key);
    if (known && known.onDemand !== price.onDemand) {
      throw row.refuse(
        'on_demand',
        `${price.onDemand} differs from ${known.onDemand} of an earlier row`,
      );
    }
    if (known && known.spot !== price.spot) {
      throw row.refuse('spot', `${price.spot} differs from ${known.spot} of an earlier row`);
    }
    prices.set(key, price);
    if (row.text('offer_id') === '') return;
    const line = offerLine(row, price);
    const first = terms.get(line.offer);
    if (first && first.kind !== line.kind) {
      throw row.refuse('kind', `${line.kind} differs from ${first.kind} of the same offer`);
    }
    if (first && first.termH !== line.termH) {
      throw row.refuse('term_h', `${line.termH} differs from ${first.termH} of the same offer`);
    }
    if (line.kind === 'isp' && !skus.get(line.sku)?.family) {
      throw row.refuse(
        'kind',
        `isp needs the family of ${line.sku}, which skus.csv does not state`,
      );
    }
    terms.set(line.offer, line);
    const offerKey = JSON.stringify([line.offer, line.sku, line.region, line.currency]);
    if (offers.has(offerKey)) throw row.refuse('offer_id', `"${line.offer}" has this SKU twice`);
    offers.set(offerKey, line);
  });
  return { prices: [...prices.values()], offers: [...offers.values()] };
}

function offerLine(row: Row, price: Price): OfferLine {
  const upfront = atLeastZero(row, 'upfront_fraction') ?? 0;
  if (upfront > 1) throw row.refuse('upfront_fraction', `${upfront} is more than 1`);
  const termH = row.needed('term_h');
  if (!(termH > 0)) throw row.refuse('term_h', 'must be above 0');
  const rate = row.needed('rate');
  if (!(rate > 0)) throw row.refuse('rate', 'must be above 0');
  const starts = row
    .text('starts_h')
    .split(';')
    .filter((start) => start.trim() !== '')
    .map((start) => {
      const hour = Number(start);
      if (!Number.isInteger(hour)) throw row.refuse('starts_h', `"${start}" is not a whole hour`);
      return hour;
    });
  return {
    offer: row.text('offer_id'),
    kind: kindOf(row),
    termH,
    upfront,
    starts,
    sku: price.sku,
    region: price.region,
    currency: price.currency,
    rate,
  };
}

export function readOwned(folder: string): OwnedCommitment[] {
  const owned = new Map<string, OwnedCommitment>();
  const needed = [
    'id',
    'kind',
    'offer_id',
    'amount_per_hour',
    'sku',
    'family',
    'region',
    'account',
    'flex',
    'start_h',
    'end_h',
    'fee_per_unit',
    'currency',
  ];
  readTable(join(folder, 'commitments.csv'), { needed }, (row) => {
    const id = named(row, 'id');
    if (owned.has(id)) throw row.refuse('id', `"${id}" occurs twice`);
    const startH = row.needed('start_h');
    const endH = row.needed('end_h');
    if (endH < startH) throw row.refuse('end_h', `${endH} is before the start, ${startH}`);
    owned.set(id, {
      id,
      kind: kindOf(row),
      offer: row.text('offer_id'),
      amount: atLeastZero(row, 'amount_per_hour') ?? row.needed('amount_per_hour'),
      sku: row.text('sku') || null,
      family: row.text('family') || null,
      region: row.text('region') || null,
      account: row.text('account') || null,
      flex: flagOf(row, 'flex'),
      startH,
      endH,
      feePerUnit: atLeastZero(row, 'fee_per_unit') ?? row.needed('fee_per_unit'),
      currency: named(row, 'currency'),
    });
  });
  return [...owned.values()];
}

export function readCandidates(folder: string, workloads: ReadonlySet<string>): Candidate[] {
  const found = new Map<string, Candidate>();
  const needed = ['workload', 'option_id', 'target_sku', 'ratio'];
  readTable(join(folder, 'candidates.csv'), { needed }, (row) => {
    const workload = named(row, 'workload');
    const option = named(row, 'option_id');
    if (!workloads.has(workload))
      throw row.refuse('workload', `"${workload}" is not in scenario.json`);
    const key = JSON.stringify([workload, option]);
    if (found.has(key)) throw row.refuse('option_id', `"${option}" occurs twice for ${workload}`);
    const ratio = atLeastZero(row, 'ratio') ?? row.needed('ratio');
    found.set(key, { workload, option, sku: row.text('target_sku'), ratio });
  });
  return [...found.values()];
}

/** Metrics whose name does not say whether they are shares or percent. */
const utilisations = ['gpu_util_p95', 'cpu_p99_5', 'mem_p99_5'];
const numeric = new Set([
  ...utilisations,
  'lookback_days',
  'metric_hours',
  'gpu_mem_peak_gib',
  'gpu_mem_peak_pct',
  'gpu_active_share',
  'busy_gpus_max',
  'cpu_max_pct',
  'network_mb_day',
  'invocations_14d',
]);

/**
 * Telemetry by workload; unknown metrics are ignored. Utilisations are shares, or percent where
 * the file holds one above 1.
 */
export function readTelemetry(folder: string): Map<string, Telemetry> {
  const found = new Map<string, Record<string, number>>();
  let percent = false;
  readTable(join(folder, 'telemetry.csv'), { needed: ['workload', 'metric', 'value'] }, (row) => {
    const metric = row.text('metric');
    if (!numeric.has(metric)) return;
    const value = row.number('value');
    if (value === null) return;
    if (value < 0) throw row.refuse('value', `${value} is below 0`, 'AMOUNT_BAD');
    const workload = row.text('workload');
    const own = found.get(workload) ?? {};
    if (metric in own) throw row.refuse('metric', `"${metric}" occurs twice for ${workload}`);
    own[metric] = value;
    found.set(workload, own);
    if (utilisations.includes(metric) && value > 1) percent = true;
  });
  if (percent) {
    for (const own of found.values()) {
      for (const metric of utilisations) {
        if (own[metric] !== undefined) own[metric] /= 100;
      }
    }
  }
  return found;
}

function kindOf(row: Row): CommitmentKind {
  const kind = row.text('kind') as CommitmentKind;
  if (!kinds.includes(kind)) throw row.refuse('kind', `"${kind}" is none of ${kinds.join(', ')}`);
  return kind;
}

function flagOf(row: Row, column: string): boolean {
  const text = row.text(column).toLowerCase();
  if (['1', 'true'].includes(text)) return true;
  if (['', '0', 'false'].includes(text)) return false;
  throw row.refuse(column, `"${text}" is neither 1 nor 0`);
}

function named(row: Row, column: string): string {
  const text = row.text(column);
  if (text === '') throw row.refuse(column, 'is empty');
  return text;
}

function atLeastZero(row: Row, column: string): number | null {
  const value = row.number(column);
  if (value !== null && value < 0) throw row.refuse(column, `${value} is below 0`, 'AMOUNT_BAD');
  return value;
}
