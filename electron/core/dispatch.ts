import {
  type CallInput,
  type CallName,
  type CallOutput,
  contract,
  type Handlers,
} from '../../shared/contract/contract.ts';
import { errorBody, OutlayError, type Result } from '../../shared/contract/errors.ts';

type UntypedHandler = (input: unknown) => unknown;

/**
 * The single gate of every host: parses the input, runs the handler, maps what it throws
 * (`translate` knows what the store and the file system mean; the rest are defects).
 * Never throws; a call that does not exist or does not fit is refused by name of the field.
 */
export function createDispatch(
  handlers: Handlers,
  translate: (error: unknown) => unknown,
  onDefect: (error: unknown) => void,
) {
  async function dispatch(name: string, input: unknown): Promise<Result<unknown>> {
    try {
      if (!Object.hasOwn(contract, name)) {
        throw new OutlayError('NOT_AVAILABLE', `There is no call "${name}" in this version.`);
      }
      const known = name as CallName;
      const parsed = contract[known].input.safeParse(input);
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        const path = issue?.path.join('.') || 'input';
        throw new OutlayError('INVALID_INPUT', `${path}: ${issue?.message ?? 'not valid'}`);
      }
      const handler = handlers[known] as UntypedHandler;
      return { ok: true, value: await handler(parsed.data) };
    } catch (thrown) {
      const error = translate(thrown);
      if (!(error instanceof OutlayError)) onDefect(error);
      return { ok: false, error: errorBody(error) };
    }
  }

  function call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
    return dispatch(name, input) as Promise<Result<CallOutput<N>>>;
  }

  return { call, dispatch };
}
