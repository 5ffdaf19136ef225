import * as z from 'zod/mini';
import { OutlayError } from '../../../shared/contract/errors.ts';
import {
  amountOf,
  dayOf,
  maybeText,
  plainRow,
  type SheetContext,
  type SheetRow,
} from './sheet-row.ts';

/** A vendor's models with the history of their prices, US dollars a million tokens. */
export const vendorShape = z.object({
  vendor: z.string(),
  models: z.array(
    z.object({
      id: z.string(),
      price_history: z.array(
        z.object({
          input: maybeText,
          output: maybeText,
          input_cached: maybeText,
          from_date: maybeText,
          to_date: maybeText,
        }),
      ),
    }),
  ),
});

const classes = [
  ['input', 'input'],
  ['output', 'output'],
  ['input_cached', 'cached input'],
] as const;

/** Each model counts as a row. */
export function vendorPrices(list: z.infer<typeof vendorShape>, context: SheetContext): void {
  const { file, sink, reading, today } = context;
  for (const [i, model] of list.models.entries()) {
    const row = i + 1;
    for (const span of model.price_history) {
      const validFrom = span.from_date
        ? dayOf(span.from_date, { file, row, column: 'from_date' })
        : (reading.date ?? '');
      const validTo = span.to_date ? dayOf(span.to_date, { file, row, column: 'to_date' }) : null;
      if (span.from_date && validFrom <= today) sink.dated(validFrom);
      for (const [column, variant] of classes) {
        const text = span[column];
        if (text === null || text === undefined) continue;
        sink.price({
          ...plainRow,
          row,
          provider: list.vendor,
          sku: model.id,
          variant,
          currency: 'USD',
          unit: '1000000 Tokens',
          amount: amountOf(text, { file, row, column }),
          validFrom,
          validTo,
        } satisfies SheetRow);
      }
    }
  }
}

/** Prices a token by model name, as several libraries keep them. */
export const modelsShape = z.record(
  z.string(),
  z.object({
    litellm_provider: maybeText,
    input_cost_per_token: maybeText,
    output_cost_per_token: maybeText,
    cache_read_input_token_cost: maybeText,
    cache_creation_input_token_cost: maybeText,
    input_cost_per_token_batches: maybeText,
    output_cost_per_token_batches: maybeText,
  }),
);

const modelClasses = [
  ['input_cost_per_token', 'input'],
  ['output_cost_per_token', 'output'],
  ['cache_read_input_token_cost', 'cached input'],
  ['cache_creation_input_token_cost', 'cache write'],
  ['input_cost_per_token_batches', 'batch input'],
  ['output_cost_per_token_batches', 'batch output'],
] as const;

export function isModelPrices(record: Record<string, unknown>): boolean {
  const first = Object.values(record)[0];
  return (
    typeof first === 'object' &&
    first !== null &&
    ('litellm_provider' in first || 'input_cost_per_token' in first)
  );
}

/** Such a list bears no date of its own. */
export function modelPrices(list: z.infer<typeof modelsShape>, context: SheetContext): void {
  const { file, sink, reading } = context;
  const { date } = reading;
  if (!date) {
    throw new OutlayError(
      'COLUMN_MISSING',
      `${file} does not say of which day its prices are. Nothing was changed.`,
      'Give the day with --date YYYY-MM-DD.',
    );
  }
  for (const [i, [sku, model]] of Object.entries(list).entries()) {
    for (const [column, variant] of modelClasses) {
      const text = model[column];
      if (text === undefined || text === null) continue;
      const amount = amountOf(text, { file, row: i + 1, column });
      if (amount === '0') {
        sink.leaveOut('ZERO_PRICE', 'Models are listed at 0, which is no price.');
        continue;
      }
      sink.price({
        ...plainRow,
        row: i + 1,
        provider: model.litellm_provider ?? '',
        sku,
        variant,
        currency: 'USD',
        unit: 'Token',
        amount,
        validFrom: date,
      } satisfies SheetRow);
    }
  }
}
