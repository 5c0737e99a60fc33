import { expect, it } from 'vitest';
import { createMemoryBlobStore } from '../../../shared/adapters/memory/memory-blob-store.ts';
import { BufferPool } from '../../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../../shared/log/batch-cache.ts';
import { GroupCommit } from '../../../shared/log/group-commit.ts';
import { memoryPorts } from '../../support/memory-ports.ts';
import { PushWorld } from '../../support/push-world.ts';

const SUBSCRIPTIONS = 200;
const BATCHES = 5;
const MIB = 1024 * 1024;

it('reads each batch once from the store, however many subscriptions there are', async () => {
  const ports = memoryPorts();
  const blobs = createMemoryBlobStore();
  let reads = 0;
  const counting: typeof blobs = {
    ...blobs,
    read: (tenant, slices, allocate) => {
      reads += slices.length;
      return blobs.read(tenant, slices, allocate);
    },
  };
  const options = { maxPendingBytes: MIB, maxPendingRequests: 100, flushBytes: MIB, commitTimeoutMs: 1000 };
  const world = new PushWorld({
    ...ports,
    blobs: counting,
    groupCommit: new GroupCommit({ ...ports, blobs: counting }, options),
    cache: new BatchCache(counting, 8 * MIB, new BufferPool(MIB)),
  });
  await world.topic('orders');
  for (let n = 0; n < SUBSCRIPTIONS; n++) {
    await world.subscribe(`push-${n}`, { topic: 'orders', endpoint: { url: `https://hooks.example.com/${n}` } });
  }
  await world.work();
  await world.clock.advance(10);
  for (let n = 1; n <= BATCHES; n++) {
    await world.send('orders', [{ key: 'k', value: n }]);
    await world.until(() => world.endpoints.requests.length === n * SUBSCRIPTIONS, 1);
  }
  expect(reads).toBe(BATCHES);
  await world.stop();
});
