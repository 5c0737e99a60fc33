import { describe, expect, it } from 'vitest';
import { createInlineBlobStore, INLINE_BYTES } from '../../../../shared/adapters/dynamodb/inline-blob-store.ts';
import { createPlacedBlobStore } from '../../../../shared/adapters/placement/placed-blob-store.ts';
import { createStandardBlobStore } from '../../../../shared/adapters/placement/standard-blob-store.ts';
import { createZonalBlobStore } from '../../../../shared/adapters/placement/zonal-blob-store.ts';
import { createS3Bucket } from '../../../../shared/adapters/s3/s3-bucket.ts';
import { describeBlobStore } from '../../../contracts/blob-store.contract.ts';
import { DYNAMODBS, openTable } from '../../../emulator/dynamo-under-test.ts';
import { openBuckets, s3Client } from '../../../emulator/s3-under-test.ts';
import { ACME } from '../../../support/index-fixtures.ts';

for (const { name } of DYNAMODBS) {
  describeBlobStore(`${name} and S3`, async () => {
    const [table, buckets] = [await openTable(name), await openBuckets(1)];
    const bucket = createS3Bucket({ client: s3Client(), bucket: buckets.names[0]! });
    const standard = createStandardBlobStore({ ...table, bucket });
    const stores = { inline: createInlineBlobStore(table), standard };
    const options = { stores, clock: table.clock, inlineLimitBytes: INLINE_BYTES };
    return {
      store: createPlacedBlobStore(options),
      close: async () => {
        await Promise.all([table.close(), buckets.close()]);
      },
    };
  });
}

describeBlobStore('three buckets of S3', async () => {
  const [table, buckets] = [await openTable('MiniStack'), await openBuckets(3)];
  const zones = buckets.names.map((bucket) => createS3Bucket({ client: s3Client(), bucket }));
  const { clock, random } = table;
  return {
    store: createZonalBlobStore({ zones, clock, random, replication: { copies: 3, quorum: 2 } }),
    close: async () => {
      await Promise.all([table.close(), buckets.close()]);
    },
  };
});

describe('the largest inline blob', () => {
  for (const { name } of DYNAMODBS) {
    it(`fits an item of ${name}`, async () => {
      const table = await openTable(name);
      const store = createInlineBlobStore(table);
      const blob = await store.put('a'.repeat(128) as typeof ACME, [new Uint8Array(INLINE_BYTES)]);
      const slice = { blob, position: INLINE_BYTES - 1, length: 1 };
      expect(await store.read('a'.repeat(128) as typeof ACME, [slice])).toHaveLength(1);
      await expect(store.put(ACME, [new Uint8Array(INLINE_BYTES + 1)])).rejects.toThrow(RangeError);
      await table.close();
    });
  }
});

describe('a bucket of S3', () => {
  it('never changes an object, and takes the same one twice', async () => {
    const buckets = await openBuckets(1);
    const bucket = createS3Bucket({ client: s3Client(), bucket: buckets.names[0]! });
    await bucket.put('acme/one', Buffer.from('hello'));
    await bucket.put('acme/one', Buffer.from('other'));
    expect(Buffer.from((await bucket.get('acme/one'))!).toString()).toBe('hello');
    expect([await bucket.size('acme/one'), await bucket.size('acme/two')]).toEqual([5, undefined]);
    await buckets.close();
  });

  it('tells a bucket that is not there from an object that is not there', async () => {
    const bucket = createS3Bucket({ client: s3Client(), bucket: 'chasqui-no-such-bucket' });
    await expect(bucket.get('acme/one')).rejects.toThrow();
    await expect(bucket.put('acme/one', Buffer.from('hello'))).rejects.toThrow();
  });
});
