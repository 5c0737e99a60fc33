import { ChasquiError, type SideEffects } from '../contract/errors.ts';

/** Of many at once one gets through each time, so that as many as this do in the end. */
const ATTEMPTS = 100;

/**
 * Writes on condition of what was read, again and again until nobody came in between.
 * @param attempt Undefined: somebody did.
 * @param sideEffects `possible` where an attempt that has to be made again may have written a part.
 * @throws {ChasquiError} `unavailable`
 */
export const retryConditional = async <Result>(
  attempt: () => Promise<Result | undefined>,
  sideEffects: SideEffects = 'none',
): Promise<Result> => {
  for (let n = 0; n < ATTEMPTS; n++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new ChasquiError('unavailable', 'Too many others are changing the same thing; try again in a moment.', {
    retryAfterSeconds: 1,
    sideEffects,
  });
};
