import type { S3Bucket } from './s3-bucket.ts';

/** A bucket that is opened when it is first used. */
export const lazyS3Bucket = (name: string, open: () => Promise<S3Bucket>): S3Bucket => {
  let opened: Promise<S3Bucket> | undefined;
  const bucket = (): Promise<S3Bucket> => {
    opened ??= open();
    return opened;
  };
  return {
    name,
    put: async (...given) => (await bucket()).put(...given),
    get: async (...given) => (await bucket()).get(...given),
    size: async (key) => (await bucket()).size(key),
    delete: async (key) => (await bucket()).delete(key),
  };
};
