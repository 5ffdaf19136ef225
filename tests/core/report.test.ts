import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputError } from '../../electron/core/reports/output.ts';
import type { Metric } from '../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { type FocusRow, focusCsv, focusRow } from '../builders/focus.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { type Workspace, workspace } from '../builders/workspace.ts';
import { plain, readTable, readTables } from './reportReader.ts';

let work: Workspace;
beforeEach(() => {
  work = workspace();
});
afterEach(() => work.close());

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; --</style><b>",
  '{name|x}\u202egpj.exe',
  '&lt;already&gt; & more',
];

function month(period: string, day: string, cells: FocusRow): FocusRow {
  return focusRow({
    BillingPeriodStart: `${period}-01T00:00:00Z`,
    ChargePeriodStart: `${day}T00:00:00Z`,
    ...cells,
  });
}

/** Two whole months of two providers, with late charges, a credit and digits that add up late. */
function twoMonths(): FocusRow[] {
  const azure = { ProviderName: 'Microsoft', BillingAccountId: 'mca-1', SubAccountId: 'sub-9' };
  return [
    month('2026-02', '2026-02-01', { BilledCost: '100.10', ServiceName: 'Amazon S3' }),
    month('2026-02', '2026-02-28', { BilledCost: '0.000000001', ServiceName: 'Amazon EC2' }),
    month('2026-02', '2026-02-28', { BilledCost: '7', ServiceName: 'VM', ...azure }),
    month('2026-03', '2026-03-01', { BilledCost: '110.123456789012', ServiceName: 'Amazon S3' }),
    month('2026-03', '2026-03-31', { BilledCost: '20', ServiceName: 'Amazon EC2' }),
    month('2026-03', '2026-02-27', { BilledCost: '3.5', ServiceName: 'Amazon EC2' }),
    month('2026-03', '2026-03-02', { BilledCost: '-4', ChargeCategory: 'Credit', ServiceName: '' }),
    month('2026-03', '2026-03-31', { BilledCost: '9', ServiceName: 'VM', ...azure }),
    month('2026-04', '2026-03-31', { BilledCost: '0.25', ServiceName: 'Amazon S3' }),
  ];
}

async function load(rows: readonly FocusRow[], name = 'bill.csv'): Promise<void> {
  await work.load(work.file(name, focusCsv(rows)));
}

async function html(period: string, metric?: Metric): Promise<string> {
  const answer = await work.call('reports.make', {
    month: period,
    format: 'html',
    // tests/core/report-plan.test.ts has the plan.
    plan: false,
    ...(metric ? { metric } : {}),
  });
  expect(answer.file).toBe(`outlay-${period}.html`);
  expect(answer.sha256).toBe(
    createHash('sha256')
      .update(answer.text ?? '')
      .digest('hex'),
  );
  expect(answer.bytes).toBe(Buffer.byteLength(answer.text ?? ''));
  return answer.text ?? '';
}

function sum(amounts: readonly (string | null)[]): string {
  return formatExact(
    amounts.reduce((total, text) => total + (text === null ? 0n : exactOf(text)), 0n),
  );
}

const costTables = ['By service', 'By account', 'By provider', 'By charge category'];

/** Every table with a total row adds up to it, and those of the bill to `total`. */
function expectAddsUp(text: string, total: string): void {
  for (const table of readTables(text)) {
    if (!table.total) continue;
    for (const [column, amount] of table.total.amounts.entries()) {
      if (amount === null) continue;
      const rows = table.rows.map((row) => row.amounts[column] ?? null);
      expect(sum(rows), `${table.title}, ${table.columns[column]}`).toBe(amount);
    }
  }
  for (const title of [...costTables, 'What it was spent on', 'Does it tie out']) {
    expect(readTable(text, title).total?.amounts[1], title).toBe(total);
  }
  expect(readTable(text, 'Where the figures come from').total?.amounts[2]).toBe(total);
}

/** Nothing that is fetched, run or pointed at. */
function expectSelfContained(text: string): void {
  const tags = (text.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
  expect(tags.length).toBeGreaterThan(100);
  const reaching = /^<(script|iframe|object|embed|link|img|image|use|base|form|a|foreignObject)\b/i;
  expect(tags.filter((tag) => reaching.test(tag))).toEqual([]);
  expect(tags.filter((tag) => /\s(src|href|xlink:href|srcset|action|on\w+)\b/i.test(tag))).toEqual(
    [],
  );
  expect(text.match(/@import/i)).toBeNull();
  expect(text.match(/url\((?!data:font\/woff2;base64,)/g)).toBeNull();
  expect(text.match(/https?:\/\//i)).toBeNull();
}

describe('the monthly report', () => {
  it('adds up in every table to what costs answers for the billing period', async () => {
    await load(twoMonths());
    const text = await html('2026-03');
    const asked = await work.call('costs.query', { period: '2026-03' });
    expect(asked.totals[0]?.cost).toBe('138.623456789012');
    expectAddsUp(text, '138.623456789012');
    expectSelfContained(text);
    expect(text).toContain('138.623456789012 USD, to the last digit of the files');
  });

  it('writes the lead from the figures', async () => {
    await load(twoMonths());
    const lead = plain(/<p class="lead">([\s\S]*?)<\/p>/.exec(await html('2026-03'))?.[1] ?? '');
    expect(lead).toContain("The March bill is $138.62, 31.52 (29.4%) more than February's.");
    expect(lead).toContain('What moved most: Amazon EC2 (+23.50) and Amazon S3 (+10.02).');
    expect(lead).toContain('The total equals what its file states, to the last digit.');
  });

  it('says which days the bill is for and where the other days of the month are billed', async () => {
    await load(twoMonths());
    const text = await html('2026-03');
    const days = readTable(text, 'Days that the bill is for');
    expect(days.rows.map((row) => [row.label, row.amounts[1]])).toEqual([
      ['February 2026', '3.5'],
      ['March 2026', '135.123456789012'],
    ]);
    expect(text).toContain(
      'By day, March 2026 comes to 135.373456789012, of which 0.25 on the April 2026 bill.',
    );
    const byDay = await work.call('costs.query', { from: '2026-03', to: '2026-04' });
    expect(byDay.totals[0]?.cost).toBe('135.373456789012');
  });

  it('shows a charge without a service as no value', async () => {
    await load(twoMonths());
    const row = readTable(await html('2026-03'), 'By service').rows.at(-1);
    expect(row).toMatchObject({ label: 'no value', amounts: [null, '-4', '0', '-4', null, null] });
  });

  it('compares a month that is still running with the same days before', async () => {
    await load([
      month('2026-02', '2026-02-05', { BilledCost: '10' }),
      month('2026-02', '2026-02-28', { BilledCost: '90' }),
      month('2026-03', '2026-03-05', { BilledCost: '12' }),
      month('2026-03', '2026-03-21', { BilledCost: '3' }),
    ]);
    const text = await html('2026-03');
    expect(text).toContain('<h1>Cloud cost, March 2026 to the 21st</h1>');
    expect(plain(text)).toContain(
      'The March bill stands at $15.0000 with days to the 21st, 5.0000 (50.0%) more than February to the 21st.',
    );
    expect(readTable(text, 'By service').columns).toEqual([
      'Service',
      '1 to 21 Mar $',
      '1 to 21 Feb $',
      'Change $',
      'Change',
      'Share',
    ]);
    expect(plain(text)).toContain('whole February bill $100.0000');
    expectAddsUp(text, '15');
  });

  it('does not compare a whole month with a part of one', async () => {
    await load([
      month('2026-02', '2026-02-05', { BilledCost: '10' }),
      month('2026-03', '2026-03-31', { BilledCost: '12' }),
    ]);
    const text = await html('2026-03');
    expect(plain(text)).toContain(
      'February is loaded to the 5th only, March to the 31st, so nothing is compared.',
    );
    expect(readTable(text, 'By service').columns).toEqual(['Service', 'March $', 'Share']);
    expect(await html('2026-02')).toContain('January 2026 is not loaded, so nothing is compared.');
  });

  it('names a billing account that the month before had', async () => {
    await load([
      ...twoMonths().filter((row) => row['ProviderName'] === 'AWS'),
      month('2026-02', '2026-02-28', {
        ProviderName: 'Oracle',
        BillingAccountId: 'o',
        BillingAccountName: 'OCI',
      }),
    ]);
    expect(await html('2026-03')).toContain(
      'Not loaded for March but on the February bill: Oracle OCI.',
    );
  });

  it('names what restated the bill and by how much', async () => {
    await load(twoMonths());
    await work.load(
      work.file(
        'again.csv',
        focusCsv([...twoMonths(), month('2026-03', '2026-03-09', { BilledCost: '-2' })]),
      ),
    );
    const text = await html('2026-03');
    expect(text).toMatch(/AWS was restated on \d+ \w+ \d{4} by −2\.00\./);
    expect(text).toMatch(/Microsoft was restated on \d+ \w+ \d{4}; its total is as before\./);
    expectAddsUp(text, '136.623456789012');
  });

  it('keeps two currencies apart', async () => {
    await load([
      ...twoMonths(),
      month('2026-03', '2026-03-09', { BilledCost: '50.5', BillingCurrency: 'EUR' }),
    ]);
    const text = await html('2026-03');
    expect(text).toContain('This bill is in USD and EUR. They are never added to one another.');
    const [before = '', usd = '', eur = ''] = text.split('<h2 class="currency">');
    expect(before).not.toContain('<table');
    expect(usd.startsWith('In USD<')).toBe(true);
    expect(eur.startsWith('In EUR<')).toBe(true);
    expectAddsUp(usd, '138.623456789012');
    expectAddsUp(eur, '50.5');
    expect(text).not.toContain('189.123456789012');
  });

  it('says unknown, not zero, where no charge delivers the amount', async () => {
    await load(twoMonths().map((row) => ({ ...row, ListCost: '' })));
    const text = await html('2026-03', 'list');
    expect(plain(text)).toContain(
      'The March bill is unknown as list cost: none of its 5 charges delivers that amount.',
    );
    for (const title of costTables) {
      expect(readTable(text, title).total?.texts[1], title).toBe('unknown');
    }
    expect(text).not.toContain('<svg');
  });

  it('counts the charges that do not deliver the amount', async () => {
    await load(twoMonths().map((row, i) => (i === 4 ? { ...row, ListCost: '' } : row)));
    const text = await html('2026-03', 'list');
    expect(text).toContain('1 of 5 charges do not deliver this amount and are in no total.');
    expectAddsUp(text, '10');
  });

  it('lists forty values of a table and the others in one row', async () => {
    const services = Array.from({ length: 60 }, (_, i) =>
      month('2026-03', '2026-03-31', { ServiceName: `Service ${i}`, BilledCost: `${i + 1}.01` }),
    );
    await load(services);
    const text = await html('2026-03');
    const { rows } = readTable(text, 'By service');
    expect(rows).toHaveLength(41);
    expect(rows.at(-1)).toMatchObject({ label: '20 more', amounts: [null, '210.2', null] });
    expectAddsUp(text, '1830.6');
  });

  it('writes hostile values as text', async () => {
    await load(
      hostile.map((text, i) =>
        month('2026-03', '2026-03-31', {
          ServiceName: text,
          SubAccountId: text,
          SubAccountName: `name ${text}`,
          BillingAccountId: `payer ${i} ${text}`,
          BillingAccountName: text,
          ProviderName: text,
          Tags: JSON.stringify({ [text]: text }),
          BilledCost: '1',
        }),
      ),
      'bill-<b>&"\'.csv',
    );
    const text = await html('2026-03');
    expectSelfContained(text);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('&amp;lt;already&amp;gt; &amp; more');
    expect(text).toContain('bill-&lt;b&gt;&amp;&quot;&#39;.csv');
    expect(text).not.toContain('\u202e');
    expect(text.match(/<\/style>/g)).toHaveLength(1);
    expectAddsUp(text, '5');
  });

  it('gives the same bytes for the same data and day', async () => {
    await load(twoMonths());
    const [first, second] = [await html('2026-03'), await html('2026-03')];
    expect(second).toBe(first);
    await work.closeCore();
    expect(await html('2026-03')).toBe(first);
  });

  it('is prepared on the day of the clock it is given', async () => {
    await load(twoMonths());
    const today = new Date().toISOString().slice(0, 10);
    const [year, , day] = today.split('-');
    expect(await html('2026-03')).toMatch(
      new RegExp(`Prepared ${Number(day)} \\w{3} ${year}, data to 31 Mar 2026`),
    );
  });
});

describe('where a report is written', () => {
  const made = (out: string) => ({ month: '2026-03', format: 'html' as const, plan: false, out });

  it('is the file asked for, whole, with its hash', async () => {
    await load(twoMonths());
    const out = join(work.folder, 'march.html');
    writeFileSync(out, 'an older report');
    const answer = await work.call('reports.make', made(out));
    const bytes = readFileSync(out);
    expect(answer).toEqual({
      file: out,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(bytes.toString()).toBe(await html('2026-03'));
    expect(readdirSync(work.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('refuses a folder that is not there, a folder, and a file as a folder', async () => {
    await load(twoMonths());
    const nowhere = join(work.folder, 'nowhere', 'march.html');
    expect(await work.refusal('reports.make', made(nowhere))).toMatchObject({
      code: 'INVALID_INPUT',
      message: `The folder ${join(work.folder, 'nowhere')} does not exist. Nothing was written.`,
    });
    expect(existsSync(join(work.folder, 'nowhere'))).toBe(false);
    const folder = join(work.folder, 'folder');
    mkdirSync(folder);
    expect(await work.refusal('reports.make', made(folder))).toMatchObject({
      code: 'INVALID_INPUT',
      message: `${folder} is a folder. Nothing was written.`,
    });
    const below = join(work.file('plain.txt', 'text'), 'march.html');
    expect((await work.refusal('reports.make', made(below))).code).toBe('INVALID_INPUT');
  });

  it.each([
    ['EACCES', 'READ_ONLY'],
    ['EROFS', 'READ_ONLY'],
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['ENAMETOOLONG', 'INVALID_INPUT'],
  ])('says of %s what to do', (code, expected) => {
    const error = outputError(Object.assign(new Error(code), { code }), '/reports/march.html');
    expect(error).toMatchObject({ code: expected, hint: expect.stringMatching(/\.$/) });
    expect((error as Error).message).toContain('/reports/march.html');
  });

  it('refuses a month that is not loaded by naming those that are', async () => {
    expect(await work.refusal('reports.make', { month: '2026-03', format: 'html' })).toMatchObject({
      code: 'NO_DATA',
      message: 'Nothing is loaded yet.',
    });
    await load([...twoMonths(), month('2026-07', '2026-07-01', {})]);
    const out = join(work.folder, 'june.html');
    expect(await work.refusal('reports.make', { ...made(out), month: '2026-06' })).toEqual({
      code: 'NO_DATA',
      message: 'The billing period 2026-06 is not loaded.',
      hint: 'Loaded are 2026-02 to 2026-04, 2026-07.',
    });
    expect(existsSync(out)).toBe(false);
  });

  it('refuses kinds and formats of later versions', async () => {
    await load(twoMonths());
    for (const asked of [{ kind: 'plan', format: 'html' }, { format: 'pdf' }] as const) {
      const error = await work.refusal('reports.make', { month: '2026-03', ...asked });
      expect(error).toMatchObject({
        code: 'NOT_AVAILABLE',
        hint: 'Use --kind monthly with --format html or csv.',
      });
    }
  });
});

describe('real bills', () => {
  sampleDataTest('ties out to the last digit, by bill and by day', async () => {
    await work.load(sampleDataPath('focus-sample', 'focus_1.0_sample_a.csv'));
    const text = await html('2024-09');
    const asked = await work.call('costs.query', { period: '2024-09' });
    expect(asked.totals[0]?.cost).toBe('3.93345945343');
    expectAddsUp(text, '3.93345945343');
    expect(text).toContain(
      'By day, September 2024 comes to 4.17345945343, of which 0.24 on the October 2024 bill.',
    );
    expectAddsUp(await html('2024-10'), '0.24');
  });

  it('makes the report of every month of the sample company', async () => {
    await work.call('import.sample', { job: 'sample' });
    const loads = await work.call('loads.list', {});
    const periods = [...new Set(loads.flatMap((record) => record.periods))].sort();
    expect(periods.length).toBeGreaterThan(11);
    for (const period of [periods[0], periods.at(-2), periods.at(-1)] as string[]) {
      const asked = await work.call('costs.query', { period });
      const text = await html(period);
      expectAddsUp(text, asked.totals[0]?.cost ?? '');
      expectSelfContained(text);
    }
  }, 60_000);
});
