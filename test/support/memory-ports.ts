import { createMemoryBlobStore } from '../../shared/adapters/memory/memory-blob-store.ts';
import { createMemoryCommitSignal } from '../../shared/adapters/memory/memory-commit-signal.ts';
import { createMemoryGroupStore } from '../../shared/adapters/memory/memory-group-store.ts';
import { createMemoryKeyStore } from '../../shared/adapters/memory/memory-key-store.ts';
import { createMemoryOffsetStore } from '../../shared/adapters/memory/memory-offset-store.ts';
import { MemorySubscriptionStore } from '../../shared/adapters/memory/memory-subscription-store.ts';
import { createMemoryTenantRegistry } from '../../shared/adapters/memory/memory-tenant-registry.ts';
import { createMemoryTopicRegistry } from '../../shared/adapters/memory/memory-topic-registry.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface MemoryPorts extends Ports {
  readonly clock: FakeClock;
}

/** A whole world in memory, its time moved by hand and its randomness seeded. */
export const memoryPorts = (seed?: number): MemoryPorts => {
  const clock = createFakeClock();
  return {
    clock,
    random: createSeededRandom(seed),
    offsets: createMemoryOffsetStore(),
    blobs: createMemoryBlobStore(),
    topics: createMemoryTopicRegistry(),
    tenants: createMemoryTenantRegistry(),
    keys: createMemoryKeyStore(),
    groups: createMemoryGroupStore(),
    subscriptions: new MemorySubscriptionStore(),
    signal: createMemoryCommitSignal(clock),
    deployment: { zones: 1, replicationFactor: 1 },
  };
};
