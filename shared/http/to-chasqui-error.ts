import { ChasquiError } from '../contract/errors.ts';
import { storeFault } from '../log/store-fault.ts';

/** What was thrown, as an error that may leave the house: everything that is not ours becomes `internal` and leaks nothing. */
export const toChasquiError = (thrown: unknown, mayHaveWritten: boolean): ChasquiError => {
  if (thrown instanceof ChasquiError) return thrown;
  return (
    storeFault(thrown, mayHaveWritten) ??
    new ChasquiError('internal', 'Something went wrong here. The request id names it in the log.', {
      sideEffects: mayHaveWritten ? 'possible' : 'none',
      cause: thrown,
    })
  );
};
