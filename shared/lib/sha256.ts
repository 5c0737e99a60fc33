import { hash, timingSafeEqual } from 'node:crypto';

/** In lower-case hex: Node gives text three times as fast as a buffer. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Of two digests: takes as long whatever they hold. */
export const equalDigests = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && timingSafeEqual(left, right);
