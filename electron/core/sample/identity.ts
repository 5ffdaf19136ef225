import {
  type AccountKey,
  accounts,
  company,
  type ProviderKey,
  providers,
  type RegionKey,
  regions,
} from './accounts.ts';
import type { Values } from './columns.ts';
import type { Commitment } from './commitments.ts';
import type { SampleMonth } from './months.ts';
import { capitals, digits, hex, token } from './noise.ts';
import { type ServiceKey, services } from './services.ts';
import type { UsageLine, Workload } from './workload.ts';

/** What every charge of an account for a service says. */
export function placed(service: ServiceKey, account: AccountKey, region?: RegionKey): Values {
  const provider = providers[accounts[account].provider];
  const { name, category, subcategory, ...rest } = services[service];
  return {
    BillingAccountId: provider.billingAccountId,
    BillingAccountName: company,
    BillingAccountType: provider.billingAccountType,
    BillingCurrency: 'USD',
    InvoiceIssuerName: provider.issuer,
    PricingCurrency: 'USD',
    ProviderName: provider.name,
    PublisherName: 'publisher' in rest ? rest.publisher : provider.publisher,
    RegionId: region ?? null,
    RegionName: region ? regions[region] : null,
    ServiceCategory: category,
    ServiceName: name,
    ServiceSubcategory: subcategory,
    SubAccountId: accounts[account].id,
    SubAccountName: accounts[account].name,
    SubAccountType: provider.subAccountType,
  };
}

/** Identifiers of a SKU, and of its price under given terms, in the provider's own style. */
export function skuIds(
  service: ServiceKey,
  meter: string,
  region: string,
  terms: string,
): { SkuId: string; SkuPriceId: string } {
  const seed = `${service}/${meter}/${region}`;
  const provider = services[service].provider;
  const term = token(terms, 10, capitals);
  if (provider === 'aws') {
    const id = token(seed, 16, capitals);
    return { SkuId: id, SkuPriceId: `${id}.${term}` };
  }
  if (provider === 'gcp') {
    const id = token(seed, 12, hex)
      .toUpperCase()
      .replace(/(.{4})(?=.)/g, '$1-');
    return { SkuId: id, SkuPriceId: `${id}/${term}` };
  }
  const id = `DZH318Z0${token(seed, 4, capitals)}/00${token(`${seed}/2`, 2, capitals)}`;
  return { SkuId: id, SkuPriceId: `${id}/${term}` };
}

/** The commitment columns, without quantity and status. */
export function committed(commitment: Commitment): Values {
  return {
    CommitmentDiscountCategory: commitment.category,
    CommitmentDiscountId: commitment.id,
    CommitmentDiscountName: commitment.name,
    CommitmentDiscountType: commitment.type,
    CommitmentDiscountUnit: commitment.unit,
    CapacityReservationId: commitment.capacity ?? null,
  };
}

/** Tags as the owner of a workload set them on a line's resources. */
export function tagsOf(workload: Workload, line: UsageLine): string | null {
  if (line.tags === 'none') return null;
  return JSON.stringify({
    team: workload.team,
    env: line.tags === 'empty env' ? '' : workload.env,
    workload: workload.id,
    'cost-center': workload.costCenter,
    ...workload.tags,
  });
}

/** The invoice of a month; none while the month runs. */
export function invoiceId(provider: ProviderKey, month: SampleMonth): string {
  if (!month.finished) return '';
  const number = token(`${provider}/${month.month}`, 9, digits);
  switch (provider) {
    case 'aws':
      return `EUINUS${month.month.slice(2, 4)}-${number}`;
    case 'gcp':
      return `5${number}`;
    case 'azure':
      return `E0800${number}`;
  }
}
