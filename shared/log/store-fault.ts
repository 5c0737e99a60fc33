import { ChasquiError } from '../contract/errors.ts';
import { IndexDamagedError } from '../ports/offset-store.ts';

/** What a store threw of its own, as an error of the contract; `undefined` for what is no store's. */
export function storeFault(thrown: unknown, mayHaveWritten: boolean): ChasquiError | undefined {
  if (!(thrown instanceof IndexDamagedError)) return undefined;
  const sideEffects = mayHaveWritten ? 'possible' : 'none';
  return new ChasquiError('internal', thrown.message, { retryable: false, sideEffects, cause: thrown });
}
