import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createListener } from '../../functions/local/listener.ts';
import { createDynamoGroupStore } from '../../shared/adapters/dynamodb/dynamo-group-store.ts';
import { createDynamoKeyStore } from '../../shared/adapters/dynamodb/dynamo-key-store.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoTenantRegistry } from '../../shared/adapters/dynamodb/dynamo-tenant-registry.ts';
import { createDynamoTopicRegistry } from '../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import { createPollingCommitSignal } from '../../shared/adapters/polling/polling-commit-signal.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { GroupCommit } from '../../shared/log/group-commit.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { systemRandom } from '../../shared/runtime/system-random.ts';
import { CHAOS_SESSION_MS, groupChaos } from '../faults/group-chaos.ts';
import { makeKey, makeTenant } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { memoryService, OPERATOR_KEY } from '../support/memory-service.ts';
import { type Aws, openAws } from './log-on-aws.ts';

const MIB = 1024 * 1024;
const GROUP_COMMIT = {
  maxPendingBytes: 64 * MIB,
  maxPendingRequests: 1000,
  flushBytes: 4 * MIB,
  commitTimeoutMs: 10_000,
};

/** A server that shares nothing with another one but the table and the bucket. */
const startInstance = async ({ table, blobs }: Aws): Promise<{ url: string; server: Server }> => {
  const ports = {
    clock: systemClock,
    random: systemRandom,
    offsets: createDynamoOffsetStore(table),
    blobs,
    topics: createDynamoTopicRegistry(table),
    tenants: createDynamoTenantRegistry(table),
    keys: createDynamoKeyStore(table),
    groups: createDynamoGroupStore(table),
    signal: createPollingCommitSignal(systemClock),
  };
  const cache = new BatchCache(blobs, 8 * MIB, new BufferPool(8 * MIB));
  const service = memoryService({ ...ports, groupCommit: new GroupCommit(ports, GROUP_COMMIT), cache });
  const server = createServer(createListener(service));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};

it('a group loses and misplaces nothing where every request goes to either of two instances', {
  timeout: 120_000,
}, async () => {
  const aws = await openAws('DynamoDB Local');
  const instances = await Promise.all([startInstance(aws), startInstance(aws)]);
  const https = instances.map(({ url }) => new Http(url));
  try {
    const operator = https[0]!.as(OPERATOR_KEY);
    const { key } = await makeKey(operator, await makeTenant(operator));
    const callers = https.map((http) => http.as(key));
    const report = await groupChaos({ instances: callers, durationMs: 15_000, seed: 20_010_331 });
    expect(report.faults, JSON.stringify(report)).toEqual([]);
    expect(report.missing).toEqual([]);
    expect(report.kills).toBeGreaterThan(0);
    expect(report.balancedAfterMs).toBeLessThan(CHAOS_SESSION_MS + 500);
  } finally {
    for (const http of https) http.close();
    for (const { server } of instances) {
      server.closeAllConnections();
      server.close();
    }
    await aws.close();
  }
});
