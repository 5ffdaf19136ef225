import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exactOf } from '../../shared/domain/exact.ts';
import { formatDecimal, formatHeadline } from '../../shared/domain/format.ts';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { findChromium } from '../hosts/chromium.ts';
import * as answers from './savingsAnswers.ts';
import { type FakedPlan, fakePlan } from './savingsWindow.ts';

/** The Savings page with answers of every kind: the plan, its what-if, evidence and other states. */
const program = findChromium();

describe.skipIf(program === null)('Savings in the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let page: Page;
  let faked: FakedPlan;
  const plan = answers.planAnswer();
  const whole = plan.plan;
  if (!whole) throw new Error('a plan is expected');

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ page } = opened);
    faked = await fakePlan(opened);
  }, 120_000);

  afterAll(() => opened.close());

  beforeEach(() => {
    opened.complaints.length = 0;
    faked.asked.length = 0;
    faked.delay = 0;
  });
  // Console errors, violations of the content policy and requests to anywhere else.
  afterEach(() => {
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(opened.complaints).toEqual([]);
  });

  const row = (index: number) => `.plan-grid .grid-row[aria-rowindex="${index + 2}"]`;
  const total = '.plan-grid .grid-row.total';
  const focusGrid = () => page.locator('.plan-grid').focus();

  /** As the page is for someone who comes to it with this answer. */
  async function show(answer: typeof plan, selector: string) {
    faked.plan = answer;
    await opened.go('#/settings');
    await page.reload();
    await opened.go('#/savings', selector);
  }

  it('is the fourth page, by its key and from the palette', async () => {
    await opened.go('#/overview', '.overview-side');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('4');
    await page.waitForSelector(row(0));
    expect(await opened.address()).toBe('#/savings');
    await page.keyboard.press('5');
    await page.waitForSelector('.rates');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('[role="combobox"]:focus');
    await page.keyboard.type('Savings');
    await page.keyboard.press('Enter');
    await page.waitForSelector(row(0));
  });

  it('has the one number with its interval, and actions that add up to it', async () => {
    await opened.go('#/savings', row(0));
    const { savings } = whole;
    expect(await opened.text('.main-figure .save')).toBe(formatHeadline(savings, 'USD'));
    const figures = await opened.text('.plan-figures');
    expect(figures).toContain('376,032 to 527,362');
    expect(figures).toContain('loses 21,300');
    const marginals = await page
      .locator('.plan-grid .grid-row:not(.total) .right.save')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).title.replaceAll(',', '')));
    expect(marginals).toHaveLength(whole.actions.length);
    expect(marginals.reduce((sum, one) => sum + exactOf(one), 0n)).toBe(exactOf(savings));
    expect(await opened.text(total)).toContain(formatDecimal(savings));
  });

  it('reads both charts aloud under the arrow keys, and shows them as tables', async () => {
    await opened.go('#/savings', '.plan-waterfall .chart');
    await page.locator('.plan-waterfall .chart').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.locator('.plan-waterfall [aria-live]').innerText())
      .toBe('Stop: \u221260,206, last-in 54,186');
    await page.locator('.plan-over-time .chart').focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.locator('.plan-over-time [aria-live]').innerText())
      .toContain('With the plan 1,650,000, Gap 540,000');
    await opened.go('#/savings?view=table', '.plan-waterfall .numbers');
    expect(await page.locator('.plan-waterfall tbody tr').count()).toBe(8);
    await opened.go('#/savings', '.plan-waterfall .chart');
  });

  it('takes an action out at once, keeping the answer before until the next is there', async () => {
    await opened.go('#/savings', row(0));
    faked.delay = 700;
    const before = await opened.text('.main-figure .save');
    await page.locator(`${row(8)} input`).click();
    await page.waitForTimeout(250);
    expect(await opened.text('.main-figure .save')).toBe(before);
    expect(await page.locator(`${row(8)}.off`).count()).toBe(1);
    const rest = answers.figuresOf(answers.actions.filter(({ id }) => id !== 'commit:csp'));
    await expect
      .poll(() => opened.text('.main-figure .save'))
      .toBe(formatHeadline(rest.savings, 'USD'));
    expect(await opened.text(total)).toContain(formatDecimal(rest.savings));
    expect(await opened.text('.what-if-state')).toContain('Re-simulated');
    await expect.poll(opened.address).toBe('#/savings?off=commit%3Acsp');
    // Leaving out plans nothing anew.
    expect(faked.asked.filter(({ name }) => name === 'savings.plan')).toEqual([]);
    faked.delay = 0;
    await focusGrid();
    await page.keyboard.press('Home');
    for (let index = 0; index < 8; index++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    await expect.poll(() => opened.text('.main-figure .save')).toBe(before);
    await expect.poll(opened.address).toBe('#/savings');
  });

  it('re-simulates while a control moves, and plans anew once it rests', async () => {
    await opened.go('#/savings', row(0));
    const slider = page.getByRole('slider', { name: 'Chance of loss up to' });
    await slider.focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft');
    expect(await slider.getAttribute('aria-valuetext')).toBe('2%');
    expect(faked.asked.filter(({ name }) => name === 'savings.plan')).toEqual([]);
    await expect.poll(opened.address).toBe('#/savings?risk=0.02');
    await expect
      .poll(() => faked.asked.filter(({ name }) => name === 'savings.plan').length)
      .toBe(1);
    const simulated = faked.asked.filter(({ name }) => name === 'savings.simulate');
    expect(simulated.length).toBeGreaterThan(0);
    expect(simulated.length).toBeLessThanOrEqual(4);
    expect(simulated.at(-1)?.input.policy).toEqual({ mostLoss: 0.02 });
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(opened.address).toBe('#/savings');
  });

  it('opens the evidence with Enter, walks it with the arrows, and closes it with Esc', async () => {
    await opened.go('#/savings', row(0));
    await focusGrid();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.evidence');
    expect(await opened.text('.evidence h2')).toBe(whole.actions[0]?.title);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => opened.text('.evidence h2')).toBe(whole.actions[1]?.title);
    await expect.poll(opened.address).toBe('#/savings?action=stop%3Anotebooks');
    const evidence = await opened.text('.evidence');
    for (const part of ['≤ 10 min', '88.4900', 'aws-focus-2026-11.csv.gz', 'saves 41,900 less']) {
      expect(evidence).toContain(part);
    }
    await page.keyboard.press('Escape');
    await page.waitForSelector('.evidence', { state: 'detached' });
    expect(await opened.address()).toBe('#/savings');
    await opened.go('#/savings?action=commit%3Acsp', '.evidence [aria-label="Commitment"]');
    expect(await opened.text('.evidence [aria-label="Commitment"]')).toContain('118.40 $/h');
    await page.getByRole('button', { name: 'aws-focus-2026-11.csv.gz' }).click();
    await page.waitForSelector('.costs');
    expect(await opened.address()).toContain('is=resource%3Di-1');
  });

  it('accepts nothing whose assumptions are not confirmed', async () => {
    await opened.go('#/savings?action=spot%3Apretrain', '.evidence');
    const accept = page.getByRole('button', { name: 'Accept', exact: true });
    expect(await accept.isDisabled()).toBe(true);
    expect(await opened.text('.decide')).toContain('2 assumptions left to confirm');
    for (const box of await page.locator('.evidence-confirm input').all()) await box.check();
    expect(await accept.isDisabled()).toBe(false);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    const dismiss = page.locator('.decide-ask button');
    expect(await dismiss.isDisabled()).toBe(true);
    await page.getByLabel('Why not').fill('the run may not move');
    expect(await dismiss.isDisabled()).toBe(false);
    await page.getByRole('button', { name: 'Schedule' }).click();
    await page.waitForSelector('.decide-ask input[type="date"]');
    expect(await opened.axeFindings()).toEqual([]);
  });

  it('exports the plan with every digit', async () => {
    await opened.go('#/savings', row(0));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export plan' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('savings-2026-11-21.csv');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain(`Joint savings,,,,,,,USD,${whole.savings},`);
  });

  it('says what Outlay cannot know, offline and over the page', async () => {
    await opened.go('#/savings', row(0));
    await page.getByRole('button', { name: 'What Outlay cannot know' }).click();
    await page.waitForSelector('.cannot-know');
    expect(await opened.text('.cannot-know')).toContain('Without GPU metrics');
    await opened.axeInBothThemes();
    await page.keyboard.press('Escape');
    await page.waitForSelector('.cannot-know', { state: 'detached' });
  });

  it.each([
    ['#/savings', row(0)],
    ['#/savings?view=table', '.plan-waterfall .numbers'],
    ['#/savings?off=spot%3Aeval', `${row(7)}.off`],
    ['#/savings?action=spot%3Apretrain', '.evidence'],
    ['#/savings?action=commit%3Acsp', '.evidence'],
  ])('has no finding of axe at %s, light and dark', async (at, shown) => {
    await opened.go(at, shown);
    await page.waitForTimeout(300);
    await opened.axeInBothThemes();
  });

  it('gives no advice where the simulated bill is not the bill, and shows the difference', async () => {
    await show(answers.withheldAnswer(), '.withheld');
    const words = await opened.text('.withheld');
    expect(words).toContain('No advice is given');
    expect(words).toMatch(/1,874,310\.00\s+1,871,105\.70\s+\u22123,204\.30\s+\u22120\.17%/);
    expect(await page.locator('.plan-grid').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Export plan' }).isDisabled()).toBe(true);
    await opened.axeInBothThemes();
    await opened.go('#/overview', '.figures');
    await expect.poll(() => opened.text('.figures')).toContain('withheld');
  });

  it('asks by name for what is missing, with the button that imports it', async () => {
    await show(answers.missingAnswer(), '.missing-inputs');
    const words = await opened.text('.missing-inputs');
    expect(words).toContain('Machines by the hour');
    expect(words).toContain('No plan without it');
    expect(words).toContain('hourly');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.locator('.missing-inputs').getByRole('button', { name: 'Choose files' }).click(),
    ]);
    expect(chooser.isMultiple()).toBe(true);
    await opened.axeInBothThemes();
  });

  it('says so where nothing is worth doing', async () => {
    await show(answers.planAnswer([]), '.withheld');
    expect(await opened.text('.withheld')).toContain('Nothing is worth doing');
    expect(await opened.text('.main-figure')).toContain('$0');
    expect(await page.locator('.plan-grid').count()).toBe(0);
    await opened.axeInBothThemes();
    await opened.go('#/overview', '.figures');
    await expect.poll(() => opened.text('.figures')).toContain('nothing is worth doing');
  });

  it('shows the one number on Overview, which leads to the plan', async () => {
    await show(answers.planAnswer(), row(0));
    await opened.go('#/overview', '.figures');
    await expect.poll(() => opened.text('.figures')).toContain('$458,575');
    expect(await opened.text('.figures')).toContain('80%: 376 k to 527 k; P(loss) 4%');
    await page.getByRole('link', { name: '$458,575' }).click();
    await page.waitForSelector(row(0));
  });
});
