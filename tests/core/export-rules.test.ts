import { afterAll, beforeAll, expect, vi } from 'vitest';
import { join } from 'node:path';
import { type Duck, openDuckDb, sqlText } from '../builders/duckdb.ts';
import {
  corrected,
  evaluateRules,
  readRules,
  type Table,
  type Verdict,
} from '../builders/focusRules.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 300_000 });

let duck: Duck;
beforeAll(async () => {
  duck = await openDuckDb();
});
afterAll(() => duck.close());

/**
 * What no export of daily cells can keep, whatever was loaded, and why. Rules on rules
 * (composites) fail with their parts and are not named.
 */
const cannotHold: Record<string, string> = {
  'PublisherName-C-003-M': 'not kept in daily cells',
  'InvoiceIssuerName-C-003-M': 'not kept in daily cells',
  'ChargeDescription-C-003-O': 'not kept in daily cells; FOCUS allows null, and advises against it',
  'PricingQuantity-C-005-C': 'one quantity is kept, and used charges have it as ConsumedQuantity',
  'SkuPriceDetails-C-004-C': 'the instance type is kept, the SkuPriceId is not',
};

/** Columns that providers must or should deliver and daily cells do not have. */
const columnsNotKept = `AvailabilityZone BillingAccountType CapacityReservationId
  CapacityReservationStatus ChargeFrequency CommitmentDiscountCategory CommitmentDiscountQuantity
  CommitmentDiscountType CommitmentDiscountUnit ContractedUnitPrice ListUnitPrice PricingCurrency
  PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice
  ResourceType ServiceSubcategory SkuPriceId SubAccountType`.split(/\s+/);

interface Judged {
  verdicts: Map<string, Verdict>;
  /** Rules that fail by themselves, without those on the presence of a column. */
  failing: string[];
  absent: string[];
}

const rules = () => readRules();

function judge(table: Table): Judged {
  const model = rules();
  const verdicts = evaluateRules(model, table);
  const failed = [...verdicts.values()].filter(
    ({ rule, status }) => status === 'fail' && model[rule]?.Function !== 'Composite',
  );
  const presence = (id: string) => model[id]?.Function === 'Presence';
  return {
    verdicts,
    failing: failed.map(({ rule }) => rule).filter((id) => !presence(id)),
    absent: [
      ...new Set(
        failed.filter(({ rule }) => presence(rule)).map(({ rule }) => model[rule]?.Reference ?? ''),
      ),
    ].sort(),
  };
}

/** Types as Parquet has them, cells as CSV has them, of at most so many rows. */
async function exportedTable(place: Workspace): Promise<Table> {
  const make = async (name: string) =>
    (
      await place.call('export.focus', {
        job: name.replace('.', '-'),
        out: join(place.folder, name),
      })
    ).file;
  const [parquet, csv] = [await make('export.parquet'), await make('export.csv')];
  return { types: await typesOf(parquet), rows: await cellsOf(csv) };
}

async function typesOf(file: string): Promise<Map<string, string>> {
  const described = await duck.rows(`DESCRIBE SELECT * FROM ${sqlText(file)}`);
  return new Map(described.map((row) => [String(row['column_name']), String(row['column_type'])]));
}

async function cellsOf(file: string): Promise<Table['rows']> {
  const rows = await duck.rows(
    `SELECT * FROM read_csv(${sqlText(file)}, all_varchar = true, header = true, nullstr = ['', 'NULL'])
     USING SAMPLE reservoir(12000 ROWS) REPEATABLE (7)`,
  );
  return rows as Table['rows'];
}

sampleDataTest(
  'the sample company keeps every FOCUS 1.2 rule that daily cells can keep',
  async () => {
    const place = workspace();
    try {
      await place.call('import.sample', { job: 'sample' });
      const { verdicts, failing, absent } = judge(await exportedTable(place));
      const count = (status: Verdict['status']) =>
        [...verdicts.values()].filter((verdict) => verdict.status === status).length;
      console.info(
        `FOCUS 1.2: ${verdicts.size} rules, ${count('pass')} kept, ${count('fail')} not kept, ` +
          `${count('void')} speak of nothing in the file, ${count('prose')} are prose`,
      );
      expect(verdicts.size).toBe(621);
      expect(failing.sort()).toEqual(Object.keys(cannotHold).sort());
      expect(absent).toEqual(columnsNotKept);
      expect(count('pass')).toBeGreaterThan(150);
    } finally {
      await place.close();
    }
  },
);

sampleDataTest(
  'the export of a real FOCUS 1.0 bill breaks no rule that the bill keeps',
  async () => {
    const place = workspace();
    try {
      const file = sampleDataPath('focus-sample', 'focus_1.0_sample_a.csv');
      await place.load(file);
      const own = judge(await exportedTable(place));
      const rows = await cellsOf(file);
      const names = Object.keys(rows[0] ?? {});
      const source = judge({ types: new Map(names.map((name) => [name, 'VARCHAR'])), rows });
      const broken = own.failing.filter(
        (id) => !source.failing.includes(id) && !Object.hasOwn(cannotHold, id),
      );
      expect(broken).toEqual([]);
    } finally {
      await place.close();
    }
  },
);

sampleDataTest('the interpreter finds what is broken', async () => {
  const good = {
    ProviderName: 'AWS',
    ChargeCategory: 'Usage',
    BilledCost: '1.5',
    ChargePeriodStart: '2026-03-05T00:00:00Z',
    BillingCurrency: 'USD',
    ServiceName: 'EC2',
    ServiceCategory: 'Compute',
    SubAccountId: '1',
    SubAccountName: 'one',
    Tags: '{"a":"b"}',
  };
  const types = new Map(Object.keys(good).map((name) => [name, 'VARCHAR']));
  const failing = (...rows: Record<string, string | null>[]) =>
    new Set(judge({ types, rows }).failing);
  const base = failing(good);
  const added = (...rows: Record<string, string | null>[]) =>
    [...failing(...rows)].filter((id) => !base.has(id));
  expect(added({ ...good, ProviderName: null })).toEqual(['ProviderName-C-003-M']);
  expect(added({ ...good, ChargeCategory: 'Used' })).toEqual(['ChargeCategory-C-003-M']);
  expect(added({ ...good, BilledCost: '1,500' }).sort()).toEqual([
    'BilledCost-C-002-M',
    'BilledCost-C-004-M',
  ]);
  expect(added({ ...good, ChargePeriodStart: '2026-03-05' })).toEqual([
    'ChargePeriodStart-C-002-M',
  ]);
  expect(added({ ...good, BillingCurrency: 'USX' }).sort()).toEqual([
    'BillingCurrency-C-003-M',
    'BillingCurrency-C-006-M',
  ]);
  expect(added(good, { ...good, ServiceCategory: 'Other' })).toEqual(['ServiceName-C-005-C']);
  expect(added({ ...good, SubAccountName: null })).toEqual(['SubAccountName-C-005-C']);
  expect(added({ ...good, SubAccountId: null })).toEqual(['SubAccountName-C-004-C']);
  expect(added({ ...good, Tags: '{"a":{"b":1}}' })).toEqual(['Tags-C-001-M']);
  // A correction must be one of a rule that exists.
  const model = rules();
  expect(Object.keys(corrected).filter((id) => !model[id])).toEqual([]);
});
