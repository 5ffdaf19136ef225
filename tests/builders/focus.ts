/** A charge as its file has it: FOCUS column to text; an empty text is no value. */
export type FocusRow = Record<string, string>;

/** A valid charge of 1.25 USD on 5 March 2026; a test names only the cells it is about. */
export function focusRow(cells: FocusRow = {}): FocusRow {
  return {
    ProviderName: 'AWS',
    BillingAccountId: '0001',
    BillingAccountName: 'Payer',
    SubAccountId: '0042',
    SubAccountName: 'Research',
    BillingPeriodStart: '2026-03-01T00:00:00Z',
    ChargePeriodStart: '2026-03-05T00:00:00Z',
    ChargeCategory: 'Usage',
    ServiceName: 'Amazon EC2',
    ServiceCategory: 'Compute',
    BilledCost: '1.25',
    EffectiveCost: '1.20',
    ListCost: '2.5',
    ContractedCost: '1.5',
    BillingCurrency: 'USD',
    ...cells,
  };
}

export interface CsvForm {
  /** Default: the columns of all rows in the order they appear. */
  columns?: readonly string[];
  delimiter?: string;
  lineEnd?: string;
  bom?: boolean;
}

/** Rows as CSV text; what holds the delimiter, a quote or a line end is quoted. */
export function focusCsv(rows: readonly FocusRow[], form: CsvForm = {}): string {
  const { delimiter = ',', lineEnd = '\n', bom = false } = form;
  const columns = form.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (text: string) =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  const body = lines.map((cells) => cells.map(cell).join(delimiter) + lineEnd).join('');
  return (bom ? '\uFEFF' : '') + body;
}
