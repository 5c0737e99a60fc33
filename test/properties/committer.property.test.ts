import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryOffsetStore } from '../../shared/adapters/memory/memory-offset-store.ts';
import type { ChasquiError } from '../../shared/contract/errors.ts';
import { type CommitResult, Committer } from '../../shared/log/commit.ts';
import { type IndexEntry, type OffsetStore, UnknownOutcomeError } from '../../shared/ports/offset-store.ts';
import { checkAsync } from '../support/check.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { ACME, entryOf, headOf, readWholeIndex, refOf, TOPIC } from '../support/index-fixtures.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const REF = refOf();
const WRITERS = 4;
const COMMITS_EACH = 60;

/** Loses, delays and drops writes at random; what is late is done at some later call, in any order. */
const hostile = (inner: OffsetStore, fraction: () => number): OffsetStore => {
  const late: (() => Promise<unknown>)[] = [];
  const write = async <Answer>(perform: () => Promise<Answer>): Promise<Answer> => {
    while (late.length > 0 && fraction() < 0.3) await late.splice(Math.floor(fraction() * late.length), 1)[0]!();
    const fate = fraction();
    if (fate < 0.7) return perform();
    if (fate < 0.8) await perform();
    else if (fate < 0.9) late.push(perform);
    throw new UnknownOutcomeError();
  };
  return {
    ...inner,
    commit: (...args) => write(() => inner.commit(...args)),
    seal: (...args) => write(() => inner.seal(...args)),
    bumpFence: (...args) => write(() => inner.bumpFence(...args)),
  };
};

type Told = CommitResult | ChasquiError;

const run = async (seed: number) => {
  const random = createSeededRandom(seed);
  const clock = createFakeClock();
  const inner = createMemoryOffsetStore();
  await inner.createPartitions(ACME, TOPIC, 0, 1);
  const offsets = hostile(inner, random.fraction);
  const told = new Map<IndexEntry, Told>();
  const write = async (): Promise<void> => {
    const committer = new Committer({ offsets, clock, random });
    for (let n = 0; n < COMMITS_EACH; n++) {
      const entry = entryOf({ count: 1 + Math.floor(random.fraction() * 3) });
      const call = { tenant: ACME, ...REF, entry, deadline: clock.now() + 30_000 };
      told.set(entry, await committer.commit(call).catch((error: ChasquiError) => error));
    }
    await committer.idle();
  };
  let ended = false;
  const writers = Promise.all(Array.from({ length: WRITERS }, write)).finally(() => {
    ended = true;
  });
  while (!ended) await clock.advance(50);
  await writers;
  return { inner, told };
};

describe('the commit protocol', () => {
  it('keeps its word to every writer, whatever the network does', async () => {
    await checkAsync(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        const { inner, told } = await run(seed);
        const index = await readWholeIndex(inner, REF);
        const found = new Map(index.map(([baseOffset, entry]) => [entry.blob.id, baseOffset]));
        expect(found.size, 'an entry stands twice').toBe(index.length);
        let end = 0;
        for (const [baseOffset, { count }] of index) {
          expect(baseOffset, 'a hole').toBe(end);
          end += count;
        }
        expect((await headOf(inner, REF)).nextOffset).toBe(end);
        for (const [entry, result] of told)
          if ('kind' in result) expect(result).toEqual({ kind: 'committed', baseOffset: found.get(entry.blob.id) });
          else expect(result).toMatchObject({ code: 'unavailable' });
        const certain = [...told.values()].filter((result) => 'kind' in result).length;
        expect(certain, 'most writes have to be settled').toBeGreaterThan(told.size * 0.9);
        for (const [entry, result] of told)
          if (!('kind' in result) && result.sideEffects === 'none') expect(found.has(entry.blob.id)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });
});
