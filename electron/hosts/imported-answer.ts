import type { ErrorBody } from '../../shared/contract/errors.ts';
import type { Answer } from './cli-commands.ts';

/** What became of one file, as the answers of all imports say it. */
interface Outcome {
  status: string;
  code?: string | null | undefined;
  reason?: string | null | undefined;
  hint?: string | null | undefined;
}

/**
 * The answer of a command that imports files. All refused: exit code 2, with the first refusal as
 * the error, or `none` where there was nothing to refuse; some refused: 3; none: 0.
 */
export function importedAnswer(
  answer: object,
  files: readonly Outcome[],
  text: string,
  none: ErrorBody,
): Answer {
  const refused = files.filter(({ status }) => status === 'refused');
  const kept = files.filter(({ status }) => ['loaded', 'replaced', 'unchanged'].includes(status));
  if (kept.length > 0) return { value: answer, text, exitCode: refused.length > 0 ? 3 : 0 };
  const [first] = refused;
  const error = first ? { code: first.code, message: first.reason, hint: first.hint } : none;
  return { value: { error, ...answer }, text, exitCode: 2 };
}
