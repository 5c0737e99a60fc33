import { randomBytes } from 'node:crypto';

const COUNTER_DIGITS = 6;
const COUNTER_END = 36 ** COUNTER_DIGITS;

/**
 * Ids that are never the same twice: 80 random bits for this process and a counter, which costs a request next to nothing. Not secret,
 * and not meant to be.
 */
export const createRequestIds = (): (() => string) => {
  let prefix = randomBytes(10).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    if (count === COUNTER_END) {
      prefix = randomBytes(10).toString('hex');
      count = 0;
    }
    return `${prefix}-${count.toString(36).padStart(COUNTER_DIGITS, '0')}`;
  };
};

/** One counter for the process: ids are unique across whatever is mounted in it. */
export const nextRequestId = createRequestIds();
