import { ChasquiError } from '../contract/errors.ts';

/** What a caller is told when its records were not stored, or may not have been. */

export const notStored = (cause: unknown): ChasquiError =>
  cause instanceof ChasquiError
    ? cause
    : new ChasquiError('unavailable', 'The records could not be stored.', { retryAfterSeconds: 1, cause });

export const outcomeUnknown = (cause: unknown): ChasquiError =>
  new ChasquiError('unavailable', 'Whether the records were stored is not known yet.', {
    sideEffects: 'possible',
    retryAfterSeconds: 1,
    cause,
  });

export const partitionBusy = (): ChasquiError =>
  new ChasquiError('unavailable', 'The partition could not be written in time.', { retryAfterSeconds: 1 });

/** Of a request with an idempotency key. */
export const partlyStored = (): ChasquiError =>
  new ChasquiError(
    'unavailable',
    'Not all of the records could be stored in time. The same request with the same key stores the others.',
    {
      sideEffects: 'possible',
      retryAfterSeconds: 1,
    },
  );

export const offsetMismatch = (expectedOffset: number, highWatermark: number): ChasquiError =>
  new ChasquiError('precondition_failed', `The high watermark is ${highWatermark}, not ${expectedOffset}.`, {
    extra: { expectedOffset, highWatermark },
  });

export const topicGone = (): ChasquiError => new ChasquiError('topic_not_found', 'There is no topic of this name.');
