import { describe, expect, it } from 'vitest';
import { createMemoryBlobStore } from '../../../../shared/adapters/memory/memory-blob-store.ts';
import { createPlacedBlobStore } from '../../../../shared/adapters/placement/placed-blob-store.ts';
import { createStandardBlobStore } from '../../../../shared/adapters/placement/standard-blob-store.ts';
import { ChasquiError } from '../../../../shared/contract/errors.ts';
import { type BlobRef, type BlobStore, BlobUnreadableError } from '../../../../shared/ports/blob-store.ts';
import { describeBlobStore } from '../../../contracts/blob-store.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME } from '../../../support/index-fixtures.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';
import { createMemoryZone } from './memory-zone.ts';

/** Blobs in memory under the name of another kind. */
const named = (kind: BlobRef['kind']): BlobStore => {
  const inner = createMemoryBlobStore();
  return { ...inner, put: async (tenant, parts) => ({ ...(await inner.put(tenant, parts)), kind }) };
};

const open = () => {
  const clock = createFakeClock();
  const bucket = createMemoryZone(clock, 'bucket');
  const standard = createStandardBlobStore({ bucket, clock, random: createSeededRandom() });
  const stores = { inline: named('inline'), standard };
  const store = createPlacedBlobStore({
    stores,
    inlineLimitBytes: 10_000,
    clock,
    breaker: { coolMs: 60_000 },
  });
  return { clock, bucket, store, stores };
};

/** Lets the pauses between attempts pass. */
const afterRetries = async <Answer>(clock: { advance(ms: number): Promise<void> }, answer: Promise<Answer>) => {
  answer.catch(() => undefined);
  for (let pauses = 0; pauses < 4; pauses += 1) await clock.advance(3000);
  return answer;
};

describeBlobStore('inline and standard', async () => ({ store: open().store, close: async () => undefined }));

describe('placement', () => {
  it('puts blobs of up to 4 KiB into the table, others into the bucket', async () => {
    const { store, bucket } = open();
    const kinds = [];
    for (const bytes of [0, 1, 4096, 4097, 20_000]) {
      const parts = [new Uint8Array(Math.floor(bytes / 2)), new Uint8Array(Math.ceil(bytes / 2))];
      kinds.push((await store.put(ACME, parts)).kind);
    }
    expect(kinds).toEqual(['inline', 'inline', 'inline', 'standard', 'standard']);
    expect(bucket.objects.size).toBe(2);
  });

  it('tries the bucket again after a failure', async () => {
    const { store, bucket, clock } = open();
    bucket.state = 'failing';
    const put = store.put(ACME, [new Uint8Array(20_000)]);
    await clock.advance(0);
    bucket.state = 'fine';
    expect((await afterRetries(clock, put)).kind).toBe('standard');
  });

  it('puts what fits into the table when the bucket fails, and refuses what does not', async () => {
    const { store, bucket, clock } = open();
    bucket.state = 'failing';
    expect((await afterRetries(clock, store.put(ACME, [new Uint8Array(10_000)]))).kind).toBe('inline');
    const refused = await afterRetries(clock, store.put(ACME, [new Uint8Array(10_001)])).catch((error) => error);
    expect(refused).toBeInstanceOf(ChasquiError);
    expect(refused).toMatchObject({ code: 'unavailable', sideEffects: 'none' });
  });

  it('does not wait for a bucket that keeps failing, and goes back to it later', async () => {
    const { store, bucket, clock } = open();
    bucket.state = 'failing';
    for (let at = 0; at < 3; at += 1) await afterRetries(clock, store.put(ACME, [new Uint8Array(9000)]));
    const asked = bucket.calls.put;
    expect((await store.put(ACME, [new Uint8Array(9000)])).kind).toBe('inline');
    expect(bucket.calls.put).toBe(asked);
    bucket.state = 'fine';
    await clock.advance(60_000);
    expect((await store.put(ACME, [new Uint8Array(9000)])).kind).toBe('standard');
    expect((await store.put(ACME, [new Uint8Array(9000)])).kind).toBe('standard');
  });

  it('gives up on a bucket that hangs, in time', async () => {
    const { store, bucket, clock } = open();
    bucket.state = 'hanging';
    const put = store.put(ACME, [new Uint8Array(5000)]);
    expect((await afterRetries(clock, put)).kind).toBe('inline');
  });

  it('reads blobs of every kind in the order of the call', async () => {
    const { store } = open();
    const small = await store.put(ACME, [Buffer.from('small')]);
    const large = await store.put(ACME, [Buffer.from('large'.repeat(1000))]);
    const slices = [large, small, large, small].map((blob, at) => ({ blob, position: at, length: 2 }));
    const texts = (await store.read(ACME, slices)).map((bytes) => Buffer.from(bytes).toString());
    expect(texts).toEqual(['la', 'ma', 'rg', 'll']);
  });

  it('tells blobs that are lost from a bucket that cannot be read now', async () => {
    const { store, bucket, clock } = open();
    const blob = await store.put(ACME, [new Uint8Array(5000)]);
    const read = () => store.read(ACME, [{ blob, position: 0, length: 5000 }]);
    bucket.state = 'failing';
    await expect(afterRetries(clock, read())).rejects.toMatchObject({ code: 'unavailable' });
    bucket.state = 'fine';
    bucket.objects.clear();
    await expect(read()).rejects.toBeInstanceOf(BlobUnreadableError);
  });

  it('cannot read blobs of a kind that it has no store for', async () => {
    const { store } = open();
    const blob = { kind: 'zonal', id: '01990000-0000-7000-8000-00000000dead', zones: 7 } as const;
    await expect(store.read(ACME, [{ blob, position: 0, length: 1 }])).rejects.toBeInstanceOf(BlobUnreadableError);
  });
});
