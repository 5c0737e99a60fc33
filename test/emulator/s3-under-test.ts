import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { inject } from 'vitest';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { ACCESS } from './dynamo-under-test.ts';

let shared: S3Client | undefined;

/** Path style, for the emulator's buckets have no host names of their own. */
export const s3Client = (): S3Client => {
  shared ??= createS3Client({ ...ACCESS, endpoint: inject('awsEndpoint'), forcePathStyle: true });
  return shared;
};

export interface BucketsUnderTest {
  readonly names: readonly string[];
  close(): Promise<void>;
}

const empty = async (Bucket: string): Promise<void> => {
  for (;;) {
    const { Contents = [] } = await s3Client().send(new ListObjectsV2Command({ Bucket }));
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    await s3Client().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
};

/** Buckets of their own, empty. */
export const openBuckets = async (count: number): Promise<BucketsUnderTest> => {
  const names = Array.from({ length: count }, () => `chasqui-${randomUUID()}`);
  for (const Bucket of names) await s3Client().send(new CreateBucketCommand({ Bucket }));
  return {
    names,
    close: async () => {
      for (const Bucket of names) {
        await empty(Bucket);
        await s3Client().send(new DeleteBucketCommand({ Bucket }));
      }
    },
  };
};
