import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { NAME, page, TIME } from './name.ts';
import { boundOrNone, integer, MAX_INTEGER } from './number.ts';

const CLEANUP_RULE = { error: 'must be "delete" or "compact"' };

/** Body of PUT and PATCH. A field left out takes its default when created and stays as it is when updated. */
export const TOPIC_SETTINGS = z
  .strictObject({
    partitions: integer(1, LIMITS.partitionsPerTopic).nullish(),
    retentionMs: boundOrNone(1).nullish(),
    retentionBytes: boundOrNone(1).nullish(),
    cleanupPolicy: z.enum(['delete', 'compact'], CLEANUP_RULE).nullish(),
    replicationFactor: integer(1, LIMITS.copiesPerTopic).nullish(),
    writeQuorum: integer(1, LIMITS.copiesPerTopic).nullish(),
  })
  .meta({ id: 'TopicSettings' });

export const TOPIC = z
  .strictObject({
    name: NAME,
    id: z.uuid(),
    partitions: z.int(),
    retentionMs: z.int(),
    retentionBytes: z.int(),
    cleanupPolicy: z.enum(['delete', 'compact']),
    replicationFactor: z.int(),
    writeQuorum: z.int(),
    createdAt: TIME,
  })
  .meta({ id: 'Topic' });

export const TOPIC_PAGE = page(TOPIC).meta({ id: 'TopicPage' });

export const PARTITION_LIST = z
  .strictObject({
    data: z.array(
      z.strictObject({
        partition: z.int(),
        logStartOffset: z.int(),
        highWatermark: z.int(),
        retainedBytes: z.int(),
      }),
    ),
  })
  .meta({ id: 'PartitionList' });

export const LOG_START = z.strictObject({ logStartOffset: integer(0, MAX_INTEGER) }).meta({ id: 'LogStart' });
