import { ChasquiError } from '../contract/errors.ts';
import { IndexDamagedError, UnknownOutcomeError } from '../ports/offset-store.ts';

/** Of a write that is no produce: whoever asked may look, or ask again. */
const nobodyKnows = (cause: unknown): ChasquiError =>
  new ChasquiError('unavailable', 'Whether it was done is not known. Look, or ask again.', {
    sideEffects: 'possible',
    retryAfterSeconds: 1,
    cause,
  });

/** What a store threw of its own, as an error of the contract; `undefined` for what is no store's. */
export function storeFault(thrown: unknown, mayHaveWritten: boolean): ChasquiError | undefined {
  if (thrown instanceof UnknownOutcomeError) return nobodyKnows(thrown);
  if (!(thrown instanceof IndexDamagedError)) return undefined;
  const sideEffects = mayHaveWritten ? 'possible' : 'none';
  return new ChasquiError('internal', thrown.message, { retryable: false, sideEffects, cause: thrown });
}
