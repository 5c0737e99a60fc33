import { createS3Client } from './client.ts';
import { createS3Bucket, type S3Bucket } from './s3-bucket.ts';

/** One client for all buckets. `pathStyle`: an emulator has no host names for its buckets. */
export const openS3Buckets = (pathStyle: boolean): ((bucket: string) => S3Bucket) => {
  const client = createS3Client({ forcePathStyle: pathStyle });
  return (bucket) => createS3Bucket({ client, bucket });
};
