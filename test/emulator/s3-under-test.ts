import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  S3Client,
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

let administrator: S3Client | undefined;

/** Makes, empties and deletes buckets, with the SDK's own retries: the emulator closes connections that have been idle for long. */
const admin = (): S3Client => {
  const endpoint = inject('awsEndpoint');
  administrator ??= new S3Client({ ...ACCESS, endpoint, forcePathStyle: true, maxAttempts: 5 });
  return administrator;
};

export interface BucketsUnderTest {
  readonly names: readonly string[];
  close(): Promise<void>;
}

const empty = async (Bucket: string): Promise<void> => {
  for (;;) {
    const { Contents = [] } = await admin().send(new ListObjectsV2Command({ Bucket }));
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    await admin().send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
};

/** Buckets of their own, empty. */
export const openBuckets = async (count: number): Promise<BucketsUnderTest> => {
  const names = Array.from({ length: count }, () => `chasqui-${randomUUID()}`);
  for (const Bucket of names) await admin().send(new CreateBucketCommand({ Bucket }));
  return {
    names,
    close: async () => {
      for (const Bucket of names) {
        await empty(Bucket);
        await admin().send(new DeleteBucketCommand({ Bucket }));
      }
    },
  };
};
