import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { commands } from '../../electron/hosts/cli-arguments.ts';
import { contract } from '../../shared/contract/contract.ts';
import { importAnswer, listedLoad } from '../../shared/contract/sources.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { outlayProcess } from '../builders/process.ts';
import { runInProcess, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let place: Workspace;
let bill: string;
beforeAll(async () => {
  place = workspace();
  bill = place.file(
    'bill.csv',
    focusCsv([
      focusRow({ BilledCost: '0.1', Tags: '{"team":"a=b","a:b":"x"}', RegionId: 'eu' }),
      focusRow({ BilledCost: '0.2', Tags: '{"team":"c"}', SubAccountId: '0043' }),
      focusRow({ BilledCost: '-0.05', ServiceName: '', ChargePeriodStart: '2026-02-28T23:30:00Z' }),
      focusRow({ BilledCost: '8e-7', BillingCurrency: 'EUR', ServiceName: 'S3' }),
    ]),
  );
  await place.load(bill);
});
afterAll(() => place.close());

/** The one JSON document of a command. */
async function json(code: number, ...argv: string[]): Promise<unknown> {
  const answer = await place.cli(...argv, '--json');
  expect([argv.join(' '), answer.code]).toEqual([argv.join(' '), code]);
  expect(answer.out.endsWith('\n')).toBe(true);
  expect(answer.out.trimEnd()).not.toContain('\n');
  expect(answer.err).toBe('');
  return JSON.parse(answer.out);
}
const costs = async (...argv: string[]) =>
  contract['costs.query'].output.parse(await json(0, 'costs', ...argv));
const error = async (code: number, ...argv: string[]) => {
  const { error: body } = (await json(code, ...argv)) as {
    error: { code: string; message: string; hint?: string };
  };
  if (body.code !== 'INVALID_INPUT') expect(body.message).toMatch(/^[^\n]*[^.]\.$/);
  // The same refusal for a person: on stderr, nothing on stdout.
  const text = await place.cli(...argv);
  expect(text).toMatchObject({ code, out: '' });
  expect(text.err).toContain(body.message);
  return body;
};

describe('costs', () => {
  test('totals a currency each, exact, without an exponent', async () => {
    expect(await costs()).toEqual({
      metric: 'billed',
      rows: [
        { keys: {}, currency: 'USD', cost: '0.25' },
        { keys: {}, currency: 'EUR', cost: '0.0000008' },
      ],
      totals: [
        { currency: 'USD', cost: '0.25', unknownRows: 0 },
        { currency: 'EUR', cost: '0.0000008', unknownRows: 0 },
      ],
    });
  });

  test('--by repeated is --by with a comma', async () => {
    const comma = await costs('--by', 'service,account');
    expect(await costs('--by', 'service', '--by', 'account')).toEqual(comma);
    expect(comma.rows[0]).toEqual({
      keys: { service: 'Amazon EC2', account: '0043' },
      currency: 'USD',
      cost: '0.2',
    });
  });

  test('filters: the first equals sign separates, the first colon begins the key, empty is no value', async () => {
    const cost = async (...filters: string[]) =>
      (await costs(...filters.flatMap((filter) => ['--filter', filter]))).totals.map(
        (total) => total.cost,
      );
    expect(await cost('tag:team=a=b')).toEqual(['0.1']);
    expect(await cost('tag:a:b=x')).toEqual(['0.1']);
    expect(await cost('service=')).toEqual(['-0.05']);
    expect(await cost('tag:team=')).toEqual(['0.0000008', '-0.05']);
    expect(await cost('account=0042', 'account=0043', 'currency=USD')).toEqual(['0.25']);
    expect(await cost('account=0042', 'service=S3')).toEqual(['0.0000008']);
    expect(await cost('account=42')).toEqual([]);
  });

  test('days, months, billing period, granularity and limit', async () => {
    expect(
      (await costs('--granularity', 'day', '--filter', 'currency=USD')).rows.map((row) => [
        row.period,
        row.cost,
      ]),
    ).toEqual([
      ['2026-02-28', '-0.05'],
      ['2026-03-05', '0.3'],
    ]);
    expect((await costs('--from', '2026-03', '--to', '2026-04')).totals[0]?.cost).toBe('0.3');
    expect((await costs('--from', '2026-02-28', '--to', '2026-03-01')).totals[0]?.cost).toBe(
      '-0.05',
    );
    expect((await costs('--period', '2026-03')).totals[0]?.cost).toBe('0.25');
    const limited = await costs('--by', 'account', '--limit', '1');
    expect(limited.rows).toHaveLength(1);
    expect(limited.totals).toEqual((await costs()).totals);
  });

  test('nothing that matches is an empty answer, not a failure', async () => {
    expect(await costs('--period', '2020-01')).toEqual({ metric: 'billed', rows: [], totals: [] });
    expect(await place.cli('costs', '--period', '2020-01')).toMatchObject({
      code: 0,
      out: 'No charges match.\n',
    });
  });

  test('the table for a person keeps every digit', async () => {
    const { out } = await place.cli('costs', '--by', 'service');
    expect(out).toMatch(/service +billed/);
    expect(out).toMatch(/Amazon EC2 +0\.3 +USD/);
    expect(out).toMatch(/\(no value\) +-0\.05 +USD/);
    expect(out).toMatch(/Total +0\.25 +USD/);
    expect(out).toMatch(/Total +0\.0000008 +EUR/);
  });
});

describe('the other commands', () => {
  test('import: loaded, unchanged, refused; exit 0, 0, 2', async () => {
    const own = workspace();
    try {
      const first = await own.cli('import', bill, '--source', 'mine', '--json');
      expect(first.code).toBe(0);
      expect(z.strictObject(importAnswer.shape).parse(JSON.parse(first.out)).loads).toMatchObject([
        { source: 'mine', status: 'loaded', rowsRead: 4, rowsKept: 4 },
      ]);
      const again = await own.cli('import', bill, '--source', 'mine', '--json');
      expect([again.code, JSON.parse(again.out).loads[0].status]).toEqual([0, 'unchanged']);
      const person = await own.cli('import', bill);
      expect(person.code).toBe(0);
      expect(person.out).toContain('bill.csv, FOCUS 1.0');
      const removed = await own.cli('remove', '--source', 'mine', '--json');
      expect(removed.code).toBe(0);
      contract['sources.remove'].output.parse(JSON.parse(removed.out));
      expect((await own.cli('remove', '--source', 'mine', '--json')).code).toBe(2);
    } finally {
      await own.close();
    }
  });

  test('loads and doctor', async () => {
    const loads = (await json(0, 'loads')) as unknown[];
    for (const load of loads) expect(listedLoad.parse(load)).toEqual(load);
    expect(loads).toHaveLength(1);
    const doctor = contract['app.doctor'].output.parse(await json(0, 'doctor'));
    expect(doctor.healthy).toBe(true);
    const text = await place.cli('doctor');
    expect(text.out).toMatch(/ok +totals/);
  });

  test('doctor names credentials and never shows one', async () => {
    const secret = 'AKIA-secret-value';
    const answer = await outlayProcess(['doctor', '--json', '--data', place.data], {
      AWS_ACCESS_KEY_ID: secret,
    });
    expect(answer.out).toContain('AWS_ACCESS_KEY_ID');
    expect(answer.out + answer.err).not.toContain(secret);
  });

  test('report: a file that opens offline, or NO_DATA', async () => {
    const out = join(place.folder, 'report.html');
    const answer = contract['reports.make'].output.parse(
      await json(0, 'report', '--month', '2026-03', '--format', 'html', '--out', out),
    );
    expect(answer).toMatchObject({ file: out, bytes: readFileSync(out).length });
    const nothing = join(place.folder, 'nothing.html');
    expect(
      await error(2, 'report', '--month', '2020-01', '--format', 'html', '--out', nothing),
    ).toMatchObject({ code: 'NO_DATA' });
    expect(existsSync(nothing)).toBe(false);
  });

  test('sample', async () => {
    const own = workspace();
    try {
      const answer = await own.cli('sample', '--json');
      expect(answer.code).toBe(0);
      expect(
        importAnswer.parse(JSON.parse(answer.out)).loads.every(({ status }) => status === 'loaded'),
      ).toBe(true);
      expect(existsSync(join(own.data, 'work-sample'))).toBe(false);
      expect((await own.cli('costs', '--json')).code).toBe(0);
    } finally {
      await own.close();
    }
  });
});

describe('what is not built yet', () => {
  test.each([
    'sync aws',
    'sync gcp --estimate',
    'fx import x',
    'savings --mode replay',
    'budgets list',
    'budgets set',
    'backup',
    'restore',
    'doctor --repair',
    'report --month 2026-03 --kind plan --format html --out x',
    'report --month 2026-03 --kind chargeback --format html --out x',
    'report --month 2026-03 --format pdf --out x',
    'report --month 2026-03 --format xlsx --out x',
  ])('outlay %s', async (line) => {
    expect(await error(2, ...line.split(' '))).toMatchObject({ code: 'NOT_AVAILABLE' });
  });
});

describe('what was not meant', () => {
  test.each([
    'nothing',
    'Costs',
    '__proto__',
    'constructor',
    'toString',
    'import',
    'loads x',
    'costs x',
    'remove',
    'costs --unknown',
    'changes x',
    'import x --add --replace',
    'costs -x',
    'report --format html --out x',
    'report --month 2026-03 --out x',
    'report --month 2026-03 --format html',
    'costs --filter service',
    'costs --filter =x',
    'serve --port x',
    'serve --port 70000',
  ])('outlay %s: USAGE, exit 2', async (line) => {
    expect(await error(2, ...line.split(' '))).toMatchObject({
      code: 'USAGE',
      hint: expect.stringMatching(/outlay /),
    });
  });

  test.each([
    'costs --by nothing',
    'costs --by service,region,sku',
    'costs --metric amortised',
    'costs --from 2026-13',
    'costs --to yesterday',
    'costs --period 2026',
    'costs --granularity week',
    'costs --limit 0',
    'costs --limit x',
    'costs --limit 1.5',
    'costs --filter nothing=x',
    'report --month March --format html --out x',
    'report --month 2026-03 --format docx --out x',
    'remove --source files --period 2026',
  ])('outlay %s: INVALID_INPUT, exit 2', async (line) => {
    expect(await error(2, ...line.split(' '))).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('as a process', () => {
  test('--data and --json may stand anywhere, and OUTLAY_DATA is the default', async () => {
    const expected = JSON.stringify(await costs('--by', 'service'));
    const lines: [string[], Record<string, string>][] = [
      [['--data', place.data, '--json', 'costs', '--by', 'service'], {}],
      [['costs', `--data=${place.data}`, '--by', 'service', '--json'], {}],
      [['--json', 'costs', '--by', 'service'], { OUTLAY_DATA: place.data }],
      [
        ['costs', '--json', '--by=service', '--data', place.data],
        { OUTLAY_DATA: join(place.folder, 'elsewhere') },
      ],
    ];
    for (const [argv, env] of lines) {
      const answer = await outlayProcess(argv, env);
      expect(answer).toMatchObject({ code: 0, err: '', out: `${expected}\n` });
    }
    expect(existsSync(join(place.folder, 'elsewhere'))).toBe(false);
  });

  test.each([['--by'], ['--data']])('%s without a value', async (option) => {
    for (const argv of [
      ['costs', option],
      ['costs', option, '--json'],
      ['costs', '--json', option],
    ]) {
      const answer = await outlayProcess(argv, { OUTLAY_DATA: place.data });
      expect(answer.code).toBe(2);
      if (!argv.includes('--json')) expect(answer.err).toContain(option);
      else expect(JSON.parse(answer.out)).toMatchObject({ error: { code: 'USAGE' } });
    }
  });

  test('help, without touching a data folder', async () => {
    for (const argv of [
      ['--help'],
      ['help'],
      [],
      ['-h'],
      ['import', '--help'],
      ['costs', '-h', '--json'],
    ]) {
      const answer = await outlayProcess(argv, { OUTLAY_DATA: join(place.folder, 'untouched') });
      expect(answer).toMatchObject({ code: 0, err: '' });
      for (const { usage } of Object.values(commands)) expect(answer.out).toContain(usage);
    }
    expect(existsSync(join(place.folder, 'untouched'))).toBe(false);
  });

  test.each(['Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kolkata'])(
    'the time zone %s of the machine changes nothing',
    async (TZ) => {
      const path = place.file(
        'zones.csv',
        focusCsv(
          [
            '2026-03-01T00:30:00+02:00',
            '2026-03-01T00:00:00Z',
            '2026-03-01 23:59:59',
            '2026-03-02',
          ].map((ChargePeriodStart) => focusRow({ ChargePeriodStart, BilledCost: '1' })),
        ),
      );
      const data = join(place.folder, TZ.replace('/', '-'));
      const loaded = await outlayProcess(['import', path, '--data', data, '--json'], { TZ });
      expect(JSON.parse(loaded.out)).toMatchObject({
        loads: [{ status: 'loaded', periods: ['2026-03'] }],
      });
      const answer = await outlayProcess(
        ['costs', '--granularity', 'day', '--data', data, '--json'],
        { TZ },
      );
      const { rows } = JSON.parse(answer.out) as { rows: { period: string; cost: string }[] };
      expect(rows.map(({ period, cost }) => [period, cost])).toEqual([
        ['2026-02-28', '1'],
        ['2026-03-01', '2'],
        ['2026-03-02', '1'],
      ]);
    },
  );

  test('a database that cannot be used: exit 1, the file untouched', async () => {
    const path = place.file('damaged/outlay.db', 'not a database at all, '.repeat(400));
    const before = readFileSync(path, 'utf8');
    const answer = await outlayProcess([
      'loads',
      '--json',
      '--data',
      join(place.folder, 'damaged'),
    ]);
    expect(answer.code).toBe(1);
    expect(JSON.parse(answer.out)).toMatchObject({ error: { code: 'DATABASE_DAMAGED' } });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('the environment names the folder by the rules of the platform', async () => {
    const home = join(place.folder, 'home');
    const answer = await outlayProcess(['loads', '--json'], {
      HOME: home,
      OUTLAY_DATA: '',
      XDG_DATA_HOME: '',
    });
    expect(answer).toMatchObject({ code: 0, out: '[]\n' });
    const folder =
      process.platform === 'darwin' ? 'Library/Application Support/Outlay' : '.local/share/outlay';
    expect(existsSync(join(home, folder, 'outlay.db'))).toBe(true);
  });
});

test('a command line in this process needs no environment at all', async () => {
  expect(await runInProcess(['--help'])).toMatchObject({ code: 0, err: '' });
});
