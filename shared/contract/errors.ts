/** Every code an answer can carry. Scripts depend on them: add, never rename. */
export const errorCodes = [
  // the call itself
  'INVALID_INPUT',
  'USAGE',
  'NOT_AVAILABLE',
  'NO_DATA',
  'NOT_FOUND',
  'CANCELLED',
  'LOCKED',
  'INTERNAL',
  // a file
  'FILE_NOT_FOUND',
  'FILE_UNREADABLE',
  'FILE_EMPTY',
  'FILE_DAMAGED',
  'FILE_CHANGED',
  'NOT_A_BILL',
  'NOT_TELEMETRY',
  'DUPLICATE',
  'UNSUPPORTED_FORMAT',
  'COLUMN_MISSING',
  'COLUMN_DUPLICATE',
  'ROW_BAD',
  'AMOUNT_BAD',
  'VALUE_BAD',
  'DATE_BAD',
  'CURRENCY_BAD',
  'PERIOD_BAD',
  'TOO_LARGE',
  'FILE_TOO_LARGE',
  'OVERLAP',
  'LESS_COVERAGE',
  'NOT_TIED_OUT',
  // the store
  'DATABASE_NEWER',
  'DATABASE_DAMAGED',
  'DATABASE_UNREADABLE',
  'DISK_FULL',
  'READ_ONLY',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What a file does not say and a person can: saying it lifts the refusal. */
export type Asks =
  | { kind: 'currency' }
  /** With the date as the file has it, the year last. */
  | { kind: 'dateOrder'; value: string };

export interface ErrorBody {
  code: ErrorCode;
  /** What happened and where: file, row, column. */
  message: string;
  /** What to do next. */
  hint?: string | undefined;
  asks?: Asks | undefined;
}

/** The one error class. Whatever else is thrown is a defect and answers as INTERNAL. */
export class OutlayError extends Error {
  override name = 'OutlayError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly asks: Asks | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    hint?: string,
    { asks, ...options }: ErrorOptions & { asks?: Asks | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.hint = hint;
    this.asks = asks;
  }
}

export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorBody };

export function errorBody(error: unknown): ErrorBody {
  if (error instanceof OutlayError) {
    const { code, message, hint, asks } = error;
    return asks === undefined ? { code, message, hint } : { code, message, hint, asks };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
