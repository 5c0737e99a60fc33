import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoKeyStore } from '../../shared/adapters/dynamodb/dynamo-key-store.ts';
import { createDynamoTenantRegistry } from '../../shared/adapters/dynamodb/dynamo-tenant-registry.ts';
import { createDynamoTopicRegistry } from '../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import type { EdgeEnv } from '../../shared/http/edge-request.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { GroupCommit } from '../../shared/log/group-commit.ts';
import { SEAL } from '../../shared/ports/offset-store.ts';
import { Remembered } from '../../shared/runtime/aws-remembered.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { systemRandom } from '../../shared/runtime/system-random.ts';
import { ask, keyFor, memoryService, wholeApp } from '../support/memory-service.ts';
import { type Aws, openAws } from './log-on-aws.ts';

const OPTIONS = { maxPendingBytes: 1e8, maxPendingRequests: 1000, flushBytes: 1e6, commitTimeoutMs: 5000 };

/** Every function in one process, with keys and topics remembered as a function remembers them. */
const openFunctions = ({ table, offsets, blobs, signal }: Aws, zones: number) => {
  const remembered = new Remembered(systemClock);
  const world = { clock: systemClock, random: systemRandom, offsets, blobs, signal };
  const groupCommit = new GroupCommit(world, OPTIONS);
  const service = memoryService({
    ...world,
    topics: remembered.topics(createDynamoTopicRegistry(table)),
    tenants: createDynamoTenantRegistry(table),
    keys: remembered.keys(createDynamoKeyStore(table)),
    deployment: { zones: Math.max(zones, 1), replicationFactor: Math.max(zones, 1) },
    groupCommit,
    cache: new BatchCache(blobs, 1e6, new BufferPool(1e6)),
  });
  return { app: wholeApp(service), groupCommit };
};

describe.each([0, 3])('what a request with a warm key sends, with %i zones', (zones) => {
  let aws: Aws;
  let app: Hono<EdgeEnv>;
  let groupCommit: GroupCommit;
  let key: string;

  beforeAll(async () => {
    aws = await openAws('DynamoDB Local', zones);
    ({ app, groupCommit } = openFunctions(aws, zones));
    ({ key } = await keyFor(app, 'acme'));
  });
  afterAll(() => aws.close());

  const records = (topic: string) => `/v1/topics/${topic}/records`;
  const must = async (method: string, path: string, json?: unknown): Promise<void> => {
    const answer = await ask(app, method, path, { key, ...(json === undefined ? {} : { json }) });
    if (answer.status >= 300) throw new Error(await answer.text());
    await answer.text();
  };
  const warmTopic = async (topic: string): Promise<void> => {
    await must('PUT', `/v1/topics/${topic}`, {});
    await must('POST', records(topic), { records: [{ value: 'warm' }] });
  };
  const countOf = async (perform: () => Promise<unknown>): Promise<Record<string, number>> => {
    aws.wire.start();
    await perform();
    // The copy that nobody waited for.
    await new Promise((resolve) => setTimeout(resolve, 30));
    return aws.wire.counts();
  };

  it('inline: 2 calls and never a read', async () => {
    await warmTopic('small');
    const small = () => must('POST', records('small'), { records: [{ value: 'v' }, { value: 'w' }] });
    expect(await countOf(small)).toEqual({ PutItem: 1, UpdateItem: 1 });
  });

  it('large: one PutObject a copy, 1 UpdateItem and never a read', async () => {
    await warmTopic('large');
    const large = () => must('POST', records('large'), { records: [{ value: 'x'.repeat(9000) }] });
    expect(await countOf(large)).toEqual({ PutObject: Math.max(zones, 1), UpdateItem: 1 });
  });

  it('one commit in 32 pays for one transaction more', async () => {
    await warmTopic('sealed');
    const commits = async () => {
      for (let at = 0; at < 2 * SEAL; at += 1) await must('POST', records('sealed'), { records: [{ value: at }] });
      await groupCommit.idle();
    };
    expect(await countOf(commits)).toEqual({ PutItem: 2 * SEAL, UpdateItem: 2 * SEAL, TransactWriteItems: 2 });
  });

  it('fetch at the tail: 1 read of the index and 1 for each blob that is not cached', async () => {
    await warmTopic('tail');
    for (const value of ['small', 'x'.repeat(9000), 'y'.repeat(9000)])
      await must('POST', records('tail'), { records: [{ value }] });
    const fetch = (offset: number) => () => must('GET', `/v1/topics/tail/partitions/0/records?offset=${offset}`);
    expect(await countOf(fetch(1))).toEqual({ Query: 1, GetItem: 1, GetObject: 2 });
    expect(await countOf(fetch(1))).toEqual({ Query: 1 });
    expect(await countOf(fetch(4))).toEqual({ Query: 1 });
  });
});
