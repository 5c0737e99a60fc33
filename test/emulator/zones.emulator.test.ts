import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobRef } from '../../shared/ports/blob-store.ts';
import { ACME, readWholeIndex } from '../support/index-fixtures.ts';
import { type Aws, type LogOnAws, openAws } from './log-on-aws.ts';
import { s3Client } from './s3-under-test.ts';

const LARGE = 'x'.repeat(5000);

describe('zones of S3', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('DynamoDB Local', 3);
  });
  afterAll(() => aws.close());

  const keysIn = async (Bucket: string): Promise<string[]> => {
    const { Contents = [] } = await s3Client().send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key }) => Key!);
  };
  const blobsOf = async (log: LogOnAws): Promise<BlobRef[]> => {
    const index = await readWholeIndex(aws.offsets, { topicId: log.topic.id, partition: 0 });
    return index.map(([, { blob }]) => blob);
  };
  const copiesOf = async (blobs: readonly BlobRef[]): Promise<number[]> => {
    const held = await Promise.all(aws.buckets.map(async (bucket) => new Set(await keysIn(bucket))));
    return blobs.map(({ id }) => held.filter((keys) => keys.has(`${ACME}/${id}`)).length);
  };

  it('lose nothing and stop nothing when one is down; repair ends with three copies of everything', async () => {
    const log = await aws.openLog();
    const writer = async (name: string): Promise<void> => {
      const mine = aws.again(log);
      for (let at = 0; at < 6; at += 1) {
        if (name === 'a' && at === 2) aws.wire.downBuckets.add(aws.buckets[1]!);
        await mine.produce([[0, `${name}/${at}/${LARGE}`]]);
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(writer));
    const whileDown = await aws.again(log).fetch(0, { kind: 'earliest' });
    expect(whileDown.records).toHaveLength(24);
    aws.wire.downBuckets.clear();
    const blobs = await blobsOf(log);
    expect((await copiesOf(blobs)).filter((copies) => copies < 3).length).toBeGreaterThan(10);
    for (const blob of blobs) expect(await aws.zonal.repair(ACME, blob, 3)).toMatchObject({ copies: 3 });
    expect(await copiesOf(blobs)).toEqual(blobs.map(() => 3));
    aws.wire.downBuckets.add(aws.buckets[0]!).add(aws.buckets[2]!);
    expect((await aws.again(log).fetch(0, { kind: 'earliest' })).records).toEqual(whileDown.records);
    aws.wire.downBuckets.clear();
  });

  it('fall back to the table when two are down, and refuse what does not fit it', async () => {
    const log = await aws.openLog();
    await log.produce([[0, LARGE]]);
    for (const at of [0, 1]) aws.wire.downBuckets.add(aws.buckets[at]!);
    await log.produce([[0, `small enough ${LARGE}`]]);
    const refused = log.produce([[0, 'x'.repeat(500_000)]]);
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none', retryable: true });
    const { records, highWatermark } = await log.fetch(0, { kind: 'offset', offset: 1 });
    expect([records.length, highWatermark]).toEqual([1, 2]);
    expect((await blobsOf(log)).map(({ kind }) => kind)).toEqual(['zonal', 'inline']);
    aws.wire.downBuckets.clear();
  });

  it('are sorted by tenant', async () => {
    for (const bucket of aws.buckets) {
      for (const key of await keysIn(bucket)) expect(key.startsWith(`${ACME}/`)).toBe(true);
    }
  });
});
