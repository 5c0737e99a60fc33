import { describe, expect, it } from 'vitest';
import { Committer } from '../../../shared/log/commit.ts';
import { SEAL, TAIL_LIMIT, UnknownOutcomeError } from '../../../shared/ports/offset-store.ts';
import {
  ACME,
  entriesOf,
  entryOf,
  headOf,
  placed,
  readWholeIndex,
  refOf,
  TOPIC,
} from '../../support/index-fixtures.ts';
import { createLossyOffsetStore, type Loss } from '../../support/lossy-offset-store.ts';
import { memoryPorts } from '../../support/memory-ports.ts';

const REF = refOf();

const setUp = async () => {
  const plain = memoryPorts();
  const offsets = createLossyOffsetStore(plain.offsets);
  await offsets.createPartitions(ACME, TOPIC, 0, 1);
  const ports = { ...plain, offsets };
  const commit = (committer: Committer, entry = entryOf(), expectedOffset?: number) =>
    committer.commit({ tenant: ACME, ...REF, entry, expectedOffset, deadline: plain.clock.now() + 5000 });
  return { ports, offsets, clock: plain.clock, commit };
};

describe('Committer', () => {
  it('gives dense offsets to two writers that race', async () => {
    const { ports, offsets, clock, commit } = await setUp();
    const writers = [new Committer(ports), new Committer(ports)];
    const entries = entriesOf(200, { count: 3 });
    const racing = Promise.all(entries.map((entry, at) => commit(writers[at % 2]!, entry)));
    // More at once than a tail holds: those who find it full sleep in between.
    for (let turn = 0; turn < 20; turn++) await clock.advance(100);
    const results = await racing;
    const bases = results.map((result) => (result.kind === 'committed' ? result.baseOffset : -1));
    expect([...bases].sort((a, b) => a - b)).toEqual(placed(entries).map(([base]) => base));
    await Promise.all(writers.map((writer) => writer.idle()));
    const index = new Map(await readWholeIndex(offsets, REF));
    entries.forEach((entry, at) => void expect(index.get(bases[at]!)).toEqual(entry));
  });

  it('reads nothing before a write once it knows the partition', async () => {
    const { ports, commit } = await setUp();
    let reads = 0;
    const offsets = {
      ...ports.offsets,
      readHead: (...args: Parameters<typeof ports.offsets.readHead>) => {
        reads++;
        return ports.offsets.readHead(...args);
      },
    };
    const committer = new Committer({ ...ports, offsets });
    for (const entry of entriesOf(5)) await commit(committer, entry);
    expect(reads).toBe(1);
  });

  it.each<Loss>(['done', 'never', 'late'])('stores an entry once when the answer is lost (%s)', async (loss) => {
    const { ports, offsets, commit } = await setUp();
    const committer = new Committer(ports);
    const entries = entriesOf(3);
    await commit(committer, entries[0]);
    offsets.loseNext(loss);
    expect(await commit(committer, entries[1])).toEqual({ kind: 'committed', baseOffset: 1 });
    await offsets.deliver();
    expect(await commit(committer, entries[2])).toEqual({ kind: 'committed', baseOffset: 2 });
    expect(await readWholeIndex(offsets, REF)).toEqual(placed(entries));
  });

  it('finds a lost commit that others have sealed away meanwhile', async () => {
    const { ports, offsets, commit } = await setUp();
    const [loser, other] = [new Committer(ports), new Committer(ports)];
    await commit(loser);
    const entry = entryOf();
    offsets.loseNext('done');
    const bump = offsets.bumpFence;
    offsets.bumpFence = async (...args) => {
      for (const filler of entriesOf(2 * SEAL)) await commit(other, filler);
      await other.idle();
      return bump(...args);
    };
    expect(await commit(loser, entry)).toEqual({ kind: 'committed', baseOffset: 1 });
    const index = await readWholeIndex(offsets, REF);
    expect(index.filter(([, found]) => found.blob.id === entry.blob.id)).toHaveLength(1);
  });

  it('does not send again what may have been trimmed while it was looked for', async () => {
    const { ports, offsets, commit } = await setUp();
    const [loser, other] = [new Committer(ports), new Committer(ports)];
    await commit(loser);
    const { bumpFence, readIndex } = offsets;
    offsets.bumpFence = async (...args) => {
      for (const filler of entriesOf(2 * SEAL)) await commit(other, filler);
      await other.idle();
      return bumpFence(...args);
    };
    offsets.readIndex = async (...args) => {
      await offsets.trim(ACME, REF, SEAL);
      return readIndex(...args);
    };
    offsets.loseNext('done');
    await expect(commit(loser)).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'possible' });
    expect((await headOf(offsets, REF)).nextOffset).toBe(2 + 2 * SEAL);
  });

  it('goes on where the table has been put back to an earlier time, with lower fences and offsets', async () => {
    const { ports, offsets, commit } = await setUp();
    const committer = new Committer(ports);
    for (const entry of entriesOf(2 * SEAL)) await commit(committer, entry);
    offsets.loseNext('never');
    await commit(committer);
    await committer.idle();
    Object.assign(offsets, createLossyOffsetStore(memoryPorts().offsets));
    await offsets.createPartitions(ACME, TOPIC, 0, 1);
    const before = entriesOf(SEAL - 1);
    for (const [at, entry] of before.entries())
      expect(await commit(committer, entry)).toEqual({ kind: 'committed', baseOffset: at });
    const lost = entryOf();
    const { bumpFence } = offsets;
    offsets.bumpFence = async (...args) => {
      await commit(new Committer(ports));
      await offsets.seal(ACME, REF, 0, [...before, lost]);
      return bumpFence(...args);
    };
    offsets.loseNext('done');
    expect(await commit(committer, lost)).toEqual({ kind: 'committed', baseOffset: SEAL - 1 });
  });

  it('lets the other writers go on after a fence was bumped', async () => {
    const { ports, offsets, commit } = await setUp();
    const [loser, other] = [new Committer(ports), new Committer(ports)];
    await commit(other);
    offsets.loseNext('never');
    await commit(loser);
    expect(await commit(other)).toEqual({ kind: 'committed', baseOffset: 2 });
  });

  it('says that the outcome is unknown when it cannot be settled in time', async () => {
    const { ports, offsets, clock, commit } = await setUp();
    const committer = new Committer(ports);
    await commit(committer);
    offsets.loseNext('never');
    offsets.bumpFence = () => Promise.reject(new UnknownOutcomeError());
    const lost = commit(committer);
    const told = expect(lost).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'possible', retryable: true });
    for (let turn = 0; turn < 60; turn++) await clock.advance(200);
    await told;
  });

  it('passes on a failure that is certain, with nothing written', async () => {
    const { ports, offsets, commit } = await setUp();
    const committer = new Committer(ports);
    offsets.commit = () => Promise.reject(new Error('throttled'));
    await expect(commit(committer)).rejects.toThrow('throttled');
    expect((await headOf(offsets, REF)).nextOffset).toBe(0);
  });

  it('seals as the tail grows, so that it stays short', async () => {
    const { ports, offsets, commit } = await setUp();
    const committer = new Committer(ports);
    for (const entry of entriesOf(5 * SEAL)) await commit(committer, entry);
    await committer.idle();
    const head = await headOf(offsets, REF);
    expect(head.baseOffset).toBe(5 * SEAL);
    expect(head.tail).toHaveLength(0);
  });

  it('seals a full tail whose sealers died before it writes', async () => {
    const { ports, offsets, commit } = await setUp();
    const committer = new Committer(ports);
    const seal = offsets.seal;
    offsets.seal = () => Promise.reject(new Error('the sealer died'));
    for (const entry of entriesOf(TAIL_LIMIT)) await commit(committer, entry);
    await committer.idle();
    expect((await headOf(offsets, REF)).tail).toHaveLength(TAIL_LIMIT);
    offsets.seal = seal;
    expect(await commit(committer)).toEqual({ kind: 'committed', baseOffset: TAIL_LIMIT });
  });

  it('refuses an expected offset that is not the high watermark, and shows it', async () => {
    const { ports, commit } = await setUp();
    const committer = new Committer(ports);
    await commit(committer, entryOf({ count: 7 }));
    expect(await commit(committer, entryOf(), 3)).toMatchObject({ kind: 'offset_mismatch', head: { nextOffset: 7 } });
    expect(await commit(committer, entryOf(), 7)).toEqual({ kind: 'committed', baseOffset: 7 });
  });

  it('finds a topic gone, warm or cold', async () => {
    const { ports, offsets, commit } = await setUp();
    const [warm, cold] = [new Committer(ports), new Committer(ports)];
    await commit(warm);
    await offsets.dropPartitions(ACME, TOPIC, 1);
    expect(await commit(warm)).toEqual({ kind: 'gone' });
    expect(await commit(cold)).toEqual({ kind: 'gone' });
  });
});
