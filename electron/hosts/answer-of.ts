import { OutlayError, type Result } from '../../shared/contract/errors.ts';

/** The value of a call; a refusal is thrown with its code and hint. */
export async function answerOf<T>(result: Promise<Result<T>>): Promise<T> {
  const answer = await result;
  if (answer.ok) return answer.value;
  throw new OutlayError(answer.error.code, answer.error.message, answer.error.hint);
}
