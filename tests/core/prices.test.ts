import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rateFor, sheetRates } from '../../electron/core/prices/rates.ts';
import { contract } from '../../shared/contract/contract.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { type CliAnswer, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;
const bring = async (paths: string | string[], options: object = {}) =>
  (
    await place.call('prices.import', {
      job: `prices-${++jobs}`,
      paths: [paths].flat(),
      ...options,
    })
  ).sheets;
const found = async (filter: object) => (await place.call('prices.list', filter)).prices;
const amounts = async (filter: object) => (await found(filter)).map(({ amount }) => amount);

const header =
  'provider,sku,region,currency,unit,purchase,term,payment,upfront,price,valid_from,valid_to';
const sheet = (...rows: string[]) => [header, ...rows].join('\n');

describe('our own layout', () => {
  test('reads every column, exact, whatever the order, delimiter and line ends', async () => {
    const path = place.file(
      'rates.csv',
      '\uFEFFprice;sku;provider;unit;currency;"region";purchase;term;payment;upfront;offer;tier;variant;sku_id\r\n\r\n' +
        '0.000000000000000000000000001;"a ""quoted""; sku";Amazon Web Services;Hour;usd;us-east-1;On Demand;;;;;;;\r\n' +
        '1e-7;m5.large;AWS;Hour;EUR;;commitment;3 Years;All Upfront;8760.50;reserved;10;Windows;ABC\r\n',
    );
    expect(await bring(path, { date: '2026-01-02' })).toMatchObject([
      {
        status: 'loaded',
        file: 'rates.csv',
        sheet: { format: 'Outlay price sheet', kind: 'negotiated', dated: '2026-01-02', prices: 2 },
      },
    ]);
    expect(await found({})).toEqual([
      {
        sheet: 1,
        row: 2,
        kind: 'negotiated',
        provider: 'aws',
        sku: 'a "quoted"; sku',
        skuId: null,
        variant: '',
        region: 'us-east-1',
        currency: 'USD',
        unit: 'Hour',
        purchase: 'on-demand',
        offer: null,
        termMonths: null,
        payment: null,
        tier: '0',
        amount: '0.000000000000000000000000001',
        upfront: null,
        validFrom: '2026-01-02',
        validTo: null,
      },
      {
        sheet: 1,
        row: 3,
        kind: 'negotiated',
        provider: 'aws',
        sku: 'm5.large',
        skuId: 'ABC',
        variant: 'Windows',
        region: null,
        currency: 'EUR',
        unit: 'Hour',
        purchase: 'commitment',
        offer: 'reserved',
        termMonths: 36,
        payment: 'all',
        tier: '10',
        amount: '0.0000001',
        upfront: '8760.5',
        validFrom: '2026-01-02',
        validTo: null,
      },
    ]);
  });

  const row = 'aws,p5.48xlarge,us-east-1,USD,Hour,on-demand,,,,55.04,2026-01-01,';
  test.each([
    ['price', row.replace('55.04', '$55.04'), 'AMOUNT_BAD'],
    ['price', row.replace('55.04', '"1,055.04"'), 'AMOUNT_BAD'],
    ['price', row.replace('55.04', ''), 'AMOUNT_BAD'],
    ['price', row.replace('55.04', '-1'), 'AMOUNT_BAD'],
    ['price', row.replace('55.04', '0.0000000000000000000000000001'), 'AMOUNT_BAD'],
    ['currency', row.replace('USD', 'US$'), 'CURRENCY_BAD'],
    ['valid_from', row.replace('2026-01-01', '2026-02-30'), 'DATE_BAD'],
    ['valid_from', row.replace('2026-01-01', '01/02/2026'), 'DATE_BAD'],
    ['purchase', row.replace('on-demand', 'leased'), 'ROW_BAD'],
    ['term', row.replace('on-demand,', 'commitment,'), 'ROW_BAD'],
    ['term', row.replace('on-demand,', 'commitment,soon'), 'ROW_BAD'],
    ['payment', row.replace('on-demand,,', 'on-demand,,later'), 'ROW_BAD'],
    ['provider', row.replace('aws', ''), 'ROW_BAD'],
    ['sku', row.replace('p5.48xlarge', ' '), 'ROW_BAD'],
  ])(
    'a row that cannot be read refuses the file, naming row and column %s: %s',
    async (column, bad, code) => {
      const path = place.file('bad.csv', sheet(row.replace('p5', 'p4'), bad));
      const [refused] = await bring(path);
      expect(refused).toMatchObject({ status: 'refused', code, sheet: null });
      expect(refused?.reason).toMatch(
        new RegExp(`^bad\\.csv, row 3, column ${column}: .*\\. Nothing was changed\\.$`),
      );
      expect(refused?.hint).toMatch(/\.$/);
      const listed = await place.call('prices.list', {});
      expect([listed.sheets, listed.prices]).toEqual([[], []]);
    },
  );

  test('what the whole file lacks is named, and the command can give it', async () => {
    const bare = place.file('bare.csv', 'sku,price\nm5.large,1\n');
    expect(await bring(bare)).toMatchObject([
      { code: 'COLUMN_MISSING', reason: expect.stringContaining('provider, unit, currency') },
    ]);
    const some = place.file(
      'some.csv',
      'provider,sku,unit,price,colour\naws,m5.large,Hour,1,red\n',
    );
    expect(await bring(some, { currency: 'chf', region: 'eu-west-1' })).toMatchObject([
      {
        status: 'loaded',
        sheet: {
          leftOut: [
            { code: 'COLUMN_UNKNOWN', count: 1, message: 'The column colour was not read.' },
          ],
        },
      },
    ]);
    expect(await found({})).toMatchObject([{ currency: 'CHF', region: 'eu-west-1' }]);
    const twice = place.file(
      'twice.csv',
      'provider,sku,unit,price,Rate,currency\naws,m5.large,Hour,1,2,USD\n',
    );
    expect(await bring(twice)).toMatchObject([{ code: 'COLUMN_DUPLICATE' }]);
  });

  test.each([
    ['a cell too few', `${row}\naws,m5.large`, 'ROW_BAD', /row 3: 2 cells, the header has 12/],
    [
      'a quote that is not closed',
      `${row}\n"aws,m5.large,,,,,,,,,,\n`,
      'ROW_BAD',
      /row 3: a quoted cell/,
    ],
    ['text that is not UTF-8', Buffer.from([0x61, 0xff, 0xfe]), 'FILE_DAMAGED', /UTF-8/],
    [
      'two prices of one thing',
      `${row}\n${row.replace('55.04', '56')}`,
      'ROW_BAD',
      /row 3: p5.48xlarge has another price in row 2/,
    ],
    [
      'an end before its beginning',
      `${row}2025-12-31`,
      'DATE_BAD',
      /row 2: the price ends on 2025-12-31/,
    ],
    ['no row', '', 'NO_DATA', /holds no price/],
  ])('%s', async (_, rows, code, reason) => {
    const path = place.file(
      'x.csv',
      Buffer.concat([Buffer.from(`${header}\n`), Buffer.from(rows)]),
    );
    expect(await bring(path)).toMatchObject([
      { status: 'refused', code, reason: expect.stringMatching(reason) },
    ]);
  });

  test('the same price twice is one price', async () => {
    await bring(place.file('same.csv', sheet(row, row)));
    expect(await amounts({})).toEqual(['55.04']);
  });

  test('any decimal comes back as it was written, shortest', async () => {
    const decimal = fc
      .tuple(fc.bigInt(0n, 10n ** 40n), fc.integer({ min: 0, max: 27 }))
      .map(([digits, places]) => {
        const text = digits.toString().padStart(places + 1, '0');
        return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
      });
    const texts = fc.sample(decimal, { numRuns: 300, seed: 7 });
    const rows = texts.map(
      (text, i) => `aws,sku-${String(i).padStart(3, '0')},,USD,Hour,,,,,${text},,`,
    );
    await bring(place.file('many.csv', sheet(...rows)));
    expect(await amounts({})).toEqual(texts.map((text) => formatExact(exactOf(text))));
  });
});

describe('which price holds', () => {
  const line = (price: string, from = '', region = 'us-east-1') =>
    `aws,p5.48xlarge,${region},USD,Hour,on-demand,,,,${price},${from},`;

  test('the same file twice is unchanged; told otherwise it is another sheet', async () => {
    const path = place.file('a.csv', sheet(line('50', '2026-01-01')));
    expect(await bring(path)).toMatchObject([{ status: 'loaded', sheet: { id: 1 } }]);
    const dump = JSON.stringify(await place.call('prices.list', { history: true }));
    expect(await bring(path)).toMatchObject([{ status: 'unchanged', sheet: { id: 1 } }]);
    expect(JSON.stringify(await place.call('prices.list', { history: true }))).toBe(dump);
    expect(await bring(place.file('b.csv', sheet(line('50', '2026-01-01'))))).toMatchObject([
      { status: 'unchanged', file: 'b.csv', sheet: { id: 1, file: 'a.csv' } },
    ]);
    expect(await bring(path, { date: '2026-02-01' })).toMatchObject([
      { status: 'loaded', sheet: { id: 2 } },
    ]);
  });

  test('the later dated sheet wins whichever came in first, and the older stays readable', async () => {
    await bring(place.file('new.csv', sheet(line('45', '2026-06-01'))));
    await bring(place.file('old.csv', sheet(line('50', '2026-01-01'))));
    expect(await amounts({ at: '2026-11-24' })).toEqual(['45']);
    expect(await amounts({ at: '2026-05-31' })).toEqual(['50']);
    expect(await amounts({ at: '2025-12-31' })).toEqual([]);
    expect(await amounts({ history: true })).toEqual(['45', '50']);
    // Dated later, it says of the same days what it says.
    await bring(place.file('corrected.csv', sheet(line('44', '2026-01-01'))), {
      date: '2026-07-01',
    });
    expect(await amounts({ at: '2026-05-31' })).toEqual(['44']);
    expect(await amounts({ at: '2026-11-24' })).toEqual(['44']);
  });

  test('negotiated before published, and only while it holds', async () => {
    await bring(place.file('list.csv', sheet(line('55', '2026-09-01'))), { kind: 'published' });
    const row = 'aws,p5.48xlarge,us-east-1,USD,Hour,on-demand,,,,49,2026-01-01,2026-10-01';
    await bring(place.file('ours.csv', sheet(row)));
    expect(await amounts({ at: '2026-09-30' })).toEqual(['49']);
    expect(await amounts({ at: '2026-10-01' })).toEqual(['55']);
  });

  test('filters: sku in any letter case or by its beginning, region, purchase, currency, sheet', async () => {
    await bring(
      place.file(
        'f.csv',
        sheet(
          line('50'),
          line('51', '', ''),
          line('52', '', 'eu-west-1'),
          'aws,p5_x,us-east-1,USD,Hour,spot,,,,20,,',
          'azure,p5.48xlarge,us-east-1,EUR,Hour,commitment,1y,none,,30,,',
        ),
      ),
    );
    expect(await amounts({ sku: 'P5.48XLARGE' })).toEqual(['51', '52', '50', '30']);
    expect(await amounts({ sku: 'p5*' })).toHaveLength(5);
    expect(await amounts({ sku: 'p5_*' })).toEqual(['20']);
    expect(await amounts({ sku: 'p5.48xlarge', region: 'us-east-1' })).toEqual(['51', '50', '30']);
    expect(await amounts({ purchase: 'commitment' })).toEqual(['30']);
    expect(await amounts({ currency: 'eur' })).toEqual(['30']);
    expect(await amounts({ provider: 'Azure' })).toEqual(['30']);
    expect(await amounts({ sheet: 2 })).toEqual([]);
    const cut = await place.call('prices.list', { limit: 2 });
    expect([cut.prices.length, cut.matched]).toEqual([2, 5]);
  });

  test('rates for a calculation: one of each kind, its own region first, nothing where it is unclear', async () => {
    await bring(place.file('list.csv', sheet(line('55', '2026-01-01'))), { kind: 'published' });
    await bring(
      place.file(
        'ours.csv',
        sheet(
          line('49', '2026-01-01', ''),
          line('48', '2026-02-01'),
          'aws,m5.large,us-east-1,USD,Hour,on-demand,,,,1,2026-01-01,',
          'aws,m5.large,us-east-1,USD,Month,on-demand,,,,700,2026-01-01,',
        ),
      ),
    );
    await place.closeCore();
    const db = new Database(join(place.data, 'outlay.db'), { readonly: true });
    const ask = (at: string, region = 'us-east-1', sku = 'p5.48xlarge', currency = 'USD') => {
      const question = {
        provider: 'aws',
        sku,
        region,
        currency,
        purchase: 'on-demand',
        at,
      } as const;
      const { sheet: own, list } = sheetRates(db, question);
      return [own?.amount ?? null, list?.amount ?? null];
    };
    expect(ask('2026-03-01')).toEqual(['48', '55']);
    expect(ask('2026-01-15')).toEqual(['49', '55']);
    expect(ask('2026-03-01', 'eu-west-1')).toEqual(['49', null]);
    expect(ask('2025-03-01')).toEqual([null, null]);
    expect(ask('2026-03-01', 'us-east-1', 'm5.large')).toEqual([null, null]);
    expect(ask('2026-03-01', 'us-east-1', 'p5.48xlarge', 'EUR')).toEqual([null, null]);
    const question = {
      provider: 'aws',
      sku: 'p5.48xlarge',
      region: 'us-east-1',
      currency: 'USD',
      purchase: 'on-demand',
      at: '2026-03-01',
    } as const;
    expect(sheetRates(db, question).sheet).toEqual({
      amount: '48',
      currency: 'USD',
      unit: 'hour',
      date: '2026-02-01',
      from: 'ours.csv, row 3',
    });
    const bill = {
      amount: '47',
      currency: 'USD',
      unit: 'hour',
      date: '2026-03-01',
      from: 'march.csv',
    };
    const basis = (sku: string, own: typeof bill | null = null) => {
      const rate = rateFor(db, { ...question, sku }, own);
      return rate && `${rate.amount} ${rate.basis}`;
    };
    expect(basis('p5.48xlarge', bill)).toBe('47 bill');
    expect(rateFor(db, question, bill)?.reason).toBe(
      'The rate on your own bill of 2026-03-01 (march.csv); it comes before the price sheet of 2026-02-01, 48 USD and the list price of 2026-01-01, 55 USD.',
    );
    expect(basis('p5.48xlarge')).toBe('48 sheet');
    // No sheet prices it: the catalogue's own, dated; and where that has none, none.
    expect(basis('c5.large')).toBe('0.085 list');
    expect(basis('p5e.48xlarge')).toBeNull();
    db.close();
  });
});

describe('the store', () => {
  test('prices are no charge: bills, totals and views stay as they are', async () => {
    const seen: string[] = [];
    place.core().on('data.changed', ({ reason }) => seen.push(reason));
    await bring(place.file('a.csv', sheet('aws,x,,USD,Hour,,,,,1,,')));
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(seen).toEqual([]);
    expect(await place.call('loads.list', {})).toEqual([]);
  });

  test('one bad file among good ones leaves the good ones; packed files are unpacked', async () => {
    const good = sheet('aws,x,,USD,Hour,,,,,1,,');
    const paths = [
      place.file('good.csv.gz', gzipSync(good)),
      place.file('cut.csv.gz', gzipSync(sheet('aws,y,,USD,Hour,,,,,2,,')).subarray(0, 60)),
      place.file('noise.bin', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0])),
      place.file('bill.csv', 'BilledCost,BillingCurrency\n1,USD\n'),
      place.file('empty.csv', ''),
      join(place.folder, 'none.csv'),
      place.folder,
    ];
    const sheets = await bring(paths);
    expect(sheets.map(({ status, code }) => [status, code])).toEqual([
      ['loaded', undefined],
      ['refused', 'FILE_DAMAGED'],
      ['refused', 'UNSUPPORTED_FORMAT'],
      ['refused', 'UNSUPPORTED_FORMAT'],
      ['refused', 'FILE_EMPTY'],
      ['refused', 'FILE_NOT_FOUND'],
      ['refused', 'UNSUPPORTED_FORMAT'],
    ]);
    for (const { reason, status } of sheets) {
      if (status === 'refused') expect(reason).toMatch(/\.$/);
    }
    expect(await amounts({})).toEqual(['1']);
  });

  test('a hundred thousand rows come in, and a cancelled import leaves nothing', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `aws,sku-${i},,USD,Hour,,,,,${i}.5,,`);
    const path = place.file('large.csv', sheet(...rows));
    const core = place.core();
    const job = 'prices-cancelled';
    const running = core.call('prices.import', { job, paths: [path] });
    core.on('job.progress', (state) => {
      if (state.job === job && state.step === 'reading') void core.call('jobs.cancel', { job });
    });
    expect(await running).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    expect((await place.call('prices.list', {})).sheets).toEqual([]);
    expect(await bring(path)).toMatchObject([{ status: 'loaded', sheet: { prices: 100_000 } }]);
    expect(await amounts({ sku: 'sku-99999' })).toEqual(['99999.5']);
  });
});

describe('the command line', () => {
  const json = (answer: CliAnswer) => JSON.parse(answer.out) as Record<string, unknown>;

  test('prices import and prices list, as JSON and as text', async () => {
    const path = place.file(
      'a.csv',
      sheet('aws,p5.48xlarge,us-east-1,USD,Hour,commitment,1y,partial,1000,30.5,2026-01-01,'),
    );
    const imported = await place.cli('prices', 'import', path, '--json');
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(contract['prices.import'].output.parse(json(imported)).sheets).toMatchObject([
      { status: 'loaded' },
    ]);
    const listed = await place.cli(
      'prices',
      'list',
      '--sku',
      'p5*',
      '--at',
      '2026-03-01',
      '--json',
    );
    expect(contract['prices.list'].output.parse(json(listed))).toMatchObject({
      at: '2026-03-01',
      matched: 1,
      prices: [{ amount: '30.5', upfront: '1000', termMonths: 12, payment: 'partial' }],
    });
    expect((await place.cli('prices', 'import', path)).out).toBe(
      'unchanged a.csv, Outlay price sheet, negotiated, 2026-01-01, 1 price, sheet 1\n',
    );
    expect((await place.cli('prices', 'list')).out).toBe(
      [
        'provider  sku          region     purchase                             price       unit  from        sheet',
        'aws       p5.48xlarge  us-east-1  commitment, 12 months, part upfront   30.5  USD  Hour  2026-01-01  1      and 1000 USD at the start',
        '',
        'sheet 1: a.csv, Outlay price sheet, negotiated, 2026-01-01',
        '',
      ].join('\n'),
    );
  });

  test('exit codes: some refused 3, all refused 2, nothing there 0', async () => {
    expect(await place.cli('prices', 'list')).toMatchObject({
      code: 0,
      out: 'No price sheet has been imported yet.\n',
    });
    const good = place.file('good.csv', sheet('aws,x,,USD,Hour,,,,,1,2026-01-01,'));
    const bad = place.file('bad.csv', sheet('aws,x,,USD,Hour,,,,,one,,'));
    const both = await place.cli('prices', 'import', bad, good, '--json');
    expect(both.code).toBe(3);
    const none = await place.cli('prices', 'import', bad, '--json');
    expect([none.code, json(none)['error']]).toEqual([
      2,
      {
        code: 'AMOUNT_BAD',
        message: expect.stringContaining('bad.csv, row 2, column price'),
        hint: expect.any(String),
      },
    ]);
    expect(await place.cli('prices', 'list', '--at', '2020-01-01')).toMatchObject({
      code: 0,
      out: 'No price holds on 2020-01-01 for what was asked.\n',
    });
  });

  test.each([
    ['prices'],
    ['prices', 'import'],
    ['prices', 'show'],
    ['prices', 'constructor'],
    ['prices', 'list', 'x'],
    ['prices', 'list', '--date', '2026-01-01'],
    ['prices', 'import', 'x.csv', '--sku', 'y'],
    ['prices', 'list', '--colour', 'red'],
  ])('%s %s %s is a usage error', async (...argv) => {
    const answer = await place.cli(...argv, '--json');
    expect(answer.code).toBe(2);
    expect(json(answer)['error']).toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('prices import'),
    });
  });

  test.each([
    ['--limit', '0'],
    ['--limit', 'x'],
    ['--at', 'soon'],
    ['--purchase', 'leased'],
    ['--currency', 'dollars'],
  ])('prices list %s %s is bad input', async (...argv) => {
    const answer = await place.cli('prices', 'list', ...argv, '--json');
    expect([answer.code, (json(answer)['error'] as { code: string }).code]).toEqual([
      2,
      'INVALID_INPUT',
    ]);
  });
});
