import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** One try for each request: who asks knows best whether to ask again, and where. Batches carry their own checksums. */
export const createS3Client = (config: S3ClientConfig = {}): S3Client =>
  new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...config,
    maxAttempts: 1,
  });
