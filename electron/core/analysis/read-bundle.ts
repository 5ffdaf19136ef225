import type { Bundle } from '../../../shared/analysis/bundle.ts';
import { priceIndex, priceKey } from '../../../shared/analysis/choices.ts';
import type { ApiWorkload } from '../../../shared/analysis/managedApi.ts';
import {
  type Account,
  defaultPolicy,
  type SpotTerms,
  type Workload,
} from '../../../shared/analysis/model.ts';
import type { StorageSet } from '../../../shared/analysis/storageClass.ts';
import { readCharges } from './charges.ts';
import { bad, googleOf, momentOf, readScenario, type Scenario } from './scenario.ts';
import { readCandidates, readOwned, readPrices, readSkus, readTelemetry } from './tables.ts';

/** Reads an offline bundle; throws an OutlayError naming file, row and column of what is wrong. */
export function readBundle(folder: string): Bundle {
  const scenario = readScenario(folder);
  const common = {
    id: scenario.id,
    mode: scenario.mode,
    currency: scenario.currency,
    timezone: scenario.timezone,
    apis: scenario.api_workloads.map(apiOf),
    storageSets: scenario.storage_sets.map(setOf),
    minSavingsStated: typeof scenario.policy.min_monthly_savings === 'number',
  };
  if (scenario.mode === 'gcp') {
    const { usage, price, cud_price, tiers, month_hours } = googleOf(scenario);
    return {
      ...common,
      start: 0,
      account: emptyAccount(scenario, usage.length),
      lines: new Map(),
      google: { usage, price, cudPrice: cud_price, tiers, monthHours: month_hours },
      forecast: null,
    };
  }
  const window = windowOf(scenario);
  // Hours of commitments count from the window, which in a backtest is the forecast.
  const ahead = scenario.mode === 'backtest' ? forecastOf(scenario, window.start) : null;
  const owned = readOwned(folder).map((one) => ({
    ...one,
    startH: one.startH + (ahead?.windowH ?? 0),
    endH: one.endH + (ahead?.windowH ?? 0),
  }));
  const skus = readSkus(folder);
  const { prices, offers } = readPrices(folder, skus);
  const charges = readCharges(
    folder,
    window,
    scenario.workloads.map(({ id, sku, currency, spot_now }) => ({
      id,
      sku,
      currency,
      spotNow: spot_now,
    })),
    new Set(owned.map(({ id }) => id)),
  );
  const index = priceIndex(prices);
  const workloads = scenario.workloads.map((workload, at): Workload => {
    const { id, account, region, sku, currency } = workload;
    if (!index.has(priceKey(sku, region, currency))) {
      throw bad(
        `workloads[${at}].sku`,
        `prices.csv has no line for ${sku} in ${region}, ${currency}`,
      );
    }
    const rows = charges.workloads.get(id);
    if (!rows) throw new RangeError(`no rows were read for ${id}`);
    return {
      id,
      account,
      region,
      sku,
      currency,
      spotNow: rows.spotUsage !== null,
      eligibleForCommitment: workload.eligible_for_commitment,
      spot: spotOf(workload.spot),
      ...rows,
    };
  });
  const account: Account = {
    ...emptyAccount(scenario, window.hours),
    skus,
    prices,
    offers,
    owned,
    workloads,
    candidates: readCandidates(folder, new Set(workloads.map(({ id }) => id))),
    telemetry: readTelemetry(folder),
  };
  return {
    ...common,
    start: window.start,
    account,
    lines: charges.lines,
    google: null,
    forecast: ahead && { offsetH: ahead.offsetH, hours: ahead.hours },
  };
}

/** The hours whose rows are read: the history in `backtest`, else the window itself. */
function windowOf(scenario: Scenario): { start: number; hours: number } {
  if (scenario.mode === 'backtest') {
    return {
      start: momentOf(needed(scenario, 'history_start')),
      hours: needed(scenario, 'history_hours'),
    };
  }
  return { start: momentOf(needed(scenario, 'start')), hours: needed(scenario, 'hours') };
}

/** In hours from the start of the history: the forecast, and the window that hours count from. */
function forecastOf(
  scenario: Scenario,
  historyStart: number,
): { offsetH: number; hours: number; windowH: number } {
  const from = momentOf(needed(scenario, 'forecast_start'));
  const offsetH = (from - historyStart) / 3_600_000;
  if (offsetH < needed(scenario, 'history_hours')) {
    throw bad('forecast_start', 'lies before the end of the history');
  }
  const window = scenario.start === undefined ? from : momentOf(scenario.start);
  const windowH = (window - historyStart) / 3_600_000;
  return { offsetH, hours: needed(scenario, 'forecast_hours'), windowH };
}

function needed<K extends keyof Scenario>(scenario: Scenario, field: K): NonNullable<Scenario[K]> {
  const value = scenario[field];
  if (value === undefined || value === null) {
    throw bad(field, `is missing, mode ${scenario.mode} needs it`);
  }
  return value;
}

function emptyAccount(scenario: Scenario, hours: number): Account {
  const { wacc, max_term_h, min_monthly_savings } = scenario.policy;
  return {
    hours,
    order: scenario.provider?.toLowerCase() === 'azure' ? 'azure' : 'default',
    policy: {
      wacc,
      maxTermH: max_term_h ?? null,
      minMonthlySavings: min_monthly_savings ?? defaultPolicy.minMonthlySavings,
    },
    fx: new Map([...Object.entries(scenario.fx), [scenario.currency, 1]]),
    skus: new Map(),
    prices: [],
    offers: [],
    owned: [],
    workloads: [],
    candidates: [],
    telemetry: new Map(),
  };
}

function spotOf(spot: Scenario['workloads'][number]['spot']): SpotTerms {
  return {
    eligible: spot?.eligible ?? false,
    mttpH: spot?.mttp_h ?? Number.NaN,
    checkpointH: spot?.ckpt_h ?? 0,
    restartH: spot?.restart_h ?? 0,
    noticeSaves: spot?.notice_saves ?? false,
    nodes: spot?.nodes ?? 1,
    maxFraction: spot?.max_fraction ?? 1,
  };
}

function apiOf(api: Scenario['api_workloads'][number]): ApiWorkload {
  const groups = api.ttl_groups;
  return {
    id: api.id,
    priceIn: api.price_in,
    priceOut: api.price_out,
    requests: api.requests,
    prefixTokens: api.prefix_tokens,
    suffixTokens: api.suffix_tokens,
    outTokens: api.out_tokens,
    deferrableShare: api.deferrable_share,
    ttlGroups: Array.isArray(groups)
      ? groups.map((requests) => ({ requests, times: 1 }))
      : evenGroups(api.requests, groups),
    batchDiscount: api.batch_discount,
    cacheWriteMult: api.cache_write_mult,
    cacheReadMult: api.cache_read_mult,
    minPrefix: api.min_prefix,
    stack: api.stack,
  };
}

/** One number instead of a list: every lifetime of the cache serves that many requests. */
function evenGroups(requests: number, size: number): ApiWorkload['ttlGroups'] {
  const times = Math.floor(requests / size);
  const rest = requests - times * size;
  return [{ requests: size, times }, ...(rest > 0 ? [{ requests: rest, times: 1 }] : [])].filter(
    (group) => group.times > 0,
  );
}

function setOf(set: Scenario['storage_sets'][number]): StorageSet {
  return {
    id: set.id,
    gb: set.gb,
    objects: set.objects,
    readsGbPerMonth: set.reads_gb_per_month,
    readsPerMonth: set.reads_per_month,
    current: set.current,
    months: set.months,
    deleteAfterMonths: set.delete_after_months ?? null,
    maxFirstByteS: set.max_first_byte_s ?? Number.POSITIVE_INFINITY,
    classes: new Map(
      Object.entries(set.classes).map(([name, own]) => [
        name,
        {
          gbMonth: own.gb_month,
          retrievalGb: own.retrieval_gb,
          minDays: own.min_days,
          minObjectKb: own.min_object_kb,
          overheadKb: own.overhead_kb,
          monitorPer1000: own.monitor_per_1000,
          getPer1000: own.get_per_1000,
          transitionPer1000: own.transition_per_1000,
          firstByteS: own.first_byte_s,
        },
      ]),
    ),
  };
}
