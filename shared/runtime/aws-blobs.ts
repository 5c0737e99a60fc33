import { createInlineBlobStore } from '../adapters/dynamodb/inline-blob-store.ts';
import type { TableOptions } from '../adapters/dynamodb/table.ts';
import { createS3Client } from '../adapters/s3/client.ts';
import { createS3Bucket } from '../adapters/s3/s3-bucket.ts';
import type { AwsBlobs } from './aws.ts';
import { systemRandom } from './system-random.ts';

export const awsBlobs = (table: TableOptions): AwsBlobs => ({
  ...createInlineBlobStore({ ...table, random: systemRandom }),
  warm: async () => {
    await createS3Bucket({ client: createS3Client(), bucket: 'x' }).size('x');
  },
});
