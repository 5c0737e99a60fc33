import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { NAME, page, TIME, TOPIC_NAME } from './name.ts';
import { integer, MAX_INTEGER } from './number.ts';

const TOPICS_RULE = { error: `must be a list of 1 to ${LIMITS.topicsPerMember} topic names` };
const GENERATION = integer(1, MAX_INTEGER);
const PARTITION = integer(0, LIMITS.partitionsPerTopic - 1);
const OFFSET = integer(0, MAX_INTEGER);
const OFFSETS_RULE = { error: `must be a list of at most ${LIMITS.partitionsPerTopic * 16} offsets` };

/** Defaults are put in by the handler: `null` means the same as absent. */
export const GROUP_POLL = z
  .strictObject({
    topics: z.array(TOPIC_NAME, TOPICS_RULE).min(1, TOPICS_RULE).max(LIMITS.topicsPerMember, TOPICS_RULE),
    cursor: z.string({ error: 'must be the cursor of the answer before' }).nullish(),
    limit: integer(1, LIMITS.fetchRecords).nullish(),
    maxBytes: integer(1, LIMITS.fetchBytes).nullish(),
    waitMs: integer(0, LIMITS.waitMs).nullish(),
    autoCommit: z.boolean({ error: 'must be true or false' }).nullish(),
    sessionTimeoutMs: integer(LIMITS.sessionTimeoutMinMs, LIMITS.sessionTimeoutMs).nullish(),
    from: z.enum(['earliest', 'latest'], { error: 'must be earliest or latest' }).nullish(),
  })
  .meta({ id: 'GroupPoll' });

const COMMITTED = z.strictObject({ topic: TOPIC_NAME, partition: PARTITION, offset: OFFSET });

export const GROUP_COMMIT = z
  .strictObject({
    generation: GENERATION,
    offsets: z.array(COMMITTED, OFFSETS_RULE).max(LIMITS.partitionsPerTopic * 16, OFFSETS_RULE),
  })
  .meta({ id: 'GroupCommit' });

export const GROUP_HEARTBEAT = z.strictObject({ generation: GENERATION }).meta({ id: 'GroupHeartbeat' });

const TARGET_RULE = { error: 'must be "earliest", "latest", {"timestamp": ms} or {"offset": n}' };
const PARTITIONS_RULE = { error: `must be a list of 1 to ${LIMITS.partitionsPerTopic} partitions` };

export const GROUP_SEEK = z
  .strictObject({
    topic: TOPIC_NAME,
    partitions: z
      .array(PARTITION, PARTITIONS_RULE)
      .min(1, PARTITIONS_RULE)
      .max(LIMITS.partitionsPerTopic, PARTITIONS_RULE)
      .nullish(),
    to: z.union(
      [
        z.enum(['earliest', 'latest']),
        z.strictObject({ timestamp: integer(0, LIMITS.timestampMs) }),
        z.strictObject({ offset: OFFSET }),
      ],
      TARGET_RULE,
    ),
    dryRun: z.boolean({ error: 'must be true or false' }).nullish(),
  })
  .meta({ id: 'GroupSeek' });

const PLACE = z.strictObject({ topic: z.string(), partition: z.int() });
const SKIPPED = z.strictObject({ topic: z.string(), partition: z.int(), from: z.int(), to: z.int() });

export const GROUP_POLLED = z
  .strictObject({
    generation: z.int(),
    assignment: z.array(PLACE),
    revoking: z.array(PLACE),
    records: z.array(z.looseObject({ topic: z.string(), partition: z.int(), offset: z.int(), timestamp: z.int() })),
    cursor: z.string(),
    skipped: z.array(SKIPPED).optional(),
  })
  .meta({ id: 'GroupPolled' });

export const GROUP_COMMITTED = z.strictObject({ offsets: z.array(COMMITTED) }).meta({ id: 'GroupCommitted' });

export const GROUP_PAGE = page(z.strictObject({ group: NAME })).meta({ id: 'GroupPage' });

export const GROUP = z
  .strictObject({
    group: NAME,
    members: z.array(
      z.strictObject({
        member: NAME,
        generation: z.int(),
        topics: z.array(z.string()),
        assignment: z.array(PLACE),
        expiresAt: TIME,
      }),
    ),
    partitions: z.array(
      z.strictObject({
        topic: z.string(),
        partition: z.int(),
        owner: z.string().nullable(),
        committedOffset: z.int().nullable(),
        logStartOffset: z.int(),
        highWatermark: z.int(),
        lag: z.int(),
      }),
    ),
    lag: z.int(),
  })
  .meta({ id: 'Group' });

export const GROUP_SOUGHT = z
  .strictObject({
    offsets: z.array(z.strictObject({ topic: z.string(), partition: z.int(), from: z.int().nullable(), to: z.int() })),
    dryRun: z.boolean(),
  })
  .meta({ id: 'GroupSought' });
