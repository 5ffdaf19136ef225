import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/api.ts';
import type { CallOutput } from '../../shared/contract/contract.ts';
import { exactOf } from '../../shared/domain/exact.ts';
import { formatDecimal, formatHeadline } from '../../shared/domain/format.ts';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { findChromium } from '../hosts/chromium.ts';

/** The plan of the sample company, from its bill to a decision in the window: nothing is faked. */
const program = findChromium();

describe.skipIf(program === null)('the plan of the sample company', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let core: Core;
  let page: Page;
  let answer: CallOutput<'savings.plan'>;

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ page, core } = opened);
    await core.call('import.sample', { job: 'sample' });
    await page.reload();
    await page.waitForSelector('.nav-foot');
    const planned = await core.call('savings.plan', {});
    if (!planned.ok) throw new Error(planned.error.message);
    answer = planned.value;
  }, 240_000);

  afterAll(() => opened.close());

  beforeEach(() => {
    opened.complaints.length = 0;
  });

  const first = '.plan-grid .grid-row[aria-rowindex="2"]';
  const headline = '.main-figure .save';

  function planOf() {
    const { plan } = answer;
    if (!plan) throw new Error(`a plan is expected, not ${answer.status}`);
    return plan;
  }

  it('is on the page as the core answers it, and adds up', async () => {
    await opened.go('#/savings', first);
    const { savings, actions } = planOf();
    expect(actions.length).toBeGreaterThan(0);
    expect(await opened.text(headline)).toBe(formatHeadline(savings, answer.currency));
    const marginals = await page
      .locator('.plan-grid .grid-row:not(.total) .right.save')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).title));
    const sum = marginals
      .map((one) => exactOf(one.replaceAll(',', '').replace('\u2212', '-')))
      .reduce((all, one) => all + one, 0n);
    expect(sum).toBe(exactOf(savings));
    await expect.poll(() => opened.text('.plan-over-time')).toContain('Spend, forecast');
    await expect
      .poll(() => opened.text('.plan-forecast-note'))
      .toMatch(/^Forecast: each weekday .+ \d+\.\d% off, and the 80% band held \d+\.\d% of them\./);
    expect(opened.complaints).toEqual([]);
  });

  it('is re-simulated without an action as the core simulates it', async () => {
    await opened.go('#/savings', first);
    const id = planOf().actions[0]?.id ?? '';
    const without = await core.call('savings.simulate', { policy: { off: [id] } });
    if (!without.ok || !without.value) throw new Error('a simulation is expected');
    await page.locator(`${first} input`).click();
    await expect
      .poll(() => opened.text(headline), { timeout: 10_000 })
      .toBe(formatHeadline(without.value.savings, answer.currency));
    await page.locator(`${first} input`).click();
    await expect
      .poll(() => opened.text(headline), { timeout: 10_000 })
      .toBe(formatHeadline(planOf().savings, answer.currency));
  });

  it('shows the evidence of every action, free of findings of axe', async () => {
    for (const { id, title, marginal } of planOf().actions) {
      await opened.go(`#/savings?action=${encodeURIComponent(id)}`);
      await expect.poll(() => opened.text('.evidence h2')).toBe(title);
      expect(await opened.text('.evidence-figures')).toContain(formatDecimal(marginal));
    }
    await opened.axeInBothThemes();
    expect(opened.complaints).toEqual([]);
  });

  it('is decided on: accepted with its promise, then set aside out of every figure', async () => {
    const action = planOf().actions[0];
    if (!action) throw new Error('an action is expected');
    await opened.go(`#/savings?action=${encodeURIComponent(action.id)}`);
    await expect.poll(() => opened.text('.evidence h2')).toBe(action.title);
    for (const box of await page.locator('.evidence-confirm input').all()) await box.check();
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect.poll(() => opened.text(`${first} .tag`), { timeout: 10_000 }).toBe('Accepted');
    const history = '.decision-history tbody tr';
    await page.locator(history).first().scrollIntoViewIfNeeded();
    expect(await opened.text(history)).toContain(formatDecimal(action.marginal));
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByLabel('Why not').fill('it serves a customer');
    await page.locator('.decide-ask button').click();
    await expect.poll(() => opened.text(`${first} .tag`), { timeout: 10_000 }).toBe('Dismissed');
    const without = await core.call('savings.simulate', { policy: { off: [action.id] } });
    const rest = without.ok ? (without.value?.savings ?? '') : '';
    await expect
      .poll(() => opened.text(headline), { timeout: 10_000 })
      .toBe(formatHeadline(rest, answer.currency));
    await opened.go('#/overview', '.figures');
    await expect
      .poll(() => opened.text('.figures'), { timeout: 10_000 })
      .toContain(formatHeadline(rest, answer.currency));
    await opened.go(`#/savings?action=${encodeURIComponent(action.id)}`, '.evidence');
    await page.getByRole('button', { name: 'Reopen' }).click();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.locator('.decide-ask button').click();
    await page.waitForSelector('.banked tbody tr', { timeout: 10_000 });
    const banked = await opened.text('.banked tbody tr');
    expect(banked).toContain(action.title);
    // Done today: the bill cannot show it yet, and that is not 0.
    expect(banked).toMatch(/waiting|unknown/);
    expect(await page.locator(history).count()).toBe(4);
    await opened.axeInBothThemes();
    expect(opened.complaints).toEqual([]);
  });

  it('has commitments, what they cost and when they end', async () => {
    const overview = await core.call('commitments.overview', {});
    if (!overview.ok) throw new Error(overview.error.message);
    const { owned, curves } = overview.value;
    await opened.go('#/commitments', '.calendar');
    expect(await page.locator('.calendar-row').count()).toBe(owned.length);
    expect(await page.locator('.commitment-curve .chart').count()).toBe(curves.length > 0 ? 1 : 0);
    expect(await opened.text('.rates')).toContain(`${owned.length}`);
    await page.waitForTimeout(300);
    await opened.axeInBothThemes();
    expect(opened.complaints).toEqual([]);
  });
});
