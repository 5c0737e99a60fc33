import { expect } from 'vitest';
import type { TopicId } from '../../shared/contract/ids.ts';
import type { Head, OffsetStore, PartitionRef } from '../../shared/ports/offset-store.ts';
import type { Opened } from '../contracts/checks.ts';
import { ACME, topicIdOf } from '../support/index-fixtures.ts';
import { createLossyOffsetStore, type LossyOffsetStore } from '../support/lossy-offset-store.ts';
import { type LogModel, modelHead, modelPage, modelTimestamp, newLog } from './log-model.ts';

export const PARTITIONS = 2;
export const WRITERS = 2;

/** The model of a topic's partitions, and what is still under way to them. */
export interface Model {
  topicId: TopicId;
  logs: LogModel[];
  /** For every write that is late: does it to the model when it is done, and tells what its answer has to be. */
  late: (() => unknown)[];
}

/** The store under test, and the heads that its writers have seen, which may be old. */
export interface Real {
  opened: Opened<OffsetStore>;
  store: LossyOffsetStore;
  /** By writer, then by partition. */
  readonly seen: Head[][];
}

let topics = 0;

const createTopic = async (model: Model, real: Real): Promise<void> => {
  topics += 1;
  model.topicId = topicIdOf(0x1000 + topics);
  await real.store.createPartitions(ACME, model.topicId, 0, PARTITIONS);
  const heads = await real.store.readHeads(ACME, refsOf(model));
  model.logs = heads.map((head) => newLog(head!.fence));
  for (const writer of real.seen.keys()) real.seen[writer] = heads.map((head) => head!);
};

export const refOfModel = ({ topicId }: Model, partition: number): PartitionRef => ({ topicId, partition });
const refsOf = (model: Model): PartitionRef[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => refOfModel(model, partition));

export const createWorld = async (opened: Opened<OffsetStore>): Promise<{ model: Model; real: Real }> => {
  const model: Model = { topicId: topicIdOf(0), logs: [], late: [] };
  const real: Real = { opened, store: createLossyOffsetStore(opened.store), seen: Array(WRITERS).fill([]) };
  await createTopic(model, real);
  return { model, real };
};

/** Drops the topic and makes it again, as users do: under another id. */
export const recreateTopic = async (model: Model, real: Real): Promise<void> => {
  await real.store.dropPartitions(ACME, model.topicId, PARTITIONS);
  for (const log of model.logs) log.gone = true;
  expect(await real.store.readHeads(ACME, refsOf(model))).toEqual(model.logs.map(() => undefined));
  await createTopic(model, real);
};

export const expectHeads = async (model: Model, real: Real): Promise<void> => {
  expect(await real.store.readHeads(ACME, refsOf(model))).toEqual(model.logs.map(modelHead));
};

export const expectPage = async (model: Model, real: Real, partition: number, offset: number, limit: number) => {
  const page = await real.store.readIndex(ACME, refOfModel(model, partition), offset, limit);
  const longest = modelPage(model.logs[partition]!, offset);
  const { logStartOffset, nextOffset, baseOffset } = longest;
  expect(page).toMatchObject({ logStartOffset, nextOffset });
  expect(page!.entries).toEqual(longest.entries.slice(0, Math.min(limit, page!.entries.length)));
  if (longest.entries.length > 0) expect(page!.baseOffset).toBe(baseOffset);
  expect(page!.entries.length > 0).toBe(longest.entries.length > 0);
  return page!;
};

export const expectTimestamp = async (model: Model, real: Real, partition: number, timestamp: number) => {
  const found = await real.store.findTimestamp(ACME, refOfModel(model, partition), timestamp);
  expect(found).toBe(modelTimestamp(model.logs[partition]!, timestamp));
};

/** Reads everything of every partition, as a reader from the beginning would. */
export const expectWholeIndex = async (model: Model, real: Real): Promise<void> => {
  for (const [partition, log] of model.logs.entries()) {
    const { nextOffset } = modelHead(log);
    for (let offset = log.logStartOffset; offset < nextOffset; ) {
      const { baseOffset, entries } = await expectPage(model, real, partition, offset, 1000);
      offset = entries.reduce((next, { count }) => next + count, baseOffset);
    }
  }
};
