import { ChasquiError } from '../contract/errors.ts';

export const tooLarge = (limit: number): ChasquiError =>
  new ChasquiError('payload_too_large', `The body must be at most ${limit} bytes, before and after decompression.`);
