import * as z from 'zod/mini';
import { formatExact, parseExact } from '../../../shared/domain/exact.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import {
  currencyOf,
  dayOf,
  maybeText,
  plainRow,
  type SheetContext,
  type SheetRow,
} from './sheet-row.ts';

/** A SKU of the Cloud Billing catalogue; numbers are text. */
export const googleSkuShape = z.object({
  skuId: maybeText,
  description: maybeText,
  category: z.nullish(z.object({ usageType: maybeText })),
  serviceRegions: z.nullish(z.array(z.string())),
  pricingInfo: z.nullish(
    z.array(
      z.object({
        effectiveTime: maybeText,
        /** Written so by some tools. */
        EffectiveTime: maybeText,
        pricingExpression: z.nullish(
          z.object({
            usageUnit: maybeText,
            tieredRates: z.nullish(
              z.array(
                z.object({
                  startUsageAmount: maybeText,
                  unitPrice: z.nullish(
                    z.object({ currencyCode: maybeText, units: maybeText, nanos: maybeText }),
                  ),
                }),
              ),
            ),
          }),
        ),
      }),
    ),
  ),
});
type GoogleSku = z.infer<typeof googleSkuShape>;

const commitments = new Map([
  ['Commit1Yr', 12],
  ['Commit3Yr', 36],
]);

/** One price a SKU, region and tier; the description is what a bill calls the SKU. */
export function googleSku(sku: GoogleSku, row: number, context: SheetContext): void {
  const { file, sink, reading, today } = context;
  const usage = sku.category?.usageType ?? 'OnDemand';
  const term = commitments.get(usage) ?? 0;
  const regions = sku.serviceRegions?.length ? sku.serviceRegions : [reading.region ?? ''];
  for (const info of sku.pricingInfo ?? []) {
    const effective = info.effectiveTime ?? info.EffectiveTime ?? '';
    const validFrom =
      effective === ''
        ? (reading.date ?? today)
        : dayOf(effective, { file, row, column: 'effectiveTime' });
    if (effective !== '') sink.dated(validFrom);
    for (const tier of info.pricingExpression?.tieredRates ?? []) {
      const price: Omit<SheetRow, 'region'> = {
        ...plainRow,
        row,
        provider: 'google',
        sku: sku.description ?? sku.skuId ?? '',
        skuId: sku.skuId ?? '',
        currency: currencyOf(tier.unitPrice?.currencyCode ?? '', {
          file,
          row,
          column: 'currencyCode',
        }),
        unit: info.pricingExpression?.usageUnit ?? '',
        purchase: term > 0 ? 'commitment' : usage === 'Preemptible' ? 'spot' : 'on-demand',
        offer: term > 0 ? 'cud' : '',
        termMonths: term,
        tier: plain(tier.startUsageAmount ?? '0', 'startUsageAmount', row, context),
        amount: money(tier.unitPrice ?? {}, row, context),
        validFrom,
      };
      for (const region of regions) sink.price({ ...price, region });
    }
  }
}

/** Whole units and billionths, both as text, of one sign. */
function money(
  price: { units?: string | null | undefined; nanos?: string | null | undefined },
  row: number,
  context: SheetContext,
): string {
  const units = price.units || '0';
  const nanos = price.nanos || '0';
  const whole = parseExact(units);
  const part = parseExact(nanos);
  if (whole === null || part === null)
    throw bad(`${units} units, ${nanos} nanos`, 'unitPrice', row, context);
  const value = whole + part / 1_000_000_000n;
  if (value < 0n) throw bad(formatExact(value), 'unitPrice', row, context);
  return formatExact(value);
}

function plain(text: string, column: string, row: number, context: SheetContext): string {
  const value = parseExact(text);
  if (value === null || value < 0n) throw bad(text, column, row, context);
  return formatExact(value);
}

function bad(text: string, column: string, row: number, { file }: SheetContext): OutlayError {
  return new OutlayError(
    'AMOUNT_BAD',
    `${file}, SKU ${row}, ${column}: ${text.slice(0, 40)} is not a price. Nothing was changed.`,
    'Ask for the catalogue again.',
  );
}
