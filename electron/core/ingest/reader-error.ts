import { OutlayError } from '../../../shared/contract/errors.ts';
import { isDiskFull } from '../store/open.ts';
import { damaged } from './source-file.ts';

/** What the reader itself says about a file that is cut, damaged or not what it claims to be. */
export function readerError(error: unknown, name: string, path: string): unknown {
  if (error instanceof OutlayError || !(error instanceof Error)) return error;
  // Not the file's fault: it ends the whole import, as it does wherever else it is met.
  if (isDiskFull(error)) return error;
  const message = error.message.split('\n')[0] ?? '';
  if (/INTERRUPT/i.test(message))
    return new OutlayError('CANCELLED', 'Cancelled. Nothing was changed.');
  if (/^Out of Memory Error/i.test(message)) {
    return new OutlayError(
      'FILE_TOO_LARGE',
      `${name} needs more memory than Outlay gives its reader. Nothing was changed.`,
      'Export it in smaller parts, or as Parquet with smaller row groups.',
      { cause: error },
    );
  }
  if (/^(Not implemented|INTERNAL) Error|TProtocolException/i.test(message)) {
    return new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${name} is written in a way that cannot be read (${message.replace(/^[\w ]+ Error: /, '').slice(0, 120)}). Nothing was changed.`,
      'Export it again, as CSV if it was Parquet.',
      { cause: error },
    );
  }
  if (/not utf-8 encoded|Invalid unicode/i.test(error.message)) {
    const line = /Line: (\d+)/.exec(message)?.[1];
    return new OutlayError(
      'FILE_DAMAGED',
      `${name}${line ? `, line ${line}` : ''}: the text is not UTF-8. Nothing was changed.`,
      'Save it as UTF-8 and import it again.',
      { cause: error },
    );
  }
  if (
    /^(Invalid Input|IO|TransactionContext|Conversion|Invalid|Serialization) Error/i.test(message)
  ) {
    // In the user's words: without the kind of error and the name under which it was read.
    const what = message.replace(/^[\w ]+ Error: /, '').replaceAll(`'${path}'`, 'the file');
    const refusal = damaged(
      name,
      what.replaceAll(path, name).replaceAll(/\s+/g, ' ').slice(0, 200),
    );
    refusal.cause = error;
    return refusal;
  }
  return error;
}
