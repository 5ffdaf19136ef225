import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The tables of an offline analysis bundle (SAVINGS.md section 10), cell for cell as text. */
export const columns = {
  charges: [
    'BillingAccountId',
    'SubAccountId',
    'BillingCurrency',
    'BillingPeriodStart',
    'ChargePeriodStart',
    'ChargePeriodEnd',
    'ChargeCategory',
    'ChargeClass',
    'ServiceCategory',
    'RegionId',
    'ResourceId',
    'SkuId',
    'PricingCategory',
    'PricingQuantity',
    'PricingUnit',
    'ListUnitPrice',
    'ListCost',
    'ContractedUnitPrice',
    'ContractedCost',
    'BilledCost',
    'EffectiveCost',
    'CommitmentDiscountId',
    'CommitmentDiscountCategory',
    'CommitmentDiscountType',
    'CommitmentDiscountStatus',
  ],
  prices: [
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
  ],
  skus: ['sku', 'family', 'gpus', 'gpu_mem_gib', 'rel_tput', 'size_units', 'vcpu', 'mem_gib'],
  commitments: [
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
  ],
  candidates: ['workload', 'option_id', 'target_sku', 'ratio'],
  telemetry: ['workload', 'metric', 'value'],
} as const;

export type Table = keyof typeof columns;
export type Row<T extends Table> = Record<(typeof columns)[T][number], string>;

export interface Spot {
  eligible: boolean;
  mttp_h?: number;
  ckpt_h?: number;
  restart_h?: number;
  notice_saves?: boolean;
  nodes?: number;
  max_fraction?: number;
}

export interface Workload {
  id: string;
  account: string;
  region: string;
  sku: string;
  currency: string;
  spot_now: boolean;
  eligible_for_commitment: boolean;
  spot?: Spot;
}

export interface ApiWorkload {
  id: string;
  price_in: number;
  price_out: number;
  requests: number;
  prefix_tokens: number;
  suffix_tokens: number;
  out_tokens: number;
  deferrable_share: number;
  /** Requests in each cache lifetime that share the prefix, or one number for all of them. */
  ttl_groups: number[] | number;
  batch_discount: number;
  cache_write_mult: number;
  cache_read_mult: number;
  min_prefix: number;
  stack: boolean;
}

export interface StorageClass {
  gb_month: number;
  retrieval_gb: number;
  min_days: number;
  min_object_kb: number;
  overhead_kb: number;
  monitor_per_1000: number;
  get_per_1000: number;
  transition_per_1000: number;
  first_byte_s: number;
}

export interface StorageSet {
  id: string;
  gb: number;
  objects: number;
  reads_gb_per_month: number;
  reads_per_month: number;
  current: string;
  months: number;
  delete_after_months: number | null;
  max_first_byte_s: number;
  classes: Record<string, StorageClass>;
}

/** What `gcp` mode adds to scenario.json: usage is one month or more of hourly counts. */
export interface GcpCase {
  usage: number[];
  price: number;
  cud_price: number;
  tiers: 'n1' | 'n2';
  month_hours: number;
}

export interface Scenario extends Partial<GcpCase> {
  id: string;
  mode: 'bill' | 'hindsight' | 'backtest' | 'gcp';
  currency: string;
  fx: Record<string, number>;
  timezone: string;
  start: string;
  hours: number;
  policy: { wacc?: number; max_term_h?: number; min_monthly_savings?: number };
  workloads: Workload[];
  api_workloads: ApiWorkload[];
  storage_sets: StorageSet[];
}

export type Bundle = { [T in Table]: Row<T>[] } & { scenario: Scenario };

const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Writes the seven files of a bundle into `folder`, which is made where it is missing. */
export function writeBundle(folder: string, bundle: Bundle): void {
  mkdirSync(folder, { recursive: true });
  for (const table of Object.keys(columns) as Table[]) {
    const names: readonly string[] = columns[table];
    const lines = bundle[table].map((row: Record<string, string>) =>
      names.map((name) => cell(row[name] ?? '')).join(','),
    );
    writeFileSync(join(folder, `${table}.csv`), [names.join(','), ...lines, ''].join('\n'));
  }
  writeFileSync(join(folder, 'scenario.json'), `${JSON.stringify(bundle.scenario, null, 2)}\n`);
}

function records(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (quoted) {
      if (letter !== '"') value += letter;
      else if (text[at + 1] === '"') value += text[(at += 1)];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ',') {
      row.push(value);
      value = '';
    } else if (letter === '\n') {
      rows.push([...row, value]);
      row = [];
      value = '';
    } else if (letter !== '\r') value += letter;
  }
  if (value !== '' || row.length > 0) rows.push([...row, value]);
  return rows;
}

/** Reads what `writeBundle` wrote. Throws on a missing file or column. */
export function readBundle(folder: string): Bundle {
  const read = <T extends Table>(table: T): Row<T>[] => {
    const [head = [], ...rows] = records(readFileSync(join(folder, `${table}.csv`), 'utf8'));
    for (const name of columns[table]) {
      if (!head.includes(name)) throw new Error(`${table}.csv has no column ${name}.`);
    }
    return rows.map(
      (row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])) as Row<T>,
    );
  };
  return {
    charges: read('charges'),
    prices: read('prices'),
    skus: read('skus'),
    commitments: read('commitments'),
    candidates: read('candidates'),
    telemetry: read('telemetry'),
    scenario: JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8')) as Scenario,
  };
}
