import type { CallInput, CallName, CallOutput, Handlers } from '../../shared/contract/contract.ts';
import { errorBody, OutlayError, type Result } from '../../shared/contract/errors.ts';
import { inputs } from '../../shared/contract/inputs.ts';

type Input = Awaited<ReturnType<(typeof inputs)[CallName]>>;
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
      if (!Object.hasOwn(inputs, name)) {
        throw new OutlayError('NOT_AVAILABLE', `There is no call "${name}" in this version.`);
      }
      const known = name as CallName;
      const schema = await inputs[known]();
      const parsed = schema.safeParse(input);
      if (!parsed.success) throw await invalidInput(schema, input);
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

/** Names the field that does not fit. The words for what is wrong with it are loaded only here. */
async function invalidInput(schema: Input, input: unknown): Promise<OutlayError> {
  const { default: english } = await import('zod/v4/locales/en.js');
  const { error } = schema.safeParse(input, { error: english().localeError });
  const issue = error?.issues[0];
  const path = issue?.path.join('.') || 'input';
  return new OutlayError('INVALID_INPUT', `${path}: ${issue?.message ?? 'not valid'}`);
}
