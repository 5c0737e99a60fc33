import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionForKey } from '../../../shared/log/partitioner.ts';
import { check } from '../../support/check.ts';
import { kafkajsPartition } from '../../support/kafkajs.ts';

describe('partitionForKey', () => {
  it('puts a key where a Kafka client would', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 1024 }), (key, partitions) => {
        expect(partitionForKey(key, partitions)).toBe(kafkajsPartition(Buffer.from(key), partitions));
      }),
    );
  });

  it('takes an empty key for a key', () => {
    expect(partitionForKey(Buffer.alloc(0), 1000)).toBe(kafkajsPartition(Buffer.alloc(0), 1000));
  });
});
