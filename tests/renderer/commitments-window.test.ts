import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatDay } from '../../shared/domain/format.ts';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { findChromium } from '../hosts/chromium.ts';
import { commitmentsAnswer } from './commitmentsAnswers.ts';
import { type FakedPlan, fakePlan, lastDay } from './savingsWindow.ts';

/** The Commitments page: rates, curve, ladder, what ends when, and its empty state. */
const program = findChromium();

describe.skipIf(program === null)('Commitments in the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let page: Page;
  let faked: FakedPlan;
  const overview = commitmentsAnswer(lastDay);

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ page } = opened);
    faked = await fakePlan(opened);
  }, 120_000);

  afterAll(() => opened.close());

  beforeEach(() => {
    opened.complaints.length = 0;
    faked.asked.length = 0;
  });
  // Console errors, violations of the content policy and requests to anywhere else.
  afterEach(() => {
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(opened.complaints).toEqual([]);
  });

  it('has the three rates beside the same with the plan, and what is owned', async () => {
    await opened.go('#/commitments', '.rates');
    await page.waitForSelector('.commitment-curve');
    expect(await page.locator('.rates .figure-value').allInnerTexts()).toEqual([
      '61.4%',
      '96.2%',
      '22.8%',
      expect.stringMatching(/^5\s*commitments$/),
    ]);
    const rates = await opened.text('.rates');
    expect(rates).toContain('plan 82.0%');
    expect(rates).toContain('21,870 of 574,870 in fees unused');
    expect(rates).toContain('2 end within 60 days');
  });

  it('reads the curve aloud, walks it, and shows another one', async () => {
    await opened.go('#/commitments', '.commitment-curve .chart');
    await page.locator('.commitment-curve .chart').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.locator('.commitment-curve [aria-live]').innerText())
      .toMatch(/^10\.00 \$\/h: Bill a month 704,/);
    await page.waitForSelector('.commitment-curve .chart-tip');
    expect(await opened.text('.commitment-ladder tbody tr:last-child')).toMatch(
      /9 Mar 2027\s+16\.40\s+118\.40/,
    );
    await page.locator('.commitment-curve .select').click();
    await page.getByRole('menuitemradio', { name: 'EC2 Instance Savings Plan, p5' }).click();
    await expect.poll(() => opened.text('.commitment-curve h2')).toContain('EC2 Instance');
    expect(await opened.text('.commitment-ladder')).toContain('Nothing is bought of it');
  });

  it('shows on one scale when each ends, soonest first and in risk, unknown ends last', async () => {
    await opened.go('#/commitments', '.calendar');
    const rows = await page.locator('.calendar-row').allInnerTexts();
    expect(rows).toHaveLength(5);
    expect(rows[0]).toContain(`${formatDay('2026-12-09')}, 99% used`);
    expect(rows[4]).toContain('end unknown');
    expect(await page.locator('.calendar-bar.soon').count()).toBe(2);
    const widths = await page
      .locator('.calendar-bar')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    expect([...widths].sort((a, b) => a - b)).toEqual(widths);
  });

  it('asks for an end that the bill does not say, and plans with it', async () => {
    await opened.go('#/commitments', '.owned');
    await page.getByLabel('Reservation, 4.00 ND96isr ends on').fill('2027-07-20');
    await expect
      .poll(() => faked.asked.findLast(({ name }) => name === 'commitments.overview')?.input)
      .toEqual({ policy: { ends: { 'ri-1': '2027-07-20' } } });
    await expect.poll(opened.address).toContain('ends=2027-07-20+ri-1');
    await page.getByLabel('Reservation, 4.00 ND96isr ends on').fill('');
    await expect.poll(opened.address).toBe('#/commitments');
  });

  it('limits the term for both pages', async () => {
    await opened.go('#/commitments', '.commitment-curve');
    await page.locator('.header .select', { hasText: 'Term' }).click();
    await page.getByRole('menuitemradio', { name: 'up to 3 years' }).click();
    await expect.poll(opened.address).toBe('#/commitments?term=36');
    await opened.go('#/savings?term=36', '.what-if');
    expect(
      await page.getByRole('slider', { name: 'Longest term' }).getAttribute('aria-valuetext'),
    ).toBe('3 years');
  });

  it('exports what is owned and what to buy', async () => {
    await opened.go('#/commitments', '.commitment-curve');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export ladder' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('commitments-2026-11-21.csv');
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(1 + overview.owned.length + overview.ladder.length);
  });

  it.each(['#/commitments', '#/commitments?view=table'])(
    'has no finding of axe at %s, light and dark',
    async (at) => {
      await opened.go(at, '.owned');
      await page.waitForTimeout(300);
      await opened.axeInBothThemes();
    },
  );

  it('says so where nothing is owned and nothing is worth buying', async () => {
    faked.commitments = {
      ...overview,
      coverage: { value: null, planned: null, numerator: '0', denominator: '0' },
      utilisation: { value: null, planned: null, numerator: '0', denominator: '0' },
      esr: { value: null, planned: null, numerator: '0', denominator: '0' },
      owned: [],
      ended: [],
      curves: [],
      ladder: [],
    };
    await opened.go('#/settings');
    await page.reload();
    await opened.go('#/commitments', '.no-commitments');
    expect(await opened.text('.no-commitments')).toContain('No commitment is owned');
    expect(await page.locator('.rates .figure-value').allInnerTexts()).toEqual([
      'n/a',
      'n/a',
      'n/a',
      expect.stringMatching(/^0\s*commitments$/),
    ]);
    await opened.axeInBothThemes();
  });
});
