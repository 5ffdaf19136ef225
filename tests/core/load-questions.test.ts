import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { questionOf } from '../../shared/domain/loadQuestions.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => {
  place = workspace();
});
afterEach(() => place.close());

const columns = Object.keys(focusRow()).filter((name) => name !== 'BillingCurrency');

/** What the window asks is taken from the refusal; here the core refuses, and takes the answer. */
describe('a refusal that an answer lifts', () => {
  test.each([
    ['no column of currencies', focusCsv([focusRow()], { columns })],
    ['a row without a currency', focusCsv([focusRow(), focusRow({ BillingCurrency: '' })])],
  ])('%s asks for the currency', async (_, text) => {
    const path = place.file('bill.csv', text);
    const [refused] = await place.load(path);
    expect(refused && questionOf(refused)).toEqual({ kind: 'currency' });
    const [loaded] = await place.load(path, { currency: 'USD' });
    expect(loaded).toMatchObject({ status: 'loaded', totals: [{ currency: 'USD' }] });
  });

  test.each([
    ['ChargePeriodStart', { ChargePeriodStart: '03/05/2026' }],
    ['BillingPeriodStart', { BillingPeriodStart: '03/01/2026' }],
  ])('a %s with the year last asks what comes first', async (_, cells) => {
    const path = place.file('bill.csv', focusCsv([focusRow(cells)]));
    const [refused] = await place.load(path);
    expect(refused && questionOf(refused)).toMatchObject({
      kind: 'date-order',
      value: Object.values(cells)[0],
      readings: [{ order: 'mdy' }, { order: 'dmy' }],
    });
    const [loaded] = await place.load(path, { dateOrder: 'mdy' });
    expect(loaded).toMatchObject({ status: 'loaded', periods: ['2026-03'] });
  });

  test.each([
    ['a currency that is none', { BillingCurrency: 'coins' }],
    ['a date that is none', { ChargePeriodStart: 'soon' }],
    ['a cost that is none', { BilledCost: 'free' }],
  ])('%s is only refused', async (_, cells) => {
    const [refused] = await place.load(place.file('bill.csv', focusCsv([focusRow(cells)])));
    expect(refused?.status).toBe('refused');
    expect(refused && questionOf(refused)).toBeNull();
  });
});
