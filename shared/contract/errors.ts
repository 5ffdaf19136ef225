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
  'DUPLICATE',
  'UNSUPPORTED_FORMAT',
  'COLUMN_MISSING',
  'COLUMN_DUPLICATE',
  'ROW_BAD',
  'AMOUNT_BAD',
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

export interface ErrorBody {
  code: ErrorCode;
  /** What happened and where: file, row, column. */
  message: string;
  /** What to do next. */
  hint?: string | undefined;
}

/** The one error class. Whatever else is thrown is a defect and answers as INTERNAL. */
export class OutlayError extends Error {
  override name = 'OutlayError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorBody };

export function errorBody(error: unknown): ErrorBody {
  if (error instanceof OutlayError) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
