import { ChasquiError } from '../../shared/contract/errors.ts';
import type { TopicId } from '../../shared/contract/ids.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { fetchPartition } from '../../shared/log/fetch-partition.ts';
import { GroupCommit } from '../../shared/log/group-commit.ts';
import { type ProduceResult, placeNow, produce } from '../../shared/log/produce.ts';
import { produceOnce } from '../../shared/log/produce-once.ts';
import type { Start } from '../../shared/log/start-offset.ts';
import type { BlobStore } from '../../shared/ports/blob-store.ts';
import { type OffsetStore, UnknownOutcomeError } from '../../shared/ports/offset-store.ts';
import type { Opened } from '../contracts/checks.ts';
import { ACME, topicIdOf } from '../support/index-fixtures.ts';
import { collectRecords, recordOf, topicOf } from '../support/log-under-test.ts';
import { createLossyOffsetStore, type LossyOffsetStore } from '../support/lossy-offset-store.ts';
import { memoryPorts } from '../support/memory-ports.ts';
import { PARTITIONS, type Step, type World } from './log-steps.ts';
import { stampOf } from './stamp.ts';

export interface Stores {
  readonly offsets: OffsetStore;
  readonly blobs: BlobStore;
}

const OPTIONS = { maxPendingBytes: 1e8, maxPendingRequests: 1000, flushBytes: 1e6, commitTimeoutMs: 5000 };
const BOUNDS = { records: 1000, bytes: 1e9 };

let topics = 0;

const portsOf = ({ blobs }: Stores, lossy: LossyOffsetStore, sealersDie: () => boolean) => {
  const plain = memoryPorts();
  const offsets: OffsetStore = {
    ...lossy,
    seal: (...args) => (sealersDie() ? Promise.reject(new UnknownOutcomeError()) : lossy.seal(...args)),
  };
  const ports = { ...plain, clock: { ...plain.clock, sleep: async () => undefined }, offsets, blobs };
  return {
    ...ports,
    groupCommit: new GroupCommit(ports, OPTIONS),
    cache: new BatchCache(blobs, 1e6, new BufferPool(1e6)),
  };
};

/** The domain on the stores under test. Pauses take no time; what is lost is lost between the domain and the store. */
class StoredTopic implements World {
  readonly #opened: Opened<Stores>;
  readonly #keys = new Set<string>();
  #lossy: LossyOffsetStore;
  #ports: ReturnType<typeof portsOf>;
  #sealersDie = false;
  #topic = topicOf(PARTITIONS);
  #named = 0;

  constructor(opened: Opened<Stores>) {
    this.#opened = opened;
    [this.#lossy, this.#ports] = this.#open(opened.store);
  }

  async make(): Promise<void> {
    topics += 1;
    this.#topic = topicOf(PARTITIONS, { id: topicIdOf(0x9000 + topics) as TopicId });
    await this.#ports.offsets.createPartitions(ACME, this.#topic.id, 0, PARTITIONS);
  }

  async perform(step: Step): Promise<unknown> {
    try {
      return await this.#perform(step);
    } catch (error) {
      if (!(error instanceof ChasquiError)) throw error;
      const { logStartOffset, highWatermark } = error.extra;
      return [error.code, logStartOffset, highWatermark].filter((told) => told !== undefined);
    }
  }

  #open(stores: Stores): [LossyOffsetStore, ReturnType<typeof portsOf>] {
    const lossy = createLossyOffsetStore(stores.offsets);
    return [lossy, portsOf(stores, lossy, () => this.#sealersDie)];
  }

  async #perform(step: Step): Promise<unknown> {
    switch (step.kind) {
      case 'produce':
        return this.#produce(step);
      case 'burst':
        return this.#burst(step);
      case 'once':
        return this.#once(step);
      case 'fetch':
        return this.#fetch(step.partition, { kind: 'offset', offset: await this.#share(step) }, step.limit);
      case 'since':
        return this.#fetch(step.partition, { kind: 'timestamp', timestamp: step.timestamp }, 1);
      case 'trim':
        return (await this.#ports.offsets.trim(ACME, this.#ref(step.partition), await this.#share(step)))
          ?.logStartOffset;
      case 'deliver':
        return void (await this.#lossy.deliver());
      case 'restart':
        return this.#restart();
      case 'recreate':
        await this.#ports.offsets.dropPartitions(ACME, this.#topic.id, PARTITIONS);
        return this.make();
    }
  }

  #ref(partition: number) {
    return { topicId: this.#topic.id, partition };
  }

  async #share({ partition, percent }: { readonly partition: number; readonly percent: number }): Promise<number> {
    const head = await this.#ports.offsets.readHead(ACME, this.#ref(partition));
    return Math.floor((percent / 100) * (head?.nextOffset ?? 0));
  }

  #records(partitions: readonly number[]) {
    return partitions.map((partition) => {
      const value = `v${this.#named++}`;
      return recordOf(value, { partition, timestamp: stampOf(value) });
    });
  }

  #placed(results: readonly ProduceResult[]): unknown {
    return results.map((result) => ('error' in result ? result.error.code : [result.partition, result.offset]));
  }

  async #store(partitions: readonly number[], expectedOffset?: number): Promise<unknown> {
    const records = this.#records(partitions);
    const placement = placeNow(this.#ports, this.#topic);
    const call = { tenant: ACME, topic: this.#topic, records, placement, expectedOffset };
    const results = await produce(this.#ports, call);
    await this.#ports.groupCommit.idle();
    return this.#placed(results);
  }

  async #produce({ partitions, lost, onlyAt }: Extract<Step, { kind: 'produce' }>): Promise<unknown> {
    if (lost !== 'nothing' && onlyAt !== 'behind') this.#lossy.loseNext(lost);
    if (onlyAt === 'any') return this.#store(partitions);
    const [first = 0] = partitions;
    const end = await this.#share({ partition: first, percent: 100 });
    return this.#store(
      partitions.map(() => first),
      onlyAt === 'end' ? end : end + 1,
    );
  }

  async #burst({ partition, commits, sealersDie }: Extract<Step, { kind: 'burst' }>): Promise<unknown> {
    const told: unknown[] = [];
    for (let at = 0; at < commits; at += 1) {
      this.#sealersDie = sealersDie && (await this.#hasRoom(partition));
      told.push(...((await this.#store([partition])) as unknown[]));
    }
    this.#sealersDie = false;
    return told;
  }

  /** Where the tail is full, whoever comes has to be able to seal. */
  async #hasRoom(partition: number): Promise<boolean> {
    const head = await this.#ports.offsets.readHead(ACME, this.#ref(partition));
    return (head?.tail.length ?? 0) < 128;
  }

  async #once({ key, partitions, lost }: Extract<Step, { kind: 'once' }>): Promise<unknown> {
    const name = `${key}/${partitions.join()}`;
    // A repeat commits nothing that could be lost.
    if (lost !== 'nothing' && !this.#keys.has(name)) this.#lossy.loseNext(lost);
    this.#keys.add(name);
    const records = this.#records(partitions);
    const topic = async () => this.#topic;
    const call = { tenant: ACME, topic, records, key: name, fingerprint: Buffer.from(name.padEnd(32)) };
    const { results, replayed } = await produceOnce(this.#ports, call);
    await this.#ports.groupCommit.idle();
    return [this.#placed(results), replayed];
  }

  async #fetch(partition: number, start: Start, records: number): Promise<unknown> {
    const sink = collectRecords();
    const call = { tenant: ACME, ref: this.#ref(partition), start, bounds: { ...BOUNDS, records }, waitMs: 0 };
    const { nextOffset, logStartOffset, highWatermark } = await fetchPartition(this.#ports, call, sink);
    return [sink.records.map(({ value }) => value), nextOffset, logStartOffset, highWatermark];
  }

  /** Forgets what the process knew, and what was still on its way. */
  async #restart(): Promise<void> {
    const stores = (await this.#opened.reopen?.()) ?? this.#opened.store;
    [this.#lossy, this.#ports] = this.#open(stores);
  }
}

export const openStoredTopic = async (opened: Opened<Stores>): Promise<World> => {
  const stored = new StoredTopic(opened);
  await stored.make();
  return stored;
};
