import type { Bundle, Row, Scenario, Workload } from './bundle.ts';
import { add, decimal, multiply, one, type Rational, zero } from './rational.ts';

/** A bundle made ready for calculation: quantities per hour, price look-ups, offers by scope. */
export interface Model {
  scenario: Scenario;
  hours: number;
  currencies: string[];
  skus: Map<string, Sku>;
  workloads: WorkloadUsage[];
  price: (sku: string, region: string, currency: string) => Price | undefined;
  offers: Offer[];
  owned: Owned[];
  candidates: Row<'candidates'>[];
  telemetry: Map<string, Map<string, Rational>>;
  /** Sum of EffectiveCost, by currency. */
  billed: Map<string, Rational>;
  /** The part of it that no lever touches: credits, refunds, tax, foreign usage. */
  untouched: Map<string, Rational>;
  /** Sum of EffectiveCost by currency, of each UTC hour of the window. */
  billedPerHour: Map<string, Rational[]>;
}

export interface Sku {
  id: string;
  family: string;
  gpus: Rational;
  gpuMemory: Rational;
  throughput: Rational;
  size: Rational;
  vcpu: Rational;
  memory: Rational;
}

export interface WorkloadUsage {
  facts: Workload;
  /** Hourly quantity that is not on spot (on-demand and committed usage together). */
  firm: Rational[];
  /** Hourly quantity on spot in useful hours, and what it costs at the prices in its rows. */
  spot: Rational[];
  spotCost: Rational[];
}

export interface Price {
  onDemand: Rational;
  spot: Rational | null;
}

export type Kind = 'ri' | 'isp' | 'csp';

/** One thing that can be bought: an offer within one scope, in one currency. */
export interface Offer {
  id: string;
  kind: Kind;
  currency: string;
  region: string | null;
  family: string | null;
  sku: string | null;
  termHours: number;
  upfront: Rational;
  starts: number[];
  /** Amortised hourly rate by `sku|region`. */
  rates: Map<string, Rational>;
}

export interface Owned {
  id: string;
  kind: Kind;
  offerId: string;
  amount: Rational;
  sku: string;
  family: string;
  region: string;
  account: string;
  flexible: boolean;
  start: number;
  end: number;
  fee: Rational;
  currency: string;
  rates: Map<string, Rational>;
}

const number = (text: string) => (text.trim() === '' ? zero : decimal(text));

function loadSku(row: Row<'skus'>): Sku {
  return {
    id: row.sku,
    family: row.family,
    gpus: number(row.gpus),
    gpuMemory: number(row.gpu_mem_gib),
    throughput: row.rel_tput === '' ? one : number(row.rel_tput),
    size: row.size_units === '' ? one : number(row.size_units),
    vcpu: number(row.vcpu),
    memory: number(row.mem_gib),
  };
}

function kindOf(text: string): Kind {
  if (text === 'ri' || text === 'isp' || text === 'csp') return text;
  throw new Error(`Unknown commitment kind "${text}".`);
}

/** Offers by scope: `ri` per SKU and region, `isp` per family and region, `csp` one per currency. */
function loadOffers(prices: Row<'prices'>[], skus: Map<string, Sku>): Offer[] {
  const offers = new Map<string, Offer>();
  for (const row of prices) {
    if (row.offer_id === '') continue;
    const kind = kindOf(row.kind);
    const family = skus.get(row.sku)?.family ?? '';
    const scope =
      kind === 'ri' ? [row.sku, row.region] : kind === 'isp' ? [family, row.region] : [];
    const key = [row.offer_id, kind, row.currency, ...scope].join('|');
    const offer = offers.get(key) ?? {
      id: row.offer_id,
      kind,
      currency: row.currency,
      region: kind === 'csp' ? null : row.region,
      family: kind === 'isp' ? family : null,
      sku: kind === 'ri' ? row.sku : null,
      termHours: Number(row.term_h),
      upfront: number(row.upfront_fraction),
      starts: row.starts_h === '' ? [] : row.starts_h.split(';').map(Number),
      rates: new Map<string, Rational>(),
    };
    offer.rates.set(`${row.sku}|${row.region}`, decimal(row.rate));
    offers.set(key, offer);
  }
  return [...offers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, offer]) => offer);
}

function loadOwned(row: Row<'commitments'>, prices: Row<'prices'>[]): Owned {
  const rates = new Map<string, Rational>();
  for (const line of prices) {
    if (line.offer_id === '' || line.offer_id !== row.offer_id) continue;
    if (line.currency === row.currency) rates.set(`${line.sku}|${line.region}`, decimal(line.rate));
  }
  return {
    id: row.id,
    kind: kindOf(row.kind),
    offerId: row.offer_id,
    amount: decimal(row.amount_per_hour),
    sku: row.sku,
    family: row.family,
    region: row.region,
    account: row.account,
    flexible: row.flex === '1' || row.flex === 'true',
    start: Number(row.start_h),
    end: Number(row.end_h),
    fee: decimal(row.fee_per_unit),
    currency: row.currency,
    rates,
  };
}

/** Adds `amount` at `hour` of a list that belongs to `key`. */
function addAt(
  map: Map<string, Rational[]>,
  key: string,
  hour: number,
  amount: Rational,
  hours: number,
): void {
  const list = map.get(key) ?? Array.from({ length: hours }, () => zero);
  list[hour] = add(list[hour] ?? zero, amount);
  map.set(key, list);
}

export function loadModel(bundle: Bundle): Model {
  const { scenario } = bundle;
  const { hours } = scenario;
  const skus = new Map(bundle.skus.map((row) => [row.sku, loadSku(row)]));
  const prices = new Map<string, Price>();
  for (const row of bundle.prices) {
    prices.set(`${row.sku}|${row.region}|${row.currency}`, {
      onDemand: decimal(row.on_demand),
      spot: row.spot === '' ? null : decimal(row.spot),
    });
  }
  const facts = scenario.workloads ?? [];
  const workloads = facts.map((workload) => {
    const list = () => Array.from({ length: hours }, () => zero);
    return { facts: workload, firm: list(), spot: list(), spotCost: list() };
  });
  const byId = new Map(workloads.map((workload) => [workload.facts.id, workload]));
  const untouched = new Map<string, Rational>();
  const billed = new Map<string, Rational>();
  const billedPerHour = new Map<string, Rational[]>();
  for (const row of bundle.charges) {
    const hour = (Date.parse(row.ChargePeriodStart) - Date.parse(scenario.start)) / 3_600_000;
    if (!Number.isInteger(hour) || hour < 0 || hour >= hours) continue;
    const cost = number(row.EffectiveCost);
    const currency = row.BillingCurrency;
    billed.set(currency, add(billed.get(currency) ?? zero, cost));
    addAt(billedPerHour, currency, hour, cost, hours);
    const unused = row.CommitmentDiscountStatus === 'Unused';
    const workload = byId.get(row.ResourceId);
    if (row.ChargeCategory === 'Usage' && workload !== undefined && !unused) {
      const quantity = number(row.PricingQuantity);
      if (row.PricingCategory === 'Dynamic') {
        const paid = multiply(quantity, decimal(row.ListUnitPrice));
        workload.spot[hour] = add(workload.spot[hour] ?? zero, quantity);
        workload.spotCost[hour] = add(workload.spotCost[hour] ?? zero, paid);
      } else {
        workload.firm[hour] = add(workload.firm[hour] ?? zero, quantity);
      }
    } else if (!unused) {
      untouched.set(currency, add(untouched.get(currency) ?? zero, cost));
    }
  }
  const owned = bundle.commitments.map((row) => loadOwned(row, bundle.prices));
  const telemetry = new Map<string, Map<string, Rational>>();
  for (const row of bundle.telemetry) {
    const metrics = telemetry.get(row.workload) ?? new Map<string, Rational>();
    if (row.value !== '') metrics.set(row.metric, decimal(row.value));
    telemetry.set(row.workload, metrics);
  }
  const named = [...facts, ...owned, ...bundle.prices].map(({ currency }) => currency);
  return {
    scenario,
    hours,
    currencies: [...new Set([...named, ...billed.keys()])].sort(),
    skus,
    workloads,
    price: (sku, region, currency) => prices.get(`${sku}|${region}|${currency}`),
    offers: loadOffers(bundle.prices, skus),
    owned,
    candidates: bundle.candidates,
    telemetry,
    billed,
    untouched,
    billedPerHour,
  };
}

/** Reporting units per unit of a billing currency. */
export function rateOf(scenario: Scenario, currency: string): Rational {
  const given = scenario.fx?.[currency];
  if (given !== undefined) return decimal(given);
  if (currency === scenario.currency) return one;
  throw new Error(`No rate for ${currency}.`);
}
