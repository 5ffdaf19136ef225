import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adviceDefaults } from '../../../shared/analysis/advice/settings.ts';
import {
  expectedStay,
  type Survival,
  survivalOf,
  weeksToEnd,
} from '../../../shared/analysis/advice/survival.ts';
import type { Account } from '../../../shared/analysis/model.ts';
import { campaign } from '../../builders/campaign.ts';
import { random } from '../../builders/random.ts';

const week = 168;
const { steadyYears } = adviceDefaults;

/** An account whose series are given by their weekly levels: `type@region`, price 1. */
function account(levels: Record<string, readonly number[]>): Account {
  const entries = Object.entries(levels);
  const weeks = entries[0]?.[1].length ?? 0;
  return {
    hours: weeks * week,
    order: 'default',
    policy: { wacc: 0, maxTermH: null, minMonthlySavings: 0 },
    fx: new Map([['USD', 1]]),
    skus: new Map(),
    prices: entries.map(([id]) => {
      const [sku = '', region = ''] = id.split('@');
      return { sku, region, currency: 'USD', onDemand: 1, spot: null };
    }),
    offers: [],
    owned: [],
    candidates: [],
    telemetry: new Map(),
    workloads: entries.map(([id, own]) => {
      const [sku = '', region = ''] = id.split('@');
      return {
        id,
        account: 'a',
        region,
        sku,
        currency: 'USD',
        spotNow: false,
        eligibleForCommitment: true,
        spot: {
          eligible: false,
          mttpH: 1,
          checkpointH: 0,
          restartH: 0,
          noticeSaves: false,
          nodes: 1,
          maxFraction: 1,
        },
        usage: Float64Array.from(
          { length: weeks * week },
          (_, hour) => own[Math.floor(hour / week)] as number,
        ),
        spotUsage: null,
        spotCost: 0,
      };
    }),
  };
}

const flat = (value: number, weeks = 60) => Array.from({ length: weeks }, () => value);
const until = (end: number, weeks = 60) => flat(10, weeks).map((v, at) => (at < end ? v : 0));
const chance = (survival: Survival, type: string, weeks: number): number => {
  const situation = survival.ending.has(type) ? 'ending' : 'steady';
  let ended = 0;
  for (let at = 0; at < 1000; at++) {
    if (weeksToEnd(survival, situation, adviceDefaults, at / 1000) < weeks) ended++;
  }
  return ended / 1000;
};

describe('how long types of machines stay', () => {
  test('nothing is known of the first weeks: one end in three years', () => {
    const survival = survivalOf(account({ 'a@r': flat(10, 3) }));
    expect(survival.records.steady).toEqual({ typeYears: 0, falls: 0 });
    const years = (52 * week) / 8760;
    expect(chance(survival, 'a', 52)).toBeCloseTo(1 - steadyYears / (steadyYears + years), 2);
  });

  test('types are watched from the fifth week, a type in two regions once', () => {
    const one = survivalOf(account({ 'a@r': flat(10) }));
    const two = survivalOf(account({ 'a@r': flat(10), 'a@s': flat(3) }));
    const other = survivalOf(account({ 'a@r': flat(10), 'b@r': flat(3) }));
    expect(one.records.steady.typeYears).toBeCloseTo((56 * week) / 8760, 9);
    expect(two.records.steady.typeYears).toBeCloseTo(one.records.steady.typeYears, 9);
    expect(other.records.steady.typeYears).toBeCloseTo(2 * one.records.steady.typeYears, 9);
  });

  test('a type that ended in one region is ending in the other, for a year', () => {
    const levels = { 'a@r': until(30), 'a@s': flat(20), 'b@r': flat(9) };
    const survival = survivalOf(account(levels));
    expect([...survival.ending]).toEqual(['a']);
    expect(survival.records.steady.falls).toBe(1);
    expect(chance(survival, 'a', 13)).toBeGreaterThan(1.5 * chance(survival, 'b', 13));
    const later = Object.fromEntries(
      Object.entries(levels).map(([id, own]) => [id, [...own, ...flat(own.at(-1) ?? 0, 30)]]),
    );
    expect([...survivalOf(account(later)).ending]).toEqual([]);
  });

  test('the share of a term that a type stays falls with the term and once it begins to end', () => {
    const survival = survivalOf(account({ 'a@r': until(30), 'a@s': flat(20), 'b@r': flat(9) }));
    const stay = (type: string, termH: number) =>
      expectedStay(survival, type, termH, adviceDefaults);
    expect(stay('b', 2160)).toBeGreaterThan(0.9);
    expect(stay('b', 8760)).toBeLessThan(stay('b', 2160));
    expect(stay('b', 26_280)).toBeLessThan(stay('b', 8760));
    expect(stay('a', 2160)).toBeLessThan(stay('b', 2160));
    expect(stay('a', 26_280)).toBeGreaterThan(0);
  });

  test.each([
    ['a dip of two weeks', flat(10).with(30, 1).with(31, 1)],
    ['a slow decline', flat(10).map((v, at) => v * 0.97 ** at)],
    ['what runs for a third of the hours', null],
    ['what is no hundredth of the spend', flat(0.05).map((v, at) => (at < 30 ? v : 0))],
  ])('%s is no fall', (_, levels) => {
    const base = account({ 'a@r': levels ?? until(30), 'b@r': flat(10) });
    const rarely = {
      ...base,
      workloads: base.workloads.map((one) =>
        one.sku === 'a' ? { ...one, usage: one.usage.map((u, h) => (h % 3 === 0 ? u : 0)) } : one,
      ),
    };
    const { records } = survivalOf(levels ? base : rarely);
    expect(records.steady.falls + records.ending.falls).toBe(0);
  });

  test('ends come sooner for more falls and a shorter watch, whatever the order of rows', () => {
    const { seed, ...run } = campaign('survival', 100);
    fc.assert(
      fc.property(fc.nat(1 << 30), (number) => {
        const r = random(8, number);
        const weeks = 20 + r.below(60);
        const levels = Object.fromEntries(
          Array.from({ length: 1 + r.below(5) }, (_, at) => [
            `${r.pick(['a', 'b', 'c'])}@r${at}`,
            r.chance(0.5) ? flat(1 + r.below(20), weeks) : until(1 + r.below(weeks), weeks),
          ]),
        );
        const given = account(levels);
        const found = survivalOf(given);
        const shuffled = { ...given, workloads: r.shuffled(given.workloads) };
        expect(survivalOf(shuffled).records).toEqual(found.records);
        const u = r.below(1000) / 1000;
        const { steady } = found.records;
        const at = (record: typeof steady) =>
          weeksToEnd(
            { ...found, records: { ...found.records, steady: record } },
            'steady',
            adviceDefaults,
            u,
          );
        expect(at({ ...steady, falls: steady.falls + 1 })).toBeLessThanOrEqual(at(steady));
        expect(at({ ...steady, typeYears: steady.typeYears + 1 })).toBeGreaterThanOrEqual(
          at(steady),
        );
      }),
      { seed, ...run },
    );
  });
});
