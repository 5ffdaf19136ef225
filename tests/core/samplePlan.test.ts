import { beforeAll, describe, expect, test } from 'vitest';
import { commitments } from '../../electron/core/sample/commitments.ts';
import { lastDay } from '../../electron/core/sample/months.ts';
import { acceleratorCount } from '../../shared/catalog/attached.ts';
import { type CloudProvider, machineType } from '../../shared/catalog/machines.ts';
import { parseUsageType } from '../../shared/catalog/usageTypes.ts';
import { type Charge, charges, units } from './sampleBill.ts';

/** What a savings plan has to find in the bill of the sample company, and what it must not miss. */
const clouds: Record<string, CloudProvider> = {
  AWS: 'aws',
  'Google Cloud': 'google',
  Microsoft: 'azure',
};
const sizes = new Map<string, string>();
const sagemaker = new Map<string, string>();
/** Machines of a fleet that ran for more than half of an hour, by hour. */
const chat = new Map<string, number>();
const lengths = new Map<string, number>();
const plan = { fee: 0n, used: 0n, unused: 0n };
const planName = 'Compute SP, 62.00/h';
const planHours = new Map<string, bigint>();
const tagged = new Map<string, string>();
let hourlyRows = 0;

const hoursOf = (charge: Charge) =>
  (Date.parse(charge['ChargePeriodEnd'] ?? '') - Date.parse(charge['ChargePeriodStart'] ?? '')) /
  3_600_000;

beforeAll(() => {
  for (const { charge } of charges()) {
    const details = JSON.parse(charge['SkuPriceDetails'] || '{}') as Record<string, unknown>;
    const type = details['InstanceType'];
    if (typeof type === 'string') {
      const gpus = Number(details['GpuCount'] ?? 0);
      const size = `${String(details['CoreCount'])} ${String(details['MemorySize'])} ${gpus}`;
      sizes.set(`${clouds[charge['ProviderName'] ?? '']} ${type}`, size);
      if (charge['ServiceName'] === 'Amazon SageMaker')
        sagemaker.set(charge['SkuMeter'] ?? '', charge['RegionId'] ?? '');
    }
    const start = charge['ChargePeriodStart'] ?? '';
    if (hoursOf(charge) === 1) {
      hourlyRows += 1;
      if (charge['ResourceName']?.startsWith('chat-eu-') && Number(charge['PricingQuantity']) > 0.5)
        chat.set(start, (chat.get(start) ?? 0) + 1);
    }
    if (charge['ResourceName']?.startsWith('chat-eu-') && charge['ConsumedUnit'] === 'Hours') {
      const day = `${charge['ResourceName']} ${start.slice(0, 10)}`;
      lengths.set(day, (lengths.get(day) ?? 0) + Number(charge['ConsumedQuantity']));
    }
    if (charge['CommitmentDiscountName'] === planName && start >= '2026-11-01') {
      const effective = units(charge['EffectiveCost'] ?? '');
      if (charge['ChargeCategory'] === 'Purchase') plan.fee += units(charge['BilledCost'] ?? '');
      else if (charge['CommitmentDiscountStatus'] === 'Used') plan.used += effective;
      else plan.unused += effective;
      if (charge['ChargeCategory'] === 'Usage')
        planHours.set(start, (planHours.get(start) ?? 0n) + effective);
    }
    if (charge['Tags']?.includes('"interruptible":"yes"')) {
      const { workload } = JSON.parse(charge['Tags']) as { workload: string };
      tagged.set(workload, charge['PricingCategory'] ?? '');
    }
  }
}, 60_000);

describe('machines', () => {
  test('have the cores, memory and accelerators that the catalogue knows', () => {
    expect(sizes.size).toBeGreaterThan(20);
    // Of Azure the catalogue has no machines without accelerators.
    const known = [...sizes].filter(([key]) => key !== 'azure Standard_D16s_v5');
    for (const [key, size] of known) {
      const [cloud = '', name = ''] = key.split(' ');
      const machine = machineType(cloud as CloudProvider, name);
      const accelerators = acceleratorCount(machine?.attached ?? null);
      expect(`${machine?.vcpu} ${machine?.memoryGib} ${accelerators}`, key).toBe(size);
    }
  });

  test('of SageMaker are metered by what they do, behind their region', () => {
    const parts = [...sagemaker].map(([meter, region]) => {
      const usage = parseUsageType('aws', meter);
      expect(usage?.region, meter).toBe(region);
      return usage?.kind === 'sagemaker' ? usage.part : usage?.kind;
    });
    expect(parts.map(String).sort()).toEqual(['hosting', 'notebook', 'processing', 'training']);
  });
});

describe('the hours of November', () => {
  test('are billed one by one where the plan that ends in December counts, with day and night', () => {
    expect(hourlyRows).toBeGreaterThan(10_000);
    for (const day of ['2026-11-10', '2026-11-18']) {
      expect(chat.get(`${day}T03:00:00Z`)).toBe(6);
      expect(chat.get(`${day}T12:00:00Z`)).toBe(9);
    }
    for (const [key, hours] of lengths) expect(hours, key).toBeLessThanOrEqual(24);
  });

  test('use up that plan hour by hour: never more than it is, and together its fee', () => {
    expect(plan.used + plan.unused).toBe(plan.fee);
    expect(planHours.size).toBe(21 * 24);
    const hourly = units('62');
    expect([...planHours.values()].every((used) => used === hourly)).toBe(true);
  });
});

describe('what a plan finds', () => {
  const ends = commitments.map(({ to }) => to).filter((to) => to > lastDay);
  const within = (days: number) => {
    const last = new Date(Date.parse(lastDay) + days * 86_400_000).toISOString().slice(0, 10);
    return ends.filter((to) => to <= last);
  };

  test('commitments that end within three weeks and within three months, and later ones', () => {
    expect(within(21)).toEqual(['2026-12-09']);
    expect(within(90).toSorted()).toEqual(['2026-12-09', '2027-02-01']);
    expect(ends.length).toBeGreaterThan(5);
  });

  test('work that may be interrupted, paid on demand', () => {
    expect([...tagged.keys()].toSorted()).toEqual(['embed-batch', 'sft-tuning']);
    expect(tagged.get('sft-tuning')).toBe('Standard');
  });
});
