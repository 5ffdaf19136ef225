import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * The large bill of the bench: FOCUS 1.2, 48 columns, 12 monthly files, deterministic (plain
 * arithmetic on the row number, no random function). Ten million rows have about 110 thousand
 * resources, 125 thousand series and 2 million daily cells: five charges a day and series.
 */
const rowsInCell = 5;
const daysOfSeries = 16;
const seriesInAll = 125_000;
/** A prime: neighbouring rows belong to different series, as in a real export. */
const stride = 48_271;

export type BillForm = 'parquet' | 'csv' | 'csv.gz';

/** Writes the bill once, in files of a month each, and answers them; later calls find them. */
export async function makeBill(
  duck: DuckDBConnection,
  folder: string,
  form: BillForm,
  rows: number,
  months = 12,
): Promise<string[]> {
  const target = join(folder, `${form}-${rows}-${months}`);
  mkdirSync(target, { recursive: true });
  const files: string[] = [];
  for (let month = 0; month < months; month++) {
    const file = join(target, `focus-2025-${String(month + 1).padStart(2, '0')}.${form}`);
    files.push(file);
    if (existsSync(file)) continue;
    const partial = `${file}.partial`;
    const options = {
      parquet: 'FORMAT parquet, COMPRESSION snappy',
      csv: 'FORMAT csv, HEADER true',
      'csv.gz': 'FORMAT csv, HEADER true, COMPRESSION gzip',
    }[form];
    await duck.run(
      `COPY (${billOfMonth(month, Math.floor(rows / months), form)}) TO '${partial}' (${options})`,
    );
    renameSync(partial, file);
  }
  return files;
}

/** Costs are doubles in Parquet, as AWS delivers them, and decimal text in CSV. */
function billOfMonth(month: number, rows: number, form: BillForm): string {
  const start = `make_date(2025, ${month + 1}, 1)`;
  const amount = (sql: string) => (form === 'parquet' ? `CAST(${sql} AS DOUBLE)` : sql);
  const time = (sql: string) =>
    form === 'parquet' ? `CAST(${sql} AS TIMESTAMP)` : `strftime(${sql}, '%Y-%m-%dT%H:%M:%SZ')`;
  const day = `(${start} + CAST(day AS INTEGER))`;
  const hour = `(${day} + to_hours(CAST(hour AS BIGINT)))`;
  const price = 'CAST((sku * 7919 % 9973 + 1) / 10000 AS DECIMAL(9,4))';
  const quantity = 'CAST((i * 31 % 997 + 1) / 100 AS DECIMAL(9,2))';
  const cost = `CAST(${price} * ${quantity} AS DECIMAL(18,6))`;
  const tags = `CASE WHEN s % 9 = 0 THEN NULL ELSE '{"team": "team-' || (s % 40) || '", "env": "' || CASE s % 3 WHEN 0 THEN 'prod' WHEN 1 THEN 'dev' ELSE 'test' END || '", "cost-center": "cc-' || (s % 120) || '"}' END`;
  return `
    SELECT
      'us-east-1' || chr(CAST(97 + s % 4 AS INTEGER)) AS AvailabilityZone,
      ${amount(cost)} AS BilledCost,
      CAST(100000000000 + account // 40 AS VARCHAR) AS BillingAccountId,
      'Payer ' || (account // 40) AS BillingAccountName,
      'Organisation' AS BillingAccountType,
      'USD' AS BillingCurrency,
      ${time(`${start} + INTERVAL 1 MONTH`)} AS BillingPeriodEnd,
      ${time(start)} AS BillingPeriodStart,
      CASE WHEN s % 97 = 0 THEN 'Purchase' ELSE 'Usage' END AS ChargeCategory,
      CAST(NULL AS VARCHAR) AS ChargeClass,
      'Usage of SKU ' || sku || ' at the published rate per hour' AS ChargeDescription,
      'Usage-Based' AS ChargeFrequency,
      ${time(`${hour} + INTERVAL 1 HOUR`)} AS ChargePeriodEnd,
      ${time(hour)} AS ChargePeriodStart,
      CASE WHEN s % 11 = 0 THEN 'Spend' END AS CommitmentDiscountCategory,
      CASE WHEN s % 11 = 0 THEN 'arn:aws:savingsplans::' || account || ':savingsplan/' || (s % 25) END AS CommitmentDiscountId,
      CASE WHEN s % 11 = 0 THEN 'plan ' || (s % 25) END AS CommitmentDiscountName,
      CASE WHEN s % 11 = 0 THEN 'Used' END AS CommitmentDiscountStatus,
      CASE WHEN s % 11 = 0 THEN 'Savings Plan' END AS CommitmentDiscountType,
      ${amount(quantity)} AS ConsumedQuantity,
      'Hours' AS ConsumedUnit,
      ${amount(`CAST(${cost} * 0.9 AS DECIMAL(18,7))`)} AS ContractedCost,
      ${amount(`CAST(${price} * 0.9 AS DECIMAL(18,5))`)} AS ContractedUnitPrice,
      ${amount(`CAST(${cost} * 0.8 AS DECIMAL(18,7))`)} AS EffectiveCost,
      'inv-' || ${month + 1} || '-' || (account // 40) AS InvoiceId,
      'Amazon Web Services, Inc.' AS InvoiceIssuerName,
      ${amount(cost)} AS ListCost,
      ${amount(price)} AS ListUnitPrice,
      CASE WHEN s % 13 = 0 THEN 'Dynamic' WHEN s % 11 = 0 THEN 'Committed' ELSE 'Standard' END AS PricingCategory,
      ${amount(quantity)} AS PricingQuantity,
      'Hours' AS PricingUnit,
      'AWS' AS ProviderName,
      'Amazon Web Services, Inc.' AS PublisherName,
      'region-' || (s % 12) AS RegionId,
      'Region ' || (s % 12) AS RegionName,
      'arn:aws:ec2:region-' || (s % 12) || ':' || account || ':instance/i-' || printf('%017x', resource) AS ResourceId,
      'node-' || resource AS ResourceName,
      'Instance' AS ResourceType,
      CASE service % 4 WHEN 0 THEN 'Compute' WHEN 1 THEN 'Storage' WHEN 2 THEN 'AI and Machine Learning' ELSE 'Networking' END AS ServiceCategory,
      'Service ' || service AS ServiceName,
      'Other (Compute)' AS ServiceSubcategory,
      'SKU' || sku AS SkuId,
      'Instance hours' AS SkuMeter,
      '{"InstanceType": "m5.' || (sku % 9) || 'xlarge"}' AS SkuPriceDetails,
      'SKU' || sku || '.JRTCKXETXF' AS SkuPriceId,
      CAST(200000000000 + account AS VARCHAR) AS SubAccountId,
      'account-' || account AS SubAccountName,
      ${tags} AS Tags
    FROM (
      SELECT i, s, s % 110000 AS resource, s % 300 AS account, s % 60 AS service, s % 3000 AS sku,
        CAST(c % ${daysOfSeries} AS DOUBLE) * 28 // ${daysOfSeries} AS day, (i % ${rowsInCell}) * 4 AS hour
      FROM (
        SELECT i, i // ${rowsInCell} AS c,
          (${month} * 10417 + i // ${rowsInCell * daysOfSeries}) % ${seriesInAll} AS s
        FROM (SELECT j * ${stride} % ${rows} AS i FROM range(${rows}) AS t(j))))`;
}
