import { expect } from 'vitest';
import type { IdempotencyRecord, OffsetStore } from '../../shared/ports/offset-store.ts';
import { ACME, entryOf, GLOBEX, headOf, refOf, TOPIC } from '../support/index-fixtures.ts';
import type { Check } from './checks.ts';

const NOW = 1_760_000_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const recordOf = (key: string, fill = 7, expiresAt = NOW + DAY_MS): IdempotencyRecord => ({
  key,
  fingerprint: new Uint8Array(32).fill(fill),
  expiresAt,
});
const CLAIMED = { kind: 'claimed' };
const IN_FLIGHT = { kind: 'in_flight' };

/** Claims the key and commits one record under it, with this answer. */
const finish = async (store: OffsetStore, record: IdempotencyRecord, answer: string, now = NOW): Promise<void> => {
  await store.createPartitions(ACME, TOPIC, 0, 1);
  const { fence } = await headOf(store, refOf());
  expect(await store.claim(ACME, record, now)).toEqual(CLAIMED);
  const appends = [{ partition: 0, entry: entryOf(), fence }];
  const outcome = await store.commitAtomic(ACME, TOPIC, appends, record, () => Buffer.from(answer));
  expect(outcome.kind).toBe('committed');
  await headOf(store, refOf());
};

const claimedAnswer = async (store: OffsetStore, record: IdempotencyRecord, now: number): Promise<unknown> => {
  const claim = await store.claim(ACME, record, now);
  return claim.kind === 'done' ? [claim.fingerprint[0], Buffer.from(claim.answer).toString()] : claim.kind;
};

export const describeIdempotency = (check: Check<OffsetStore>): void => {
  check('gives a key to the first who claims it, whatever the others want with it', async (store) => {
    expect(await store.claim(ACME, recordOf('k'), NOW)).toEqual(CLAIMED);
    expect(await store.claim(ACME, recordOf('k'), NOW)).toEqual(IN_FLIGHT);
    expect(await store.claim(ACME, recordOf('k', 8), NOW + 1)).toEqual(IN_FLIGHT);
    expect(await store.claim(ACME, recordOf('k2'), NOW)).toEqual(CLAIMED);
  });

  check('gives a key to one of many who claim it at once', async (store) => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => store.claim(ACME, recordOf('k'), NOW)));
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'in_flight')).toHaveLength(7);
  });

  check('gives a released key to the next', async (store) => {
    await store.claim(ACME, recordOf('k'), NOW);
    await store.release(ACME, 'k');
    expect(await store.claim(ACME, recordOf('k', 8), NOW)).toEqual(CLAIMED);
  });

  check('releases a key that nobody holds without a complaint', async (store) => {
    await store.release(ACME, 'k');
    expect(await store.claim(ACME, recordOf('k'), NOW)).toEqual(CLAIMED);
  });

  check('tells what was answered, to the same request and to another one', async (store) => {
    await finish(store, recordOf('k'), 'first');
    expect(await claimedAnswer(store, recordOf('k'), NOW + 1)).toEqual([7, 'first']);
    expect(await claimedAnswer(store, recordOf('k', 8), NOW + DAY_MS - 1)).toEqual([7, 'first']);
  });

  check('keeps what was answered when somebody releases the key afterwards', async (store) => {
    await finish(store, recordOf('k'), 'first');
    await store.release(ACME, 'k');
    expect(await claimedAnswer(store, recordOf('k'), NOW)).toEqual([7, 'first']);
  });

  check('forgets an answer when its time is over', async (store) => {
    await finish(store, recordOf('k'), 'first');
    const later = NOW + DAY_MS + 1;
    await finish(store, recordOf('k', 8, later + DAY_MS), 'second', later);
    expect(await claimedAnswer(store, recordOf('k'), later)).toEqual([8, 'second']);
  });

  check('does not count an answer that ends before what the caller counts', async (store) => {
    await finish(store, recordOf('k'), 'first');
    const voidUntil = NOW + DAY_MS - 1;
    expect(await claimedAnswer(store, { ...recordOf('k'), voidUntil }, NOW + 1)).toEqual([7, 'first']);
    const anew = { ...recordOf('k', 8, NOW + DAY_MS + 1), voidUntil: NOW + DAY_MS };
    await finish(store, anew, 'second', NOW + 1);
    expect(await claimedAnswer(store, anew, NOW + 2)).toEqual([8, 'second']);
    expect(await claimedAnswer(store, recordOf('k'), NOW + 2)).toEqual([8, 'second']);
  });

  check('takes a claim away after a minute', async (store) => {
    await store.claim(ACME, recordOf('k'), NOW);
    expect(await store.claim(ACME, recordOf('k'), NOW + MINUTE_MS - 1)).toEqual(IN_FLIGHT);
    expect(await store.claim(ACME, recordOf('k'), NOW + MINUTE_MS + 1)).toEqual(CLAIMED);
    expect(await store.claim(ACME, recordOf('k'), NOW + MINUTE_MS + 2)).toEqual(IN_FLIGHT);
  });

  check('lets nobody commit whose claim went to another, when that one is done', async (store) => {
    await store.claim(ACME, recordOf('k'), NOW);
    await finish(store, recordOf('k'), 'by the second', NOW + MINUTE_MS + 1);
    const before = await headOf(store, refOf());
    const append = { partition: 0, entry: entryOf(), fence: before.fence };
    const late = store.commitAtomic(ACME, TOPIC, [append], recordOf('k'), () => Buffer.from('by the first'));
    await expect(late).rejects.toThrow();
    expect(await headOf(store, refOf())).toEqual(before);
    expect(await claimedAnswer(store, recordOf('k'), NOW)).toEqual([7, 'by the second']);
  });

  check('keeps the same key of two tenants apart', async (store) => {
    await finish(store, recordOf('k'), 'ours');
    expect(await store.claim(GLOBEX, recordOf('k'), NOW)).toEqual(CLAIMED);
    await store.release(GLOBEX, 'k');
    expect(await claimedAnswer(store, recordOf('k'), NOW)).toEqual([7, 'ours']);
  });

  check('takes every key and answer that the contract allows', async (store) => {
    const keys = ['!', '~'.repeat(255), 'a/b:c"d\\e', '0', '__proto__'];
    for (const key of keys) await finish(store, recordOf(key), key.repeat(300));
    await finish(store, recordOf('empty'), '');
    for (const key of keys) expect(await claimedAnswer(store, recordOf(key), NOW)).toEqual([7, key.repeat(300)]);
    expect(await claimedAnswer(store, recordOf('empty'), NOW)).toEqual([7, '']);
  });
};
