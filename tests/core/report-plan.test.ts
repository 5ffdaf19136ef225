import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CallOutput } from '../../shared/contract/contract.ts';
import type { SavingsPlan } from '../../shared/contract/savings.ts';
import { decisionKey } from '../../shared/decisions/decisionKey.ts';
import { type Exact, exactOf, formatExact } from '../../shared/domain/exact.ts';
import { cannotKnow } from '../../shared/savings/cannotKnow.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { type Workspace, workspace } from '../builders/workspace.ts';
import { findChromium, launchChromium } from '../hosts/chromium.ts';
import { plain, readTable } from './reportReader.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const month = '2026-10';
const question = { period: month, currency: 'USD' };

let work: Workspace;
let answer: SavingsPlan;
let banked: CallOutput<'decisions.banked'>;
let html: string;

/** The sample company in October, with one action accepted and one done whose bill did not change. */
beforeAll(async () => {
  work = workspace();
  await work.call('import.sample', { job: 'sample' });
  answer = await work.call('savings.plan', question);
  const actions = answer.plan?.actions ?? [];
  const decisions = [{ kind: 'done' as const, on: '2026-10-09' }, { kind: 'accept' as const }];
  for (const [place, decision] of decisions.entries()) {
    const action = actions[place];
    if (!action) continue;
    const key = decisionKey(answer.currency, action.id);
    await work.call('decisions.record', { key, decision, plan: question });
  }
  banked = await work.call('decisions.banked', { to: '2026-11' });
  html = (await work.call('reports.make', { month, format: 'html' })).text ?? '';
});
afterAll(() => work.close());

const sum = (amounts: readonly (string | null | undefined)[]): string =>
  formatExact(amounts.reduce<Exact>((total, text) => total + exactOf(text ?? '0'), 0n));

describe('the plan in the report of the sample company', () => {
  test('has one number, which is that of the plan and of its actions together', () => {
    expect(answer.status).toBe('ready');
    const { plan } = answer;
    const asked = readTable(html, 'Decisions asked for');
    expect(asked.total?.label).toBe('Joint savings');
    expect(asked.total?.amounts[1]).toBe(plan?.savings);
    expect(sum(asked.rows.map(({ amounts }) => amounts[1]))).toBe(plan?.savings);
    expect(plain(html)).toContain('Savings plan, a month');
  });

  test('goes from the bill to the planned bill exactly', () => {
    const { rows, total } = readTable(html, 'The plan in figures');
    const [baseline, ...steps] = rows;
    const start = baseline?.amounts[4] ?? '';
    let bill = exactOf(start);
    for (const { label, amounts } of steps) {
      bill -= exactOf(amounts[2] ?? '');
      expect(formatExact(bill), label).toBe(amounts[4]);
    }
    expect(formatExact(bill)).toBe(total?.amounts[4]);
    expect(sum(steps.map(({ amounts }) => amounts[2]))).toBe(total?.amounts[2]);
    expect(start).toBe(answer.plan?.baseline);
    expect(html).toMatch(/<svg role="img" aria-label="Waterfall from today&#39;s bill/);
  });

  test('tells every action with its steps and where each figure comes from', () => {
    const text = plain(html);
    for (const action of answer.plan?.actions ?? []) {
      expect(text).toContain(action.advice);
      for (const step of action.steps) expect(text).toContain(step.text);
      for (const line of action.evidence) {
        expect(text).toContain(line.what);
        expect(text).toContain(line.source);
      }
      for (const assumption of action.assumptions) expect(text).toContain(assumption.text);
    }
    expect(text).toContain(answer.inputs);
  });

  test('shows promised beside banked as the bill has it, unknown as unknown', () => {
    const table = readTable(html, 'Promised and banked');
    expect(table.rows).toHaveLength(banked.items.length);
    for (const [place, item] of banked.items.entries()) {
      const row = table.rows[place];
      expect(row?.label).toContain(item.title);
      expect(row?.amounts[2]).toBe(item.promised);
      if (item.banked === null) expect(row?.texts[3]).toBe('unknown');
      else expect(row?.amounts[3]).toBe(item.banked);
    }
    // Nothing was stopped in the sample's bill, so nothing was saved to speak of.
    const [item] = banked.items;
    expect(item?.status).toBe('measured');
    expect(Math.abs(Number(item?.banked))).toBeLessThan(Number(item?.promised) / 10);
    const decided = readTable(html, 'What was decided');
    expect(decided.rows.map(({ texts }) => texts[3])).toEqual(
      ['accepted', 'done since 9 Oct 2026'].slice(-decided.rows.length),
    );
  });

  test('is the same as CSV, with exact amounts', async () => {
    const made = await work.call('reports.make', { month, format: 'csv' });
    expect(made.file).toBe('outlay-2026-10.csv');
    const lines = (made.text ?? '').split('\r\n');
    const at = lines.findIndex((line) => line.startsWith('The plan in figures,'));
    expect(lines[at + 2]).toBe(`Today's bill at today's volumes,,,,${answer.plan?.baseline}`);
    expect(made.text).toContain(`\r\nJoint savings,${answer.plan?.savings},`);
    for (const { title } of banked.items) expect(made.text).toContain(title);
  });

  test('leaves out what was dismissed, and says so', async () => {
    const dismissed = answer.plan?.actions.at(-1);
    if (!dismissed) throw new Error('the plan has no action');
    const key = decisionKey(answer.currency, dismissed.id);
    const decision = { kind: 'dismiss' as const, reason: 'Contract ends in March' };
    await work.call('decisions.record', { key, decision, plan: question });
    const text = (await work.call('reports.make', { month, format: 'html' })).text ?? '';
    const simulated = await work.call('savings.simulate', {
      ...question,
      policy: { off: [dismissed.id] },
    });
    const asked = readTable(text, 'Decisions asked for');
    expect(asked.total?.amounts[1]).toBe(simulated?.savings);
    expect(asked.rows.map(({ label }) => label)).not.toContain(dismissed.title);
    expect(plain(text)).toContain(`Left out, because dismissed or snoozed: ${dismissed.title}.`);
    expect(plain(text)).toContain('Reason: Contract ends in March');
  });

  test('ends with what Outlay cannot know', () => {
    const effects = cannotKnow.flatMap((one) => one.effects);
    expect(readTable(html, 'What Outlay cannot know').rows).toHaveLength(effects.length);
    for (const { text } of effects) expect(plain(html)).toContain(text);
  });

  const chromium = findChromium();
  test.skipIf(!chromium)('has no finding of axe and its headings in order', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const out = work.file('plan.html', html);
    const browser = await launchChromium(chromium ?? '');
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(pathToFileURL(join(out)).href);
      await page.evaluate(axe);
      const found = (await page.evaluate(
        'axe.run().then((r) => r.violations.map(({ id, nodes }) => [id, nodes[0].html]))',
      )) as unknown[];
      expect(found).toEqual([]);
      const levels = (await page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map((h) => Number(h.tagName[1]))",
      )) as number[];
      levels.forEach((level, i) => {
        expect(level - (levels[i - 1] ?? 0), `heading ${i}`).toBeLessThanOrEqual(1);
      });
    } finally {
      await browser.close();
    }
  });
});

test('without a plan the report says why in one line and stays as it is', async () => {
  const place = workspace();
  try {
    await place.load(place.file('bill.csv', focusCsv([focusRow()])));
    const make = async (plan: boolean) =>
      (await place.call('reports.make', { month: '2026-03', format: 'html', plan })).text ?? '';
    const [whole, bare] = [await make(true), await make(false)];
    const line =
      /<section><h2>Savings plan<\/h2>\n<ul><li>(No savings plan: [^<]*)<\/li><\/ul>\n<\/section>\n/;
    expect(line.exec(whole)?.[1]).toMatch(/a plan needs 14\. Import billing exports/);
    expect(whole.replace(line, '')).toBe(bare);
  } finally {
    await place.close();
  }
});
