import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Append, Head } from '../../shared/ports/offset-store.ts';
import { ACME, entryOf } from '../support/index-fixtures.ts';
import { createLossyOffsetStore, type Loss } from '../support/lossy-offset-store.ts';
import { modelCommit, modelCommitAtomic, modelHead, modelSeal, modelTrim, nextOffsetOf } from './log-model.ts';
import * as world from './offset-store-world.ts';

type Model = world.Model;
type Real = world.Real;
type Command = fc.AsyncCommand<Model, Real>;

const EXPIRES_AT = 1_760_086_400_000;
const FINGERPRINT = new Uint8Array(32);
let keys = 0;

/** A command that runs, then compares the heads. Its name and input are what a failure prints. */
const command = <Input>(name: string, input: Input, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    await world.expectHeads(model, real);
  },
  toString: () => `${name}(${JSON.stringify(input)})`,
});

/** Does a write that may be lost to both; when its answer is heard, it has to be the model's. */
const write = async (
  model: Model,
  real: Real,
  loss: Loss | undefined,
  perform: () => Promise<unknown>,
  expected: () => unknown,
): Promise<unknown> => {
  if (loss !== undefined) real.store.loseNext(loss);
  if (loss === 'late') model.late.push(expected);
  if (loss !== undefined) {
    await expect(perform()).rejects.toThrow('not known');
    if (loss === 'done') expected();
    return undefined;
  }
  const answer = await perform();
  expect(answer).toEqual(expected());
  return answer;
};

const partition = fc.nat(world.PARTITIONS - 1);
const writer = fc.nat(world.WRITERS - 1);
const loss = fc.option(fc.constantFrom<Loss>('done', 'never', 'late'), { nil: undefined, freq: 3 });
const entry = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  length: fc.integer({ min: 1, max: 500 }),
  maxTimestamp: fc.nat(50),
});
/** Of the log, a little more than all of it included. Not a double: those are nearly all close to 0. */
const percent = fc.nat(110);

const commits = fc
  .record({ partition, writer, entry, loss, expect: fc.constantFrom('any', 'any', 'right', 'wrong') })
  .map((input) =>
    command('commit', input, async (model, real) => {
      const log = model.logs[input.partition]!;
      const { fence } = real.seen[input.writer]![input.partition]!;
      const offset = nextOffsetOf(log) + (input.expect === 'wrong' ? 1 : 0);
      const plain: Append = { partition: input.partition, entry: entryOf(input.entry), fence };
      const append = input.expect === 'any' ? plain : { ...plain, expectedOffset: offset };
      const perform = () => real.store.commit(ACME, model.topicId, append);
      await write(model, real, input.loss, perform, () => modelCommit(log, append));
    }),
  );

const bursts = fc.record({ partition, howMany: fc.integer({ min: 2, max: 70 }), entry }).map((input) =>
  command('burst', input, async (model, real) => {
    const log = model.logs[input.partition]!;
    const appends = Array.from({ length: input.howMany }, (): Append => {
      return { partition: input.partition, entry: entryOf(input.entry), fence: log.fence };
    });
    const ends = await Promise.all(
      appends.map(async (append) => ({ append, end: await real.store.commit(ACME, model.topicId, append) })),
    );
    // They came at once: whatever order the store chose, its answers have to fit it. The refused ones came last.
    const orderOf = ({ end }: (typeof ends)[number]): number =>
      end.kind === 'committed' ? end.baseOffset : Number.POSITIVE_INFINITY;
    const inOrder = ends.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    for (const { append, end } of inOrder) expect(end).toEqual(modelCommit(log, append));
  }),
);

const atomics = fc.record({ writer, entries: fc.tuple(entry, entry), loss, backwards: fc.boolean() }).map((input) =>
  command('commitAtomic', input, async (model, real) => {
    keys += 1;
    const record = { key: `key-${keys}`, fingerprint: FINGERPRINT, expiresAt: EXPIRES_AT };
    const appends = input.entries.map((fields, at): Append => {
      return { partition: at, entry: entryOf(fields), fence: real.seen[input.writer]![at]!.fence };
    });
    if (input.backwards) appends.reverse();
    expect(await real.store.claim(ACME, record, 0)).toEqual({ kind: 'claimed' });
    const { logs, topicId } = model;
    const perform = () => real.store.commitAtomic(ACME, topicId, appends, record, () => FINGERPRINT);
    await write(model, real, input.loss, perform, () => modelCommitAtomic(logs, appends));
  }),
);

const seals = fc.record({ partition, writer, entries: fc.integer({ min: 1, max: 40 }), loss }).map((input) =>
  command('seal', input, async (model, real) => {
    const log = model.logs[input.partition]!;
    const { baseOffset, tail } = real.seen[input.writer]![input.partition]!;
    const entries = tail.slice(0, input.entries);
    if (entries.length === 0) return;
    const perform = () => real.store.seal(ACME, world.refOfModel(model, input.partition), baseOffset, entries);
    await write(model, real, input.loss, perform, () => modelSeal(log, baseOffset, entries));
  }),
);

const looks = fc.record({ partition, writer }).map((input) =>
  command('look', input, async (model, real) => {
    const head = await real.store.readHead(ACME, world.refOfModel(model, input.partition));
    real.seen[input.writer]![input.partition] = head as Head;
  }),
);

const bumps = fc.record({ partition, writer }).map((input) =>
  command('bumpFence', input, async (model, real) => {
    const log = model.logs[input.partition]!;
    const head = (await real.store.bumpFence(ACME, world.refOfModel(model, input.partition)))!;
    expect(head.fence).toBeGreaterThan(log.fence);
    log.fence = head.fence;
    expect(head).toEqual(modelHead(log));
    real.seen[input.writer]![input.partition] = head;
  }),
);

const deliveries = fc.constant(
  command('deliver', {}, async (model, real) => {
    const ends = await real.store.deliver();
    const expected = model.late.map((perform) => ({ status: 'fulfilled', value: perform() }));
    model.late = [];
    expect(ends).toEqual(expected);
  }),
);

const trims = fc.record({ partition, percent }).map((input) =>
  command('trim', input, async (model, real) => {
    const log = model.logs[input.partition]!;
    const before = Math.floor((input.percent / 100) * nextOffsetOf(log));
    const head = await real.store.trim(ACME, world.refOfModel(model, input.partition), before);
    expect(head).toEqual(modelTrim(log, before));
  }),
);

const reads = fc.record({ partition, percent, limit: fc.constantFrom(1, 5, 100), timestamp: fc.nat(52) }).map((input) =>
  command('read', input, async (model, real) => {
    const offset = Math.floor((input.percent / 100) * nextOffsetOf(model.logs[input.partition]!));
    await world.expectPage(model, real, input.partition, offset, input.limit);
    await world.expectTimestamp(model, real, input.partition, input.timestamp);
  }),
);

const recreations = fc.constant(command('recreate', {}, world.recreateTopic));

const reopenings = fc.constant({
  ...command('reopen', {}, async (_, real) => {
    if (real.opened.reopen !== undefined) real.store = createLossyOffsetStore(await real.opened.reopen());
  }),
  // A claim ends with the process, and what is late may hold one.
  check: (model: Readonly<Model>) => model.late.length === 0,
});

export const offsetStoreCommands = fc.commands(
  [
    commits,
    commits,
    bursts,
    atomics,
    seals,
    seals,
    looks,
    looks,
    bumps,
    deliveries,
    trims,
    reads,
    reads,
    reopenings,
    recreations,
  ],
  { maxCommands: 60, size: 'max' },
);
