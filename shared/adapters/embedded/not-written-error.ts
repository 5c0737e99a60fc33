import { ChasquiError } from '../../contract/errors.ts';

/** The disk refused, be it full or broken, and it is certain that nothing of the write is kept: it may be tried again. */
export class NotWrittenError extends ChasquiError {
  constructor(options?: ErrorOptions) {
    super('unavailable', 'The disk cannot be written at the moment; nothing has changed.', {
      retryAfterSeconds: 1,
      cause: options?.cause,
    });
    this.name = 'NotWrittenError';
  }
}
