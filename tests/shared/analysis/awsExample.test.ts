import { describe, expect, test } from 'vitest';
import { billFigures } from '../../../shared/analysis/billFigures.ts';
import type { Bundle } from '../../../shared/analysis/bundle.ts';
import {
  type Account,
  defaultPolicy,
  type OwnedCommitment,
} from '../../../shared/analysis/model.ts';
import { poolsOf } from '../../../shared/analysis/pool.ts';

/** Usage of the AWS user guide's example hour: units, price, csp rate, isp rate, family. */
const lines: [string, number, number, number, number | null, string | null][] = [
  ['m5', 4, 1, 0.7, 0.6, 'm5'],
  ['p3', 1, 10, 8.2, 7.8, 'p3'],
  ['fargate-cpu', 400, 0.04, 0.03, null, null],
  ['fargate-memory', 1600, 0.004, 0.003, null, null],
  ['lambda-time', 1_500_000, 0.000015, 0.00001275, null, null],
  ['lambda-requests', 1, 0.2, 0.2, null, null],
];

function figures(owned: Partial<OwnedCommitment>[]) {
  const common = { region: 'r', currency: 'USD' };
  const offer = { termH: 8760, upfront: 0, starts: [], ...common };
  const account: Account = {
    hours: 1,
    order: 'default',
    policy: defaultPolicy,
    fx: new Map([['USD', 1]]),
    candidates: [],
    telemetry: new Map(),
    skus: new Map(
      lines.map(([sku, , , , , family]) => [
        sku,
        {
          sku,
          family,
          gpus: 0,
          gpuMemGib: null,
          relTput: null,
          sizeUnits: null,
          vcpu: null,
          memGib: null,
        },
      ]),
    ),
    prices: lines.map(([sku, , onDemand]) => ({
      sku,
      onDemand,
      spot: null,
      ...common,
    })),
    offers: lines.flatMap(([sku, , , flexible, family]) => [
      {
        offer: 'csp',
        kind: 'csp' as const,
        sku,
        rate: flexible,
        ...offer,
      },
      ...(family === null
        ? []
        : [
            {
              offer: 'isp',
              kind: 'isp' as const,
              sku,
              rate: family,
              ...offer,
            },
          ]),
    ]),
    owned: owned.map((one, at) => ({
      id: `c${at}`,
      kind: 'csp',
      offer: 'csp',
      amount: 0,
      sku: null,
      family: null,
      region: 'r',
      account: null,
      flex: false,
      startH: 0,
      endH: 1,
      feePerUnit: 1,
      currency: 'USD',
      ...one,
    })),
    workloads: lines.map(([sku, units]) => ({
      id: sku,
      account: 'a',
      sku,
      spotNow: false,
      eligibleForCommitment: true,
      ...common,
      spot: {
        eligible: false,
        mttpH: 1,
        checkpointH: 0,
        restartH: 0,
        noticeSaves: false,
        nodes: 1,
        maxFraction: 1,
      },
      usage: new Float64Array([units]),
      spotUsage: null,
      spotCost: 0,
    })),
  };
  const bundle: Bundle = {
    id: 'aws',
    mode: 'bill',
    currency: 'USD',
    timezone: 'UTC',
    start: 0,
    account,
    apis: [],
    storageSets: [],
    lines: new Map(),
    google: null,
    forecast: null,
    minSavingsStated: false,
  };
  return billFigures(bundle, poolsOf(account).pools, ['USD'], () => 1);
}

const units: Partial<OwnedCommitment> = { kind: 'ri', offer: 'ri', sku: 'm5', feePerUnit: 0.5 };

describe('the worked example of the AWS user guide', () => {
  test.each<[string, Partial<OwnedCommitment>[], string]>([
    ['csp 50', [{ amount: 50 }], '0.00'],
    ['csp 2', [{ amount: 2 }], '56.24'],
    ['csp 19.6', [{ amount: 19.6 }], '32.70'],
    ['2 ri + csp 18.2', [{ ...units, amount: 2 }, { amount: 18.2 }], '32.70'],
    [
      'isp 3 + csp 16.8',
      [{ kind: 'isp', offer: 'isp', family: 'm5', amount: 3 }, { amount: 16.8 }],
      '32.70',
    ],
  ])('%s leaves %s on demand', (_name, owned, onDemand) => {
    expect(figures(owned).on_demand.toFixed(2)).toBe(onDemand);
  });

  test('coverage, utilisation and ESR', () => {
    const ode = 4 + 10 + 16 + 6.4 + 22.5 + 0.2;
    const isp = figures([{ kind: 'isp', offer: 'isp', family: 'm5', amount: 3 }]);
    expect(isp.coverage).toBeCloseTo(4 / ode, 12);
    expect(isp.utilisation).toBeCloseTo(2.4 / 3, 12);
    expect(isp.unused).toBeCloseTo(0.6, 12);
    expect(isp.esr).toBeCloseTo(1 - (3 + ode - 4) / ode, 12);
    expect(figures([])).toMatchObject({ utilisation: null, coverage: 0, esr: 0 });
  });
});
