import { OutlayError } from '../../../shared/contract/errors.ts';
import { firstDayOf } from '../../../shared/domain/calendar.ts';
import type { CsvRecord } from './csv-records.ts';
import { amountOf, dayOf, plainRow, type SheetContext, type SheetRow } from './sheet-row.ts';

/** Small published tables that are passed around: one price or two a row, US dollars an hour. */
const tables: readonly {
  format: string;
  needs: readonly string[];
  provider: string;
  sku: string;
  /** Column of the region; null where the file does not say it. */
  region: string | null;
  prices: readonly { column: string; purchase: 'on-demand' | 'spot' }[];
  /** Column with the month from which a row holds. */
  month?: string;
  /** What the table writes where it knows no price. */
  placeholder?: string;
}[] = [
  {
    format: 'EC2 price history',
    needs: ['price_list_version', 'effective_month', 'instance_type', 'on_demand_usd_per_hour'],
    provider: 'aws',
    sku: 'instance_type',
    region: null,
    prices: [{ column: 'on_demand_usd_per_hour', purchase: 'on-demand' }],
    month: 'effective_month',
  },
  {
    format: 'EC2 price table',
    needs: ['instance_type', 'on_demand_usd_per_hour'],
    provider: 'aws',
    sku: 'instance_type',
    region: null,
    prices: [{ column: 'on_demand_usd_per_hour', purchase: 'on-demand' }],
  },
  {
    format: 'TPU price table',
    needs: ['accelerator', 'zone', 'on_demand_usd_per_hour', 'spot_usd_per_hour'],
    provider: 'google',
    sku: 'accelerator',
    region: 'zone',
    prices: [
      { column: 'on_demand_usd_per_hour', purchase: 'on-demand' },
      { column: 'spot_usd_per_hour', purchase: 'spot' },
    ],
    placeholder: '700',
  },
];

export interface PlainTable {
  format: string;
  record: (record: CsvRecord) => void;
}

/** The reader of one of the tables; null where the header is of none. */
/** Whether a header is that of a table which is read. */
export function isPlainTable(header: readonly string[]): boolean {
  const names = header.map((name) => name.trim().toLowerCase());
  return tables.some(({ needs }) => needs.every((name) => names.includes(name)));
}

export function plainTable(header: readonly string[], context: SheetContext): PlainTable | null {
  const names = header.map((name) => name.trim().toLowerCase());
  const table = tables.find(({ needs }) => needs.every((name) => names.includes(name)));
  if (!table) return null;
  const { file, reading, today, sink } = context;
  if (table.region === null && !reading.region) {
    throw new OutlayError(
      'COLUMN_MISSING',
      `${file} does not say of which region its prices are. Nothing was changed.`,
      'Give the region with --region, as in --region us-east-1.',
    );
  }
  return {
    format: table.format,
    record: ({ row, cells }) => {
      const cell = (name: string) => (cells[names.indexOf(name)] ?? '').trim();
      const validFrom =
        table.month === undefined
          ? (reading.date ?? today)
          : dayOf(firstDayOf(cell(table.month)), { file, row, column: table.month });
      if (table.month !== undefined) sink.dated(validFrom);
      for (const { column, purchase } of table.prices) {
        if (cell(column) === '') {
          sink.leaveOut('NO_PRICE', 'Rows without a price were not read.');
          continue;
        }
        const amount = amountOf(cell(column), { file, row, column });
        if (amount === table.placeholder) {
          sink.leaveOut(
            'PLACEHOLDER',
            `${amount} is what this table writes where it knows no price.`,
          );
          continue;
        }
        if (amount === '0') {
          sink.leaveOut('ZERO_PRICE', 'Machines are listed at 0, which is no price.');
          continue;
        }
        sink.price({
          ...plainRow,
          row,
          provider: table.provider,
          sku: cell(table.sku),
          region: table.region === null ? (reading.region ?? '') : cell(table.region),
          currency: 'USD',
          unit: 'Hour',
          purchase,
          amount,
          validFrom,
        } satisfies SheetRow);
      }
    },
  };
}
