import { ChasquiError } from '../contract/errors.ts';

/** For what comes behind a first change: when it fails, it may not say that nothing has happened. */
export const onceBegun = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ChasquiError)) throw error;
    const { code, message, retryable, errors, extra, retryAfterSeconds } = error;
    throw new ChasquiError(code, message, {
      retryable,
      extra,
      ...(errors !== undefined && { errors }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      sideEffects: 'possible',
      cause: error,
    });
  }
};
