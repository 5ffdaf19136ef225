import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sampleFiles } from '../../electron/core/sample/sample.ts';
import { writeSample } from '../../electron/core/sample/write.ts';
import { charges, decimal, units } from './sampleBill.ts';

interface Total {
  rows: number;
  billed: bigint;
  effective: bigint;
}

/** Rows, billed and effective dollars of each provider and billing month, to the last digit. */
const pinned = `
AWS 2025-11 4402 744773.6794606067946 744773.6794606067946
AWS 2025-12 4597 776259.3861017912498 776259.3861017912498
AWS 2026-01 4815 802016.94238193550436 802016.94238193550436
AWS 2026-02 4425 751384.28515129594176 751384.28515129594176
AWS 2026-03 5032 858244.84505772091864 858244.84505772091864
AWS 2026-04 5343 896193.9830683456812 896193.9830683456812
AWS 2026-05 5559 956236.8406111917716 956236.8406111917716
AWS 2026-06 5747 1030958.15213655287496 1030958.15213655287496
AWS 2026-07 6134 1005125.36272433232244 1005125.36272433232244
AWS 2026-08 6243 1046255.08724308352208 1046255.08724308352208
AWS 2026-09 6388 1083458.922232637752 1083458.922232637752
AWS 2026-10 6751 1141107.36718266183256 1141107.36718266183256
AWS 2026-11 17806 824721.37266896296496 824721.37266896296496
Google Cloud 2025-11 1381 290517.721371105 290517.721371105
Google Cloud 2025-12 1427 311962.88563762425 311962.88563762425
Google Cloud 2026-01 1453 336213.5421747765 336213.5421747765
Google Cloud 2026-02 1345 340883.35975867475 340883.35975867475
Google Cloud 2026-03 1489 383522.324187052 383522.324187052
Google Cloud 2026-04 1577 408109.4874390825 408109.4874390825
Google Cloud 2026-05 1704 423970.51180249395 423970.51180249395
Google Cloud 2026-06 1611 421670.3734048396 421670.3734048396
Google Cloud 2026-07 1614 441781.6181902206 441781.6181902206
Google Cloud 2026-08 1630 463250.2612252322 463250.2612252322
Google Cloud 2026-09 1730 513038.30176689635 513038.30176689635
Google Cloud 2026-10 1746 531631.7724817464 531631.7724817464
Google Cloud 2026-11 1190 351067.0009051964 351067.0009051964
Microsoft 2025-11 1013 129557.7645838158 129557.7645838158
Microsoft 2025-12 1132 137009.3036146073485 137009.3036146073485
Microsoft 2026-01 1125 128536.64210457347025 128536.64210457347025
Microsoft 2026-02 1013 127859.01107994260325 127859.01107994260325
Microsoft 2026-03 1128 150392.61664379729075 150392.61664379729075
Microsoft 2026-04 1091 148785.188310829775 148785.188310829775
Microsoft 2026-05 1290 178504.735557025684 178504.735557025684
Microsoft 2026-06 1312 211659.1182503456125 211659.1182503456125
Microsoft 2026-07 1418 216026.8780816145235 216026.8780816145235
Microsoft 2026-08 1433 228010.52597289675825 228010.52597289675825
Microsoft 2026-09 1413 240251.8326554805775 240251.8326554805775
Microsoft 2026-10 1506 271414.3367223870815 271414.3367223870815
Microsoft 2026-11 1021 185154.9663230014525 185154.9663230014525
`.trim();

const days = new Map<string, bigint>();
const workloadDays = new Map<string, bigint>();
const totals = new Map<string, Total>();

beforeAll(() => {
  for (const { charge } of charges()) {
    const key = `${charge.ProviderName} ${charge.BillingPeriodStart?.slice(0, 7)}`;
    const total = totals.get(key) ?? { rows: 0, billed: 0n, effective: 0n };
    const effective = units(charge.EffectiveCost ?? '');
    totals.set(key, {
      rows: total.rows + 1,
      billed: total.billed + units(charge.BilledCost ?? ''),
      effective: total.effective + effective,
    });
    const day = charge.ChargePeriodStart?.slice(0, 10) ?? '';
    days.set(day, (days.get(day) ?? 0n) + effective);
    const workload = charge.Tags ? JSON.parse(charge.Tags).workload : '';
    const place = `${workload} ${charge.SubAccountName} ${charge.ServiceName} ${day}`;
    workloadDays.set(place, (workloadDays.get(place) ?? 0n) + effective);
  }
}, 60_000);

/** Whole dollars of a workload on a service and day. */
function spent(place: string, day: string): number {
  return Number((workloadDays.get(`${place} ${day}`) ?? 0n) / 10n ** 27n);
}

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((all, one) => all + one, 0n);

/** Whole dollars charged for the days of a month. */
function month(name: string): number {
  const costs = [...days].flatMap(([day, cost]) => (day.startsWith(name) ? [cost] : []));
  return Number(sum(costs) / 10n ** 27n);
}

describe('the sample company', () => {
  test('is the same every time, and what is written is what is listed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outlay-sample-'));
    try {
      const paths = await writeSample(join(folder, 'made'));
      expect(paths.map((path) => basename(path))).toEqual([
        'aws-focus-1.2.csv',
        'gcp-focus-1.2.csv',
        'azure-focus-1.2.csv',
      ]);
      const files = sampleFiles();
      for (const [index, path] of paths.entries()) {
        const listed = createHash('sha256');
        for (const line of files[index]?.lines() ?? []) listed.update(`${line}\n`);
        const written = createHash('sha256').update(await readFile(path));
        expect(written.digest('hex')).toBe(listed.digest('hex'));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  test('has the pinned rows and exact totals for every provider and month', () => {
    const lines = [...totals].map(
      ([key, { rows, billed, effective }]) =>
        `${key} ${rows} ${decimal(billed)} ${decimal(effective)}`,
    );
    expect(lines.join('\n')).toBe(pinned);
  });

  test('has between 60,000 and 120,000 rows on every day to 21 November 2026', () => {
    const rows = [...totals.values()].reduce((all, total) => all + total.rows, 0);
    expect(rows).toBeGreaterThan(60_000);
    expect(rows).toBeLessThan(120_000);
    const known = [...days.keys()].sort();
    expect(known.length).toBe(386);
    expect([known[0], known.at(-1)]).toEqual(['2025-11-01', '2026-11-21']);
  });

  test('grows from about 1.2 to about 1.9 million dollars a month', () => {
    expect(month('2025-12')).toBeGreaterThan(1_150_000);
    expect(month('2025-12')).toBeLessThan(1_260_000);
    expect(month('2026-10')).toBeGreaterThan(1_850_000);
    expect(month('2026-10')).toBeLessThan(1_980_000);
    expect(month('2026-11')).toBeGreaterThan(1_300_000);
    expect(month('2026-11')).toBeLessThan(1_400_000);
  });

  test('bills what was effective, within one percent over the whole time', () => {
    const billed = sum([...totals.values()].map((total) => total.billed));
    const effective = sum([...totals.values()].map((total) => total.effective));
    const difference = billed > effective ? billed - effective : effective - billed;
    expect(difference * 100n < billed).toBe(true);
  });

  test('tells the stories of November', () => {
    const pretrain = 'llm-pretrain-b train-prod Amazon Elastic Compute Cloud';
    const secondCluster = spent(pretrain, '2026-11-18') - spent(pretrain, '2026-11-16');
    expect(secondCluster).toBeGreaterThan(6_000);
    expect(secondCluster).toBeLessThan(8_000);

    const gateway = 'dataset-pulls train-prod Amazon Virtual Private Cloud';
    const pulls = spent(gateway, '2026-11-19') - spent(gateway, '2026-11-18');
    expect(pulls).toBeGreaterThan(1_000);
    expect(pulls).toBeLessThan(1_700);

    const gemini = 'support-assist gcp-serving Gemini API';
    const cacheMisses = spent(gemini, '2026-11-20') - spent(gemini, '2026-11-19');
    expect(cacheMisses).toBeGreaterThan(500);
    expect(cacheMisses).toBeLessThan(1_400);

    const notebooks = 'research-notebooks research Amazon Elastic Compute Cloud';
    expect(spent(notebooks, '2026-11-18') * 2).toBeLessThan(spent(notebooks, '2026-10-21'));
  });

  test('rests at weekends where people and their requests drive it', () => {
    const serving = 'chat-serving-eu serve-eu Amazon Elastic Compute Cloud';
    // 17 and 18 October 2026 are a weekend, 14 and 15 October are not.
    const weekend = spent(serving, '2026-10-17') + spent(serving, '2026-10-18');
    const weekdays = spent(serving, '2026-10-14') + spent(serving, '2026-10-15');
    expect(weekend).toBeLessThan(weekdays * 0.9);
  });
});
