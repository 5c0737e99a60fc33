import type { TenantId } from '../../../contract/ids.ts';
import type { PartitionRef } from '../../../ports/offset-store.ts';
import type { JournalPosition } from '../journal/journal-position.ts';
import { addDraft, addOlder, type Dirt, emptyDirt } from './dirt.ts';
import { Draft } from './draft.ts';
import type { IndexTables } from './index-tables.ts';
import { partitionKey } from './keys.ts';
import { OpenedSegments } from './opened-segments.ts';
import type { Partition, PartitionState } from './partition-state.ts';
import { decodeState } from './state-codec.ts';

/** Partitions kept in memory though nothing of them waits for a checkpoint. A head is up to 20 KB. */
const CLEAN_PARTITIONS = 1024;

export interface Amount {
  readonly journalBytes: number;
  readonly segments: number;
}

const NOTHING: Amount = { journalBytes: 0, segments: 0 };
const add = (a: Amount, b: Amount): Amount => ({
  journalBytes: a.journalBytes + b.journalBytes,
  segments: a.segments + b.segments,
});

/** The durable state of every partition: what is in memory, else what the last checkpoint stored. */
export class IndexState {
  readonly tables: IndexTables;
  readonly opened = new OpenedSegments();
  readonly #partitions = new Map<string, Partition>();
  #draft: Draft | undefined;
  #dirt: Dirt = emptyDirt();
  /** What the checkpoint under way is storing. */
  #saving: Dirt = emptyDirt();
  #position: JournalPosition;
  #nextNumber: number;
  #unsaved: Amount = NOTHING;
  #savingAmount: Amount = NOTHING;

  constructor(tables: IndexTables, position: JournalPosition, nextNumber: number) {
    this.tables = tables;
    this.#position = position;
    this.#nextNumber = nextNumber;
  }

  /** The journal up to here is in this state. */
  get position(): JournalPosition {
    return this.#position;
  }

  get nextNumber(): number {
    return this.#nextNumber;
  }

  get dirt(): Dirt {
    return this.#dirt;
  }

  /** What the next checkpoint has to store. */
  get unsavedAmount(): Amount {
    return this.#unsaved;
  }

  readonly find = (tenant: TenantId, ref: PartitionRef): Partition => {
    const name = `${tenant}/${ref.topicId}/${ref.partition}`;
    const known = this.#partitions.get(name);
    if (known !== undefined) return known;
    this.#evict();
    const partition: Partition = { tenant, ref, state: this.#load(tenant, ref), pending: [] };
    this.#partitions.set(name, partition);
    return partition;
  };

  /** What is durable and not yet in the tables, by the look-up that is given. */
  unsaved<Value>(look: (dirt: Dirt) => Value | undefined): Value | undefined {
    return look(this.#dirt) ?? look(this.#saving);
  }

  /** One at a time: the last one is published or discarded before. */
  begin(): Draft {
    this.#draft = new Draft(this.#nextNumber);
    return this.#draft;
  }

  discard(): void {
    this.#draft = undefined;
  }

  publish(draft: Draft, position: JournalPosition): void {
    for (const [partition, segment] of draft.segments) partition.pending.push(segment);
    for (const [partition, state] of draft.states) replaceState(partition, state);
    addDraft(this.#dirt, draft);
    const journalBytes = position.offset - (position.file === this.#position.file ? this.#position.offset : 0);
    this.#unsaved = add(this.#unsaved, { journalBytes, segments: draft.segments.length });
    this.#nextNumber = draft.nextNumber;
    this.#position = position;
    this.#draft = undefined;
  }

  /** Hands everything unsaved to a checkpoint, which tells afterwards how it went. */
  beginSave(): Dirt {
    this.#saving = this.#dirt;
    this.#dirt = emptyDirt();
    this.#savingAmount = this.#unsaved;
    this.#unsaved = NOTHING;
    return this.#saving;
  }

  endSave(saved: boolean): void {
    if (!saved) {
      addOlder(this.#dirt, this.#saving);
      this.#unsaved = add(this.#unsaved, this.#savingAmount);
    }
    this.#saving = emptyDirt();
  }

  #load(tenant: TenantId, ref: PartitionRef): PartitionState | undefined {
    const payload = this.tables.get('partitions', partitionKey(tenant, ref));
    return payload && decodeState(payload);
  }

  /** Not while there is a draft: it holds on to its partitions. */
  #evict(): void {
    const unsaved = this.#dirt.partitions.size + this.#saving.partitions.size;
    if (this.#draft !== undefined || this.#partitions.size < CLEAN_PARTITIONS + unsaved) return;
    for (const [name, partition] of this.#partitions) {
      const inUse = this.#dirt.partitions.has(partition) || this.#saving.partitions.has(partition);
      if (!inUse) this.#partitions.delete(name);
    }
  }
}

const replaceState = (partition: Partition, state: PartitionState | undefined): void => {
  if (state?.number !== partition.state?.number) {
    partition.pending = partition.pending.filter((segment) => segment.number === state?.number);
  }
  partition.state = state;
};
