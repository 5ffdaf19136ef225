import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/api.ts';
import type { CallOutput } from '../../shared/contract/contract.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { formatDecimal } from '../../shared/domain/format.ts';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { findChromium } from '../hosts/chromium.ts';

/** The AI workloads page on the sample company: figures, table, one workload, rules, states. */
const program = findChromium();
const november = { metric: 'billed', from: '2026-11-01', to: '2026-12-01' } as const;

describe.skipIf(program === null)('AI workloads in the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let core: Core;
  let page: Page;
  let overview: CallOutput<'workloads.overview'>;

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ core, page } = opened);
    await core.call('import.sample', { job: 'sample' });
    await page.reload();
    await page.waitForSelector('.nav-foot');
    const answer = await core.call('workloads.overview', november);
    if (!answer.ok) throw new Error(answer.error.message);
    overview = answer.value;
  }, 120_000);

  afterAll(() => opened.close());

  beforeEach(() => {
    opened.complaints.length = 0;
  });
  // Console errors, violations of the content policy and requests to anywhere else.
  afterEach(() => {
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(opened.complaints).toEqual([]);
  });

  const go = (address: string, shown: string) => opened.go(address, shown);
  const text = (selector: string) => opened.text(selector);
  const address = () => opened.address();
  const firstRow = '.workloads-grid .grid-row[aria-rowindex="2"]';

  it('is the third page, by its key and from the palette', async () => {
    await go('#/overview', '.overview-side');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('3');
    await page.waitForSelector(firstRow);
    expect(await address()).toBe('#/workloads');
    expect(await page.locator('.nav-row').allInnerTexts()).toEqual([
      expect.stringContaining('Overview'),
      expect.stringContaining('Costs'),
      expect.stringContaining('AI workloads'),
      expect.stringContaining('Savings'),
      expect.stringContaining('Commitments'),
      expect.stringContaining('Sources'),
      expect.stringContaining('Settings'),
    ]);
    await page.keyboard.press('Control+k');
    await page.waitForSelector('[role="combobox"]:focus');
    await page.keyboard.type('rules of AI');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.rule-text');
    expect(await address()).toBe('#/workloads?rules=edit');
  });

  it('shows what the core answers, and amounts that add up to the whole bill', async () => {
    await go('#/workloads', firstRow);
    const amounts = await page
      .locator('.purpose-legend .num[title]')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).title));
    const plain = amounts.map((one) => exactOf(one.replaceAll(',', '').replace('\u2212', '-')));
    const [total = 0n, notAi = 0n, ai = 0n] = [...plain].reverse();
    expect(formatExact(total)).toBe(overview.total.cost);
    expect(ai + notAi).toBe(total);
    // A stack of several purposes is said as one, then each of them.
    const single = await page.locator('.purpose-legend li:not(.ruled)').evaluateAll((all) =>
      all.map((one) => ({
        named: one.querySelector('button') !== null,
        cost: one.querySelector<HTMLElement>('.num')?.title ?? '',
      })),
    );
    const sum = single
      .filter(({ named }) => named)
      .reduce((s, { cost }) => s + exactOf(cost.replaceAll(',', '').replace('\u2212', '-')), 0n);
    expect(sum).toBe(ai);
    const dearest = overview.workloads[0];
    expect(await text(firstRow)).toContain(dearest?.name);
    expect(await text(firstRow)).toContain(formatDecimal(dearest?.cost ?? '0'));
    expect(await text('.workloads-grid .grid-row.total')).toContain(
      formatDecimal(overview.ai.cost ?? '0'),
    );
  });

  it('says why on every purpose, and unknown where nothing was measured', async () => {
    await go('#/workloads', firstRow);
    const titles = await page
      .locator('.workloads-grid .grid-row[aria-rowindex] .key:nth-child(2)')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).title));
    expect(titles.length).toBeGreaterThan(5);
    for (const title of titles) expect(title).toMatch(/^.+\. .+ Rule: .+/s);
    const unmeasured = overview.workloads.findIndex(
      ({ gpu, telemetry }) => gpu.hours !== null && telemetry.level === 'none',
    );
    const row = `.workloads-grid .grid-row[aria-rowindex="${unmeasured + 2}"]`;
    await page.locator('.workloads-grid .grid-scroll').evaluate((element, top) => {
      element.scrollTop = top;
    }, unmeasured * 28);
    await page.waitForSelector(row);
    expect(await text(`${row} .busy-cell`)).toBe('unknown');
    await page.locator('.workloads-grid .grid-scroll').evaluate((element) => {
      element.scrollTop = 0;
    });
  });

  it('reads the heat map aloud under the arrow keys and shows it under the pointer', async () => {
    await go('#/workloads', '.heat-map');
    await page.locator('.heat-map').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.locator('.heat-map [aria-live]').innerText())
      .toMatch(/^Tuesday, 01:00 to 02:00 UTC: (\d+\.\d% busy, \d+ GPUs?|unknown)/);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.heat-tip', { state: 'detached' });
    expect(await address()).toBe('#/workloads');
    await page.locator('.heat-line').nth(6).locator('.heat-cell').nth(23).hover();
    expect(await text('.heat-tip')).toMatch(/^Sunday, 23:00 to 24:00 UTC/);
    const [tip, window] = await page.evaluate(() => {
      const { left, right, top, bottom } = (
        document.querySelector('.heat-tip') as HTMLElement
      ).getBoundingClientRect();
      return [
        { left, right, top, bottom },
        { right: innerWidth, bottom: innerHeight },
      ];
    });
    expect(tip.left).toBeGreaterThan(168);
    expect(tip.right).toBeLessThan(window.right);
    expect(tip.bottom).toBeLessThan(window.bottom);
    await page.mouse.move(4, 4);
  });

  it('opens a workload with the keys at its own address, and goes back to its row', async () => {
    await go('#/workloads', firstRow);
    await page.locator('.workloads-grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.workload-name');
    const second = overview.workloads[1];
    expect(await text('.workload-name')).toBe(second?.name);
    expect(await address()).toBe(
      `#/workloads?${new URLSearchParams({ workload: second?.id ?? '' }).toString()}`,
    );
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe(second?.name);
    const seen = await address();
    await page.reload();
    await page.waitForSelector('.workload-name');
    expect(await address()).toBe(seen);
    await page.goBack();
    await page.waitForSelector(firstRow);
    expect(await address()).toBe('#/workloads');
    await page.goForward();
    await page.waitForSelector('.workload-name');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.workloads-grid .grid-row[aria-selected="true"]');
    expect(await text('.grid-row[aria-selected="true"]')).toContain(second?.name);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
  });

  it('says of a workload why it costs more or less, in parts that add up', async () => {
    const id = overview.workloads[0]?.id ?? '';
    const answer = await core.call('workloads.detail', { ...november, id });
    const change = answer.ok ? answer.value.change : null;
    await go(`#/workloads?workload=${encodeURIComponent(id)}`, '[aria-label="What changed"] tbody');
    const parts = await page
      .locator('[aria-label="What changed"] table')
      .first()
      .locator('td[title]')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).title));
    const plain = parts.map((one) =>
      exactOf(one.replaceAll(',', '').replace('\u2212', '-').replace('+', '')),
    );
    expect(plain).toHaveLength(5);
    const [whole = 0n, ...causes] = [...plain].reverse();
    expect(causes.reduce((sum, cause) => sum + cause, 0n)).toBe(whole);
    expect(whole).toBe(exactOf(change?.now ?? '0') - exactOf(change?.before ?? '0'));
  });

  it('shows the workloads of one purpose, and their sum', async () => {
    await go('#/workloads', firstRow);
    await page.locator('.purpose-legend button', { hasText: 'Inference' }).click();
    await expect.poll(address).toBe('#/workloads?purpose=inference');
    const of = overview.workloads.filter(({ purpose }) => purpose === 'inference');
    await expect
      .poll(() => text('.workloads-grid .grid-row.total'))
      .toContain(`${of.length} mainly inference`);
    const sum = of.reduce((all, { cost }) => all + exactOf(cost ?? '0'), 0n);
    expect(await text('.workloads-grid .grid-row.total')).toContain(
      formatDecimal(formatExact(sum)),
    );
  });

  it('shows charts as tables', async () => {
    await go('#/workloads?view=table', '.heat-numbers');
    expect(await page.locator('.heat-numbers tbody tr').count()).toBe(24);
    expect(await page.locator('.purposes .numbers tbody tr').count()).toBe(21);
  });

  it('exports every workload with every digit, and sums to the total', async () => {
    await go('#/workloads', firstRow);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('workloads-2026-11-01.csv');
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(overview.workloadCount + 3);
    expect(lines.at(-1)).toBe(`All AI cost,,,,,USD,${overview.ai.cost},,,,,,,,`);
  });

  it('moves cost by a rule for all months, shows where a text is wrong, and undoes it', async () => {
    await go('#/workloads?rules=edit', '.rule-text');
    expect(await page.getByRole('button', { name: 'Apply to all months' }).isDisabled()).toBe(true);
    const from = overview.workloads.find(({ purpose }) => purpose === 'inference');
    const rule = (purpose: string) =>
      `{\n  "rules": [\n    { "name": "Mine", "when": { "tag:workload": "${from?.name}" },\n      "purpose": "${purpose}", "workload": "renamed" }\n  ]\n}\n`;
    await page.getByRole('textbox', { name: 'Rules' }).fill(rule('trainng'));
    await page.waitForSelector('.rule-problems button');
    expect(await text('.rule-problems')).toMatch(/^Line 4, column \d+/);
    expect(await text('.rule-under mark')).toContain('trainng');
    expect(await page.getByRole('button', { name: 'Apply to all months' }).isDisabled()).toBe(true);
    await page.locator('.rule-problems button').first().click();
    expect(await page.evaluate(() => document.getSelection()?.toString() ?? '')).toContain(
      'trainng',
    );
    expect(await opened.axeFindings()).toEqual([]);
    await page.getByRole('textbox', { name: 'Rules' }).fill(rule('training'));
    await page.waitForSelector('.rules-preview tbody tr');
    expect(await text('.rules-preview')).toContain('the same before and after');
    expect(await text('.rules-preview tbody')).toContain('renamed, training');
    await page.getByRole('button', { name: 'Apply to all months' }).click();
    await page.getByText('now hold for all months').waitFor();
    const after = await core.call('workloads.overview', november);
    if (!after.ok) throw new Error(after.error.message);
    expect(after.value.total.cost).toBe(overview.total.cost);
    expect(after.value.workloads.some(({ name }) => name === 'renamed')).toBe(true);
    await page.getByRole('button', { name: 'Undo the last apply' }).click();
    await page.getByText('Undone').waitFor();
    const undone = await core.call('workloads.overview', november);
    const rows = undone.ok ? undone.value.workloads : [];
    expect(rows.map(({ id, cost }) => [id, cost])).toEqual(
      overview.workloads.map(({ id, cost }) => [id, cost]),
    );
  });

  it.each([
    ['#/workloads', firstRow],
    ['#/workloads?view=table', '.heat-numbers'],
    ['#/workloads?workload=workload%3Allm-pretrain-b', '.workload-name'],
    ['#/workloads?workload=workload%3Asupport-assist', '[aria-label="Tokens"]'],
    ['#/workloads?workload=nothing-like-this', '.failure'],
    ['#/workloads?rules=edit', '.rule-text'],
  ])('has no finding of axe at %s, light and dark', async (at, shown) => {
    await go(at, shown);
    await page.waitForTimeout(300);
    await opened.axeInBothThemes();
    const complaint = opened.complaints.filter((one) => !one.includes('404'));
    expect(complaint).toEqual([]);
    opened.complaints.length = 0;
  });
});

describe.skipIf(program === null)('AI workloads without AI', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;

  beforeAll(async () => {
    opened = await chromiumWindow(program);
  }, 60_000);

  afterAll(() => opened.close());

  it('asks for a bill, then says that nothing in it is AI, and what to do', async () => {
    const { page, core, folder } = opened;
    await opened.go('#/workloads', '.first-run');
    const file = `${folder}/plain.csv`;
    writeFileSync(file, focusCsv([focusRow({ ServiceName: 'Amazon Simple Queue Service' })]));
    const imported = await core.call('import.run', { job: 'one', paths: [file], source: 'files' });
    expect(imported.ok && imported.value.loads[0]?.status).toBe('loaded');
    await page.waitForSelector('.nothing');
    expect(await opened.text('.nothing')).toMatch(/^No charge in .* is known as AI\. All .* USD/);
    await opened.axeInBothThemes();
    await page.getByRole('button', { name: 'Write a rule' }).click();
    await page.waitForSelector('.rules-empty');
    await page.getByRole('button', { name: 'Begin with the example' }).click();
    await page.waitForSelector('.rules-empty', { state: 'detached' });
    await expect.poll(() => opened.text('.rules-preview')).toContain('the same before and after');
    await opened.axeInBothThemes();
    expect(opened.complaints).toEqual([]);
  });

  it('says that use is unknown without telemetry, and how it is loaded', async () => {
    const { page, core, folder } = opened;
    const file = `${folder}/gpu.csv`;
    const charge = focusRow({
      BillingPeriodStart: '2026-04-01T00:00:00Z',
      ChargePeriodStart: '2026-04-05T00:00:00Z',
      ServiceName: 'Amazon Elastic Compute Cloud',
      SkuId: 'BoxUsage:p4d.24xlarge',
      SkuMeter: 'BoxUsage:p4d.24xlarge',
      SkuPriceDetails: '{"InstanceType":"p4d.24xlarge"}',
      ResourceId: 'i-0123456789abcdef0',
      ConsumedQuantity: '10',
      ConsumedUnit: 'Hours',
      PricingQuantity: '10',
      PricingUnit: 'Hours',
      BilledCost: '327.70',
      EffectiveCost: '327.70',
      Tags: '{"workload":"vision-training"}',
    });
    writeFileSync(file, focusCsv([charge]));
    const imported = await core.call('import.run', { job: 'two', paths: [file], source: 'files' });
    expect(imported.ok && imported.value.loads[0]?.status).toBe('loaded');
    await opened.go('#/workloads?period=2026-04', '.load-telemetry');
    expect(await opened.text('.load-telemetry')).toMatch(/^GPU utilisation is unknown/);
    expect(await opened.text('.load-telemetry code')).toBe('outlay telemetry import PATH...');
    const figures = await page.locator('.workload-figures .figure-value').allInnerTexts();
    expect(figures).toEqual(['$327.70', '80', 'unknown', 'unknown', '$0.00']);
    await opened.axeInBothThemes();
    await page.locator('.workloads-grid .key button').first().click();
    await page.waitForSelector('.load-telemetry');
    expect(await opened.text('.workload-why')).toContain('Training');
    await opened.axeInBothThemes();
    await page.getByRole('button', { name: 'Change it by a rule' }).click();
    await page.getByRole('button', { name: 'Begin with a rule for vision-training' }).click();
    await expect.poll(() => opened.text('.rules-preview')).toMatch(/vision-training\s+1\s+327\.70/);
    expect(opened.complaints).toEqual([]);
  });
});
