import { DataFolderError } from '../adapters/embedded/folder/data-folder-error.ts';
import type { TornTail } from '../adapters/embedded/journal/replay.ts';
import { type EmbeddedStores, openEmbeddedStores } from '../adapters/embedded/open-embedded-stores.ts';
import { createMemoryCommitSignal } from '../adapters/memory/memory-commit-signal.ts';
import { createAesVault } from '../adapters/secrets/aes-vault.ts';
import { createWebhookSender } from '../adapters/webhook/webhook-sender.ts';
import { cachedKeyStore } from '../adapters/wrap/cached-key-store.ts';
import { cachedTopicRegistry } from '../adapters/wrap/cached-topic-registry.ts';
import { watchedSubscriptionStore } from '../adapters/wrap/watched-subscription-store.ts';
import { Dispatcher } from '../delivery/dispatcher.ts';
import type { PushPorts } from '../delivery/push-ports.ts';
import { ReadAhead } from '../delivery/read-ahead.ts';
import { BufferPool } from '../lib/buffer-pool.ts';
import { BatchCache } from '../log/batch-cache.ts';
import { GroupCommit } from '../log/group-commit.ts';
import { RenderedEntries } from '../log/rendered-entries.ts';
import type { BlobRepair } from '../ports/blob-repair.ts';
import type { Log } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';
import type { SubscriptionStore } from '../ports/subscription-store.ts';
import { RetentionLoop } from '../tenancy/retention-loop.ts';
import type { Config } from './config.ts';
import { type EmbeddedBlobs, openZones, type ZoneSettings } from './embedded-zones.ts';
import { StartError } from './start-error.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { keptVaultKey } from './vault-key.ts';

const MIB = 1024 * 1024;

/** A revoked key is dead within a second (contract section 2); this process's own revocations are seen at once. */
const KEY_CACHE = { maxAgeMs: 1000, maxEntries: 10_000 };
const TOPIC_CACHE = { maxAgeMs: 1000, maxEntries: 10_000 };
/** Of batches as they are stored, for whoever reads them in several ways: groups, streams and webhooks, which are mostly near the end. */
const BATCH_CACHE_BYTES = 16 * MIB;
/** Of what fetches have rendered, for those that come next. */
const RENDERED_BYTES = 64 * MIB;
/** Of records that wait for endpoints. */
const READ_AHEAD_BYTES = 32 * MIB;
/** Of warm memory that nobody uses. */
const POOL_BYTES = 24 * MIB;
const GROUP_COMMIT = {
  maxPendingBytes: 64 * MIB,
  maxPendingRequests: 10_000,
  flushBytes: 4 * MIB,
  commitTimeoutMs: 10_000,
};

/** The embedded world: the ports of one process, and what it shares between requests. */
export interface Embedded {
  readonly ports: Ports;
  readonly groupCommit: GroupCommit;
  readonly cache: BatchCache;
  readonly rendered: RenderedEntries;
  readonly pool: BufferPool;
  readonly repairs: BlobRepair;
  readonly push: PushPorts;
  readonly dispatcher: Dispatcher;
  readonly retention: RetentionLoop;
  /** Finishes what is under way and gives the folder free. */
  close(): Promise<void>;
}

const openStores = async (folder: string, log: Log): Promise<EmbeddedStores> => {
  const onBackgroundError = (error: unknown): void => log.write('error', 'checkpoint failed', { error });
  const onTorn = ({ place, bytes }: TornTail): void => log.write('warn', 'torn write cut off', { place, bytes });
  try {
    return await openEmbeddedStores({ folder, clock: systemClock, onBackgroundError, onTorn });
  } catch (error) {
    if (error instanceof DataFolderError) throw new StartError(error.message, { cause: error });
    throw error;
  }
};

const portsOf = (
  stores: EmbeddedStores,
  { blobs, deployment }: EmbeddedBlobs,
  subscriptions: SubscriptionStore,
): Ports => ({
  subscriptions,
  clock: systemClock,
  random: systemRandom,
  offsets: stores.offsets,
  blobs,
  topics: cachedTopicRegistry(stores.topics, systemClock, TOPIC_CACHE),
  tenants: stores.tenants,
  groups: stores.groups,
  keys: cachedKeyStore(stores.keys, systemClock, KEY_CACHE),
  signal: createMemoryCommitSignal(systemClock),
  deployment,
});

/** @throws {StartError} when the data folder does not open */
export const openEmbedded = async (
  settings: ZoneSettings & Pick<Config, 'allowPrivateEndpoints'>,
  log: Log,
): Promise<Embedded> => {
  const stores = await openStores(settings.dataFolder, log);
  const placed = await openZones(stores.blobs, settings, log).catch(async (error) => {
    await stores.close();
    throw error;
  });
  const subscriptions = watchedSubscriptionStore(stores.subscriptions, (tenant, id) => dispatcher.changed(tenant, id));
  const ports = portsOf(stores, placed, subscriptions);
  const pool = new BufferPool(POOL_BYTES);
  const groupCommit = new GroupCommit(ports, { ...GROUP_COMMIT, pool });
  const cache = new BatchCache(placed.blobs, BATCH_CACHE_BYTES, pool);
  const push: PushPorts = {
    ...ports,
    groupCommit,
    cache,
    readAhead: new ReadAhead(READ_AHEAD_BYTES),
    log,
    webhooks: createWebhookSender({ allowPrivate: settings.allowPrivateEndpoints }),
    vault: createAesVault(await keptVaultKey(settings.dataFolder, systemRandom), systemRandom),
  };
  const dispatcher = new Dispatcher(push);
  const retention = new RetentionLoop({ ...ports, log, knownSince: systemClock.now() });
  return {
    ports,
    groupCommit,
    cache,
    push,
    dispatcher,
    retention,
    pool,
    rendered: new RenderedEntries(RENDERED_BYTES, pool),
    repairs: placed.repairs,
    close: async () => {
      await Promise.all([dispatcher.stop(), retention.stop()]);
      await groupCommit.idle();
      await stores.close();
    },
  };
};
