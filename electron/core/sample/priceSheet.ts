import { plain, price, priceDigits } from './amounts.ts';
import { accounts, providers, type ProviderKey, type RegionKey } from './accounts.ts';
import { cell } from './columns.ts';
import { contracts, type Sku, type SkuKey, skuOf } from './prices.ts';
import { services } from './services.ts';
import { isSpot, pricesOn } from './usage.ts';
import { workloads } from './workloads.ts';

/** The day on which the company's buyers wrote the sheet; prices of the market are of that day. */
export const sheetDate = '2026-11-16';
const agreedFrom = '2025-11-01';

type Offer = [offer: string, term: '1y' | '3y', share: number];

/** Thousandths of the list price: spot where it is sold so, then what a commitment costs. */
interface Terms {
  spot?: number;
  offers: readonly Offer[];
}

const instancePlans = (one: number, three: number): Offer[] => [
  ['ec2-instance-savings-plan', '1y', one],
  ['ec2-instance-savings-plan', '3y', three],
];
const computePlans = (one: number, three: number): Offer[] => [
  ['compute-savings-plan', '1y', one],
  ['compute-savings-plan', '3y', three],
];
const reserved = (one: number, three: number): Offer[] => [
  ['reserved', '1y', one],
  ['reserved', '3y', three],
];
const sagemakerPlans: Offer[] = [
  ['sagemaker-savings-plan', '1y', 720],
  ['sagemaker-savings-plan', '3y', 500],
];

/**
 * What the company was offered. A commitment that it holds has the rate of the bill: the shares of
 * those are the bill's own (r7i.8xlarge 0.73, p4d.24xlarge 0.72 and so on, see prices).
 */
const terms: Partial<Record<SkuKey, Terms>> = {
  p5: { spot: 480, offers: [...computePlans(750, 560), ...instancePlans(680, 470)] },
  p4d: { spot: 330, offers: [...computePlans(720, 520), ...instancePlans(650, 430)] },
  g6e: { spot: 440, offers: [...computePlans(730, 540), ...instancePlans(650, 450)] },
  g5: { spot: 420, offers: [...computePlans(760, 560), ...instancePlans(700, 480)] },
  g6: { spot: 420, offers: [...computePlans(700, 520), ...instancePlans(640, 450)] },
  m7i4: { spot: 400, offers: [...computePlans(800, 590), ...reserved(730, 500)] },
  m7i2: { spot: 400, offers: [...computePlans(800, 590), ...reserved(730, 500)] },
  r7i8: { spot: 380, offers: [...computePlans(730, 540), ...reserved(660, 450)] },
  c7i4: { spot: 430, offers: [...computePlans(730, 540), ...reserved(660, 450)] },
  smTrain: { spot: 350, offers: sagemakerPlans },
  smEndpoint: { offers: sagemakerPlans },
  smNotebook: { offers: sagemakerPlans },
  smProcessing: { offers: sagemakerPlans },
  a3: {
    spot: 330,
    offers: [
      ['cud', '1y', 522],
      ['cud', '3y', 400],
    ],
  },
  g2: {
    spot: 400,
    offers: [
      ['cud', '1y', 630],
      ['cud', '3y', 450],
    ],
  },
  n2: {
    spot: 250,
    offers: [
      ['cud', '1y', 630],
      ['cud', '3y', 450],
      ['flexible-cud', '1y', 665],
      ['flexible-cud', '3y', 500],
    ],
  },
  tpu: {
    spot: 202,
    offers: [
      ['cud', '1y', 640],
      ['cud', '3y', 450],
    ],
  },
  ndH100: {
    spot: 400,
    offers: [
      ['reserved', '1y', 625],
      ['reserved', '3y', 440],
      ['savings-plan', '1y', 690],
    ],
  },
  ncA100: {
    spot: 360,
    offers: [
      ['reserved', '1y', 640],
      ['reserved', '3y', 450],
      ['savings-plan', '1y', 720],
    ],
  },
  ncT4: {
    spot: 350,
    offers: [
      ['reserved', '1y', 640],
      ['reserved', '3y', 430],
    ],
  },
  d16: {
    spot: 280,
    offers: [
      ['reserved', '1y', 610],
      ['reserved', '3y', 390],
      ['savings-plan', '1y', 690],
    ],
  },
};

const header =
  'provider,sku,region,currency,unit,purchase,offer,term,payment,price,valid_from,valid_to,description';
const names: Record<ProviderKey, string> = { aws: 'aws', gcp: 'google', azure: 'azure' };

/**
 * The negotiated price sheet of the sample company in the layout of docs/prices.md: on demand since
 * the contract began, spot and commitments of its machines in its regions. Lines without line ends.
 */
export function* priceSheetLines(): Iterable<string> {
  yield header;
  for (const key of Object.keys(terms) as SkuKey[]) {
    for (const region of regionsOf(key)) yield* linesOf(key, region);
  }
}

function* linesOf(key: SkuKey, region: RegionKey): Iterable<string> {
  const sku = skuOf(key);
  const { spot, offers } = terms[key] ?? { offers: [] };
  const { provider } = services[sku.service];
  const line = (parts: readonly string[], amount: bigint, from: string, to: string, text: string) =>
    [
      names[provider],
      String(sku.details?.['InstanceType']),
      region,
      'USD',
      'Hour',
      ...parts,
      plain(amount, priceDigits),
      from,
      to,
      text,
    ]
      .map(cell)
      .join(',');
  const days = daysOf(sku, provider);
  for (const [index, from] of days.entries()) {
    yield line(
      ['on-demand', '', '', ''],
      pricesOn(sku, from).contracted,
      from,
      days[index + 1] ?? '',
      `${providers[provider].name} agreement`,
    );
  }
  const list = price(sku.list);
  if (spot !== undefined) {
    const amount = marketPrice(key, region) ?? shareOf(list, spot);
    yield line(['spot', '', '', ''], amount, sheetDate, '', 'middle of the last 30 days');
  }
  for (const [offer, term, share] of offers) {
    yield line(['commitment', offer, term, 'none'], rateOf(sku, list, share), sheetDate, '', '');
  }
}

/** First days of the negotiated prices on demand. */
function daysOf(sku: Sku, provider: ProviderKey): string[] {
  const contract =
    contracts.find((row) => row.provider === provider && row.service === sku.service) ??
    contracts.find((row) => row.provider === provider && row.service === undefined);
  return contract?.off.map(([from]) => from) ?? [agreedFrom];
}

/** Five decimals, as such offers are written. */
function shareOf(list: bigint, share: number): bigint {
  const exact = (list * BigInt(share)) / 1000n;
  return exact - (exact % 100_000n);
}

/** The bill's own committed rate where the share is that of it. */
function rateOf(sku: Sku, list: bigint, share: number): bigint {
  const committed = sku.committed ? price(sku.committed) : null;
  const rate = shareOf(list, share);
  if (committed === null) return rate;
  const apart = rate > committed ? rate - committed : committed - rate;
  return apart * 1000n < list ? committed : rate;
}

/** What the bill pays for spot machines of the same type there. */
function marketPrice(key: SkuKey, region: RegionKey): bigint | null {
  if (key !== 'g6e' || region !== 'us-west-2') return null;
  return price(skuOf('g6eSpot').list);
}

/** Where the company runs machines of a type, spot ones too. */
function regionsOf(key: SkuKey): RegionKey[] {
  const type = skuOf(key).details?.['InstanceType'];
  const found = workloads.flatMap(({ account, lines }) =>
    lines.flatMap((line) => {
      const sku = skuOf(line.sku);
      const same = line.sku === key || (isSpot(sku) && sku.details?.['InstanceType'] === type);
      return same && services[sku.service].provider === accounts[account].provider
        ? [line.region]
        : [];
    }),
  );
  return [...new Set(found)];
}
