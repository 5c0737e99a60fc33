import type { BlobStore } from './blob-store.ts';
import type { Clock } from './clock.ts';
import type { CommitSignal } from './commit-signal.ts';
import type { Deployment } from './deployment.ts';
import type { GroupStore } from './group-store.ts';
import type { KeyStore } from './key-store.ts';
import type { OffsetStore } from './offset-store.ts';
import type { Random } from './random.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import type { TenantRegistry } from './tenant-registry.ts';
import type { TopicRegistry } from './topic-registry.ts';

/** Everything the domain needs of the world. Travels as a plain object, first argument, narrowed by `Pick`. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly offsets: OffsetStore;
  readonly blobs: BlobStore;
  readonly topics: TopicRegistry;
  readonly tenants: TenantRegistry;
  readonly keys: KeyStore;
  readonly groups: GroupStore;
  readonly subscriptions: SubscriptionStore;
  readonly signal: CommitSignal;
  readonly deployment: Deployment;
}
