import type { AwsBlobs } from './aws.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('This function has nothing to do with batches.'));

/** For a function that reads and writes no records: it needs no client for them either. */
export const noBlobs = (): AwsBlobs => ({
  put: refuse,
  read: refuse,
  delete: refuse,
  repair: refuse,
  warm: () => Promise.resolve(),
});
