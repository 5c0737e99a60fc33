import { expect } from 'vitest';
import type { TenantId } from '../../shared/contract/ids.ts';
import type { OffsetStore } from '../../shared/ports/offset-store.ts';
import { writeEntries } from '../support/honest-writer.ts';
import {
  ACME,
  entriesOf,
  entryOf,
  GLOBEX,
  headOf,
  placed,
  readWholeIndex,
  refOf,
  TOPIC,
  topicIdOf,
} from '../support/index-fixtures.ts';
import { createLossyOffsetStore } from '../support/lossy-offset-store.ts';
import type { Check } from './checks.ts';

const EMPTY = { logStartOffset: 0, baseOffset: 0, nextOffset: 0, tail: [], retainedBytes: 0 };

const expectNothing = async (store: OffsetStore, partition: number): Promise<void> => {
  const ref = refOf(partition);
  expect(await store.readHead(ACME, ref)).toBeUndefined();
  expect(await store.readHeads(ACME, [ref])).toEqual([undefined]);
  expect(await store.readIndex(ACME, ref, 0, 10)).toBeUndefined();
  expect(await store.findTimestamp(ACME, ref, 0)).toBeUndefined();
  expect(await store.bumpFence(ACME, ref)).toBeUndefined();
  expect(await store.trim(ACME, ref, 1)).toBeUndefined();
  expect(await store.seal(ACME, ref, 0, [entryOf()])).toBe('conflict');
  expect(await store.commit(ACME, TOPIC, { partition, entry: entryOf(), fence: 0 })).toEqual({ kind: 'gone' });
};

export const describePartitions = (check: Check<OffsetStore>): void => {
  check('makes empty partitions', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 3);
    for (const partition of [0, 1, 2]) expect(await store.readHead(ACME, refOf(partition))).toMatchObject(EMPTY);
  });

  check('finds nothing where no partition was made', async (store) => {
    await expectNothing(store, 0);
    await store.createPartitions(ACME, TOPIC, 0, 2);
    await expectNothing(store, 2);
  });

  check('leaves partitions that exist as they are', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 2);
    const entries = entriesOf(40, { count: 2 });
    await writeEntries(store, refOf(1), entries);
    const before = await headOf(store, refOf(1));
    await store.createPartitions(ACME, TOPIC, 0, 4);
    expect(await headOf(store, refOf(1))).toEqual(before);
    expect(await readWholeIndex(store, refOf(1))).toEqual(placed(entries));
    expect(await store.readHead(ACME, refOf(3))).toMatchObject(EMPTY);
  });

  check('makes only the partitions of its range', async (store) => {
    await store.createPartitions(ACME, TOPIC, 2, 4);
    const heads = await store.readHeads(
      ACME,
      [0, 1, 2, 3, 4].map((partition) => refOf(partition)),
    );
    expect(heads.map((head) => head !== undefined)).toEqual([false, false, true, true, false]);
  });

  check('finds nothing any more after a drop, sealed or not', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 2);
    await writeEntries(store, refOf(0), entriesOf(40));
    await store.dropPartitions(ACME, TOPIC, 2);
    await expectNothing(store, 0);
    await expectNothing(store, 1);
    await store.dropPartitions(ACME, TOPIC, 2);
    await expectNothing(store, 0);
  });

  check('lets no late commit land in a dropped partition', async (store) => {
    const lossy = createLossyOffsetStore(store);
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    lossy.loseNext('late');
    await expect(lossy.commit(ACME, TOPIC, { partition: 0, entry: entryOf(), fence })).rejects.toThrow();
    await store.dropPartitions(ACME, TOPIC, 1);
    expect(await lossy.deliver()).toEqual([{ status: 'fulfilled', value: { kind: 'gone' } }]);
    await expectNothing(store, 0);
  });

  check('drops one topic and no other', async (store) => {
    const other = topicIdOf(2);
    await store.createPartitions(ACME, TOPIC, 0, 1);
    await store.createPartitions(ACME, other, 0, 1);
    const entries = entriesOf(34);
    await writeEntries(store, refOf(0, other), entries);
    await store.dropPartitions(ACME, TOPIC, 1);
    expect(await readWholeIndex(store, refOf(0, other))).toEqual(placed(entries));
  });

  check('keeps the same topic id of two tenants apart', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    expect(await store.readHead(GLOBEX, refOf())).toBeUndefined();
    await store.createPartitions(GLOBEX, TOPIC, 0, 1);
    const [ours, theirs] = [entriesOf(40), entriesOf(3, { count: 5 })];
    await writeEntries(store, refOf(), ours);
    await writeEntries(store, refOf(), theirs, GLOBEX);
    expect(await readWholeIndex(store, refOf())).toEqual(placed(ours));
    expect(await readWholeIndex(store, refOf(), GLOBEX)).toEqual(placed(theirs));
    await store.dropPartitions(ACME, TOPIC, 1);
    expect(await store.readHead(ACME, refOf())).toBeUndefined();
    expect(await readWholeIndex(store, refOf(), GLOBEX)).toEqual(placed(theirs));
  });

  check('keeps tenants apart whose names begin alike', async (store) => {
    const tenants = ['a', 'a-b', 'a.b', 'a_b', 'A', 'a'.repeat(128)] as TenantId[];
    for (const [at, tenant] of tenants.entries()) {
      await store.createPartitions(tenant, TOPIC, 0, 2);
      await writeEntries(store, refOf(1), entriesOf(1, { count: at + 1 }), tenant);
    }
    for (const [at, tenant] of tenants.entries()) {
      expect((await headOf(store, refOf(1), tenant)).nextOffset).toBe(at + 1);
      expect((await headOf(store, refOf(0), tenant)).nextOffset).toBe(0);
    }
  });
};
