import type { BlobStore } from '../../ports/blob-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GroupStore } from '../../ports/group-store.ts';
import type { KeyStore } from '../../ports/key-store.ts';
import type { OffsetStore } from '../../ports/offset-store.ts';
import type { SubscriptionStore } from '../../ports/subscription-store.ts';
import type { TenantRegistry } from '../../ports/tenant-registry.ts';
import type { TopicRegistry } from '../../ports/topic-registry.ts';
import { createEmbeddedBlobStore } from './embedded-blob-store.ts';
import { createEmbeddedOffsetStore } from './embedded-offset-store.ts';
import type { Files } from './files/files.ts';
import { nodeFiles } from './files/node-files.ts';
import { type DataFolder, inspectFolder, makeFolder, makeSubfolders, writeVersion } from './folder/data-folder.ts';
import { lockFolder } from './folder/folder-lock.ts';
import { IndexChecksum } from './folder/index-checksum.ts';
import { Checkpoint } from './index/checkpoint.ts';
import { type CheckpointRules, CheckpointSchedule } from './index/checkpoint-schedule.ts';
import { Claims } from './index/claims.ts';
import { BlobReader } from './journal/blob-reader.ts';
import { GroupQueue } from './journal/group-queue.ts';
import { Journal } from './journal/journal.ts';
import type { TornTail } from './journal/replay.ts';
import { recoverIndex } from './recover-index.ts';
import { ConditionalWrites } from './registry/conditional-writes.ts';
import { createEmbeddedGroupStore } from './registry/embedded-group-store.ts';
import { createEmbeddedKeyStore } from './registry/embedded-key-store.ts';
import { EmbeddedSubscriptionStore } from './registry/embedded-subscription-store.ts';
import { createEmbeddedTenantRegistry } from './registry/embedded-tenant-registry.ts';
import { createEmbeddedTopicRegistry } from './registry/embedded-topic-registry.ts';
import { Serial } from './registry/serial.ts';
import { SharedWrites } from './registry/shared-writes.ts';

const MIB = 1024 * 1024;
const ROLL_BYTES = 64 * MIB;
const RULES: CheckpointRules = { maxJournalBytes: 32 * MIB, maxPendingSegments: 1024, idleMs: 1000, maxAgeMs: 5000 };

export interface EmbeddedOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Told of a checkpoint that failed and will be tried again. */
  readonly onBackgroundError?: (error: unknown) => void;
  /** Told of what a crash cut short, before it is thrown away. */
  readonly onTorn?: (torn: TornTail) => void;
  /** For tests: other file calls, smaller journal files, checkpoints at other times. */
  readonly files?: Files;
  readonly rollBytes?: number;
  readonly checkpoints?: Partial<CheckpointRules>;
}

export interface EmbeddedStores {
  readonly offsets: OffsetStore;
  readonly blobs: BlobStore;
  readonly topics: TopicRegistry;
  readonly tenants: TenantRegistry;
  readonly keys: KeyStore;
  readonly groups: GroupStore;
  readonly subscriptions: SubscriptionStore;
  /** Finishes what is under way, stores a checkpoint, gives the folder free. Calls that come later are refused. */
  close(): Promise<void>;
}

/**
 * Opens a data folder, or makes it. Everything a write resolved is in it, whatever happens to the process.
 * @throws {DataFolderError} with one clear line, when the folder does not open; nothing in it was changed then.
 */
export const openEmbeddedStores = async (options: EmbeddedOptions): Promise<EmbeddedStores> => {
  makeFolder(options.folder);
  const lock = await lockFolder(options.folder);
  try {
    const stores = await openLocked(options, inspectFolder(options.folder));
    return { ...stores, close: () => stores.close().finally(lock.release) };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

const openLocked = async (options: EmbeddedOptions, folder: DataFolder): Promise<EmbeddedStores> => {
  const { clock, files = nodeFiles, rollBytes = ROLL_BYTES, onBackgroundError: onError = () => undefined } = options;
  makeSubfolders(folder);
  const checksum = new IndexChecksum(folder, clock);
  if (!folder.isNew) await checksum.check();
  // Opening may change the file too. When it fails there is no `end`, and so no checksum over what was found damaged.
  await checksum.begin();
  const { state, lastFile } = await recoverIndex(files, folder, checksum, options.onTorn);
  checksum.end();
  if (!folder.isCurrent) await writeVersion(folder);
  const { tables } = state;
  const claims = new Claims(state);
  const checkpoint = new Checkpoint(state, claims);
  const rules = { ...RULES, ...options.checkpoints };
  const schedule = new CheckpointSchedule({ checkpoint, state, clock, rules, onError });
  const { sequence } = state.position;
  const journal = new Journal({ files, folder: folder.journal, rollBytes, nextFile: lastFile + 1, sequence });
  const queue = new GroupQueue(journal, state, schedule);
  const reader = new BlobReader(files, folder.journal);
  const serial = new Serial();
  const writes = new ConditionalWrites(tables);
  const shared = new SharedWrites(tables);
  schedule.noteWrite();
  return {
    offsets: createEmbeddedOffsetStore({ queue, state, claims }),
    blobs: createEmbeddedBlobStore({ queue, reader, state }),
    topics: createEmbeddedTopicRegistry(tables, serial),
    tenants: createEmbeddedTenantRegistry(tables, serial),
    keys: createEmbeddedKeyStore(tables, serial),
    groups: createEmbeddedGroupStore(tables, writes),
    subscriptions: new EmbeddedSubscriptionStore(tables, serial, shared),
    close: async () => {
      const steps = [
        () => queue.close(),
        () => serial.idle(),
        () => writes.idle(),
        () => shared.idle(),
        () => reader.close(),
        () => schedule.close(),
        () => tables.close(),
      ];
      const failures = await failuresOf(steps);
      // A checksum over an index that did not close well would say that it is sound.
      const last = failures.length > 0 ? [] : await failuresOf([() => checksum.close()]);
      for (const failure of [...failures, ...last]) onError(failure);
    },
  };
};

/** Does every step, one after another. Everything acknowledged is durable already, so none that fails keeps the others from being done. */
const failuresOf = async (steps: readonly (() => Promise<void>)[]): Promise<unknown[]> => {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  return failures;
};
