import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billRows } from '../../../shared/analysis/billRows.ts';
import { ownedAmounts } from '../../../shared/analysis/field.ts';
import type { Account, Workload } from '../../../shared/analysis/model.ts';
import { poolsOf } from '../../../shared/analysis/pool.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';

type Cells = Record<string, string | number | null | undefined>;

export const windowStart = Date.UTC(2026, 2, 1);

/** Files of a bundle by name; a test may change them before they are written. */
export interface BundleFiles {
  scenario: Record<string, unknown>;
  charges: Cells[];
  prices: Cells[];
  skus: Cells[];
  commitments: Cells[];
  candidates: Cells[];
  telemetry: Cells[];
}

/** An account as an offline bundle: today's simulated bill becomes its rows. */
export function bundleFiles(account: Account, mode = 'hindsight'): BundleFiles {
  return {
    scenario: {
      id: 'case',
      mode,
      currency: 'USD',
      timezone: 'UTC',
      hours: account.hours,
      ...(account.order === 'azure' ? { provider: 'azure' } : {}),
      start: new Date(windowStart).toISOString(),
      fx: Object.fromEntries(account.fx),
      policy: {
        wacc: account.policy.wacc,
        max_term_h: account.policy.maxTermH,
        min_monthly_savings: account.policy.minMonthlySavings,
      },
      workloads: account.workloads.map((workload) => ({
        id: workload.id,
        account: workload.account,
        region: workload.region,
        sku: workload.sku,
        currency: workload.currency,
        spot_now: workload.spotNow,
        eligible_for_commitment: workload.eligibleForCommitment,
        spot: {
          eligible: workload.spot.eligible,
          mttp_h: workload.spot.mttpH,
          ckpt_h: workload.spot.checkpointH,
          restart_h: workload.spot.restartH,
          notice_saves: workload.spot.noticeSaves,
          nodes: workload.spot.nodes,
          max_fraction: workload.spot.maxFraction,
        },
      })),
    },
    charges: chargesOf(account),
    prices: account.prices.flatMap((price) => {
      const { sku, region, currency, onDemand, spot } = price;
      const common = { sku, region, currency, on_demand: onDemand, spot };
      const lines = account.offers.filter(
        (line) => line.sku === sku && line.region === region && line.currency === currency,
      );
      return lines.length === 0
        ? [common]
        : lines.map((line) => ({
            ...common,
            offer_id: line.offer,
            kind: line.kind,
            term_h: line.termH,
            rate: line.rate,
            upfront_fraction: line.upfront,
            starts_h: line.starts.join(';'),
          }));
    }),
    skus: [...account.skus.values()].map((sku) => ({
      sku: sku.sku,
      family: sku.family,
      gpus: sku.gpus,
      gpu_mem_gib: sku.gpuMemGib,
      rel_tput: sku.relTput,
      size_units: sku.sizeUnits,
      vcpu: sku.vcpu,
      mem_gib: sku.memGib,
    })),
    commitments: account.owned.map((owned) => ({
      id: owned.id,
      kind: owned.kind,
      offer_id: owned.offer,
      amount_per_hour: owned.amount,
      sku: owned.sku,
      family: owned.family,
      region: owned.region,
      account: owned.account,
      flex: owned.flex ? 1 : 0,
      start_h: owned.startH,
      end_h: owned.endH,
      fee_per_unit: owned.feePerUnit,
      currency: owned.currency,
    })),
    candidates: account.candidates.map(({ workload, option, sku, ratio }) => ({
      workload,
      option_id: option,
      target_sku: sku,
      ratio,
    })),
    telemetry: [...account.telemetry].flatMap(([workload, metrics]) =>
      Object.entries(metrics).map(([metric, value]) => ({ workload, metric, value })),
    ),
  };
}

const heads: Record<Exclude<keyof BundleFiles, 'scenario'>, string[]> = {
  charges:
    'BillingAccountId SubAccountId BillingCurrency BillingPeriodStart ChargePeriodStart ChargePeriodEnd ChargeCategory ChargeClass ServiceCategory RegionId ResourceId SkuId PricingCategory PricingQuantity PricingUnit ListUnitPrice ListCost ContractedUnitPrice ContractedCost BilledCost EffectiveCost CommitmentDiscountId CommitmentDiscountCategory CommitmentDiscountType CommitmentDiscountStatus'.split(
      ' ',
    ),
  prices:
    'sku region currency on_demand spot offer_id kind term_h upfront_fraction starts_h rate'.split(
      ' ',
    ),
  skus: 'sku family gpus gpu_mem_gib rel_tput size_units vcpu mem_gib'.split(' '),
  commitments:
    'id kind offer_id amount_per_hour sku family region account flex start_h end_h fee_per_unit currency'.split(
      ' ',
    ),
  candidates: 'workload option_id target_sku ratio'.split(' '),
  telemetry: 'workload metric value'.split(' '),
};

export function writeBundle(folder: string, files: BundleFiles): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(files.scenario));
  for (const [name, head] of Object.entries(heads)) {
    const rows = files[name as keyof typeof heads];
    const lines = rows.map((row) => head.map((column) => row[column] ?? '').join(','));
    writeFileSync(join(folder, `${name}.csv`), `${[head.join(','), ...lines].join('\n')}\n`);
  }
}

/** A row of charges.csv for some hour of the window. */
export function charge(hour: number, cells: Cells): Cells {
  const at = (h: number) => new Date(windowStart + h * 3_600_000).toISOString();
  return {
    BillingAccountId: 'billing',
    BillingPeriodStart: at(0),
    BillingCurrency: 'USD',
    ChargePeriodStart: at(hour),
    ChargePeriodEnd: at(hour + 1),
    ChargeCategory: 'Usage',
    ...cells,
  };
}

function chargesOf(account: Account): Cells[] {
  const byId = new Map(account.workloads.map((workload) => [workload.id, workload]));
  return poolsOf(account).pools.flatMap((pool) => {
    const rows = billRows(
      pool,
      pool.workloads.map(() => 0),
      ownedAmounts(pool),
    );
    const itemCost = new Float64Array(pool.items.length * account.hours);
    const itemUnits = new Float64Array(pool.items.length * account.hours);
    for (const { hour, item, units, cost } of rows) {
      if (item === null) continue;
      itemCost[hour * pool.items.length + item]! += cost;
      itemUnits[hour * pool.items.length + item]! += units;
    }
    const unused = rows.flatMap(({ kind, hour, column, cost }) =>
      kind === 'unused'
        ? [
            charge(hour, {
              BillingCurrency: pool.currency,
              EffectiveCost: decimal(cost),
              CommitmentDiscountId: pool.columns[column as number]?.id,
              CommitmentDiscountStatus: 'Unused',
            }),
          ]
        : [],
    );
    const used = pool.workloads.flatMap(({ id, choices }) => {
      const workload = byId.get(id) as Workload;
      const item = choices[0]?.part?.item ?? null;
      const price = account.prices.find(
        (one) =>
          one.sku === workload.sku &&
          one.region === workload.region &&
          one.currency === pool.currency,
      );
      const spotUnits = workload.spotUsage ? sumOf(workload.spotUsage) : 0;
      const cells = { BillingCurrency: pool.currency, ResourceId: id, SkuId: workload.sku };
      return [...workload.usage].flatMap((units, hour) => {
        const spot = workload.spotUsage?.[hour] ?? 0;
        const place = hour * pool.items.length + (item ?? 0);
        const share = (units - spot) / (item === null ? 1 : (itemUnits[place] as number) || 1);
        const cost =
          item === null
            ? (units - spot) * (price?.onDemand ?? 0)
            : (itemCost[place] as number) * share;
        const quantity = decimal(units - spot);
        const standard = {
          PricingCategory: 'Standard',
          PricingQuantity: quantity,
          EffectiveCost: decimal(cost),
        };
        const spotCost = spotUnits > 0 ? (workload.spotCost * spot) / spotUnits : 0;
        const dynamic = {
          PricingCategory: 'Dynamic',
          PricingQuantity: decimal(spot),
          EffectiveCost: decimal(spotCost),
        };
        return [
          charge(hour, { ...cells, ...standard }),
          ...(workload.spotNow ? [charge(hour, { ...cells, ...dynamic })] : []),
        ];
      });
    });
    return [...used, ...unused];
  });
}

export function decimal(value: number): string {
  return value.toFixed(15).replace(/\.?0+$/, '');
}
