import { describe, expect, it } from 'vitest';
import type { TenantId } from '../../shared/contract/ids.ts';
import { type BlobRef, type BlobSlice, type BlobStore, BlobUnreadableError } from '../../shared/ports/blob-store.ts';
import { ACME, GLOBEX } from '../support/index-fixtures.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { type Check, checksOf, type Open } from './checks.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sliceOf = (blob: BlobRef, position: number, length: number): BlobSlice => ({ blob, position, length });

const readOne = async (store: BlobStore, slice: BlobSlice, tenant: TenantId = ACME): Promise<string> =>
  Buffer.from((await store.read(tenant, [slice]))[0]!).toString();

const expectUnreadable = async (store: BlobStore, slice: BlobSlice, tenant: TenantId = ACME): Promise<void> => {
  const error = await store.read(tenant, [slice]).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BlobUnreadableError);
  expect((error as BlobUnreadableError).place).not.toBe('');
};

const describeWrites = (check: Check<BlobStore>): void => {
  check('stores the parts behind each other', async (store) => {
    const blob = await store.put(ACME, [bytes('one'), bytes(''), bytes('two'), bytes('three')]);
    expect(await readOne(store, sliceOf(blob, 0, 11))).toBe('onetwothree');
  });

  check('names every blob anew, with a UUID', async (store) => {
    const blobs = await Promise.all(Array.from({ length: 20 }, () => store.put(ACME, [bytes('same')])));
    expect(new Set(blobs.map(({ id }) => id)).size).toBe(20);
    for (const { id, zones } of blobs) {
      expect(id).toMatch(UUID);
      expect(Number.isInteger(zones)).toBe(true);
    }
  });

  check('keeps blobs that are put at once apart', async (store) => {
    const texts = Array.from({ length: 30 }, (_, at) => `blob ${at} `.repeat(at + 1));
    const blobs = await Promise.all(texts.map((text) => store.put(ACME, [bytes(text)])));
    const slices = blobs.map((blob, at) => sliceOf(blob, 0, texts[at]!.length));
    const read = await store.read(ACME, slices);
    expect(read.map((found) => Buffer.from(found).toString())).toEqual(texts);
  });

  check('takes every byte and several megabytes', async (store) => {
    const random = createSeededRandom(7);
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    const large = new Uint8Array(5_000_000).fill(7);
    large.set(random.bytes(1000), 3_999_500);
    const blob = await store.put(ACME, [all, large]);
    const [first, middle] = await store.read(ACME, [sliceOf(blob, 0, 256), sliceOf(blob, 3_999_256, 2000)]);
    expect(Buffer.compare(first!, all)).toBe(0);
    expect(Buffer.compare(middle!, large.subarray(3_999_000, 4_001_000))).toBe(0);
  });

  check('deletes one blob and no other, as often as asked', async (store) => {
    const [kept, gone] = [await store.put(ACME, [bytes('kept')]), await store.put(ACME, [bytes('gone')])];
    await store.delete(ACME, gone);
    await store.delete(ACME, gone);
    expect(await readOne(store, sliceOf(kept, 0, 4))).toBe('kept');
  });

  check('deletes nothing of another tenant', async (store) => {
    const blob = await store.put(ACME, [bytes('ours')]);
    await store.delete(GLOBEX, blob);
    expect(await readOne(store, sliceOf(blob, 0, 4))).toBe('ours');
  });
};

const describeReads = (check: Check<BlobStore>): void => {
  check(
    'reads slices of several blobs in the order of the call, neighbours, overlaps and repeats too',
    async (store) => {
      const a = await store.put(ACME, [bytes('abcdefghij')]);
      const b = await store.put(ACME, [bytes('0123456789')]);
      const slices = [
        sliceOf(b, 4, 3),
        sliceOf(a, 0, 3),
        sliceOf(a, 3, 3),
        sliceOf(a, 2, 5),
        sliceOf(b, 0, 4),
        sliceOf(b, 4, 3),
        sliceOf(a, 9, 1),
        sliceOf(a, 5, 0),
      ];
      const read = await store.read(ACME, slices);
      const texts = read.map((found) => Buffer.from(found).toString());
      expect(texts).toEqual(['456', 'abc', 'def', 'cdefg', '0123', '456', 'j', '']);
      expect(await store.read(ACME, [])).toEqual([]);
    },
  );

  check('fails for a slice that ends behind its blob, even when another blob follows there', async (store) => {
    const blob = await store.put(ACME, [bytes('short')]);
    await store.put(ACME, [bytes('the next one')]);
    await expectUnreadable(store, sliceOf(blob, 0, 6));
    await expectUnreadable(store, sliceOf(blob, 5, 1));
    await expectUnreadable(store, sliceOf(blob, 100, 1));
  });

  check('fails for a blob that never was', async (store) => {
    const blob = await store.put(ACME, [bytes('here')]);
    await expectUnreadable(store, sliceOf({ ...blob, id: '01990000-0000-7000-8000-00000000dead' }, 0, 4));
  });

  check('fails as a whole when one slice fails', async (store) => {
    const blob = await store.put(ACME, [bytes('here')]);
    const missing = { ...blob, id: '01990000-0000-7000-8000-00000000dead' };
    const read = store.read(ACME, [sliceOf(blob, 0, 4), sliceOf(missing, 0, 4)]);
    await expect(read).rejects.toBeInstanceOf(BlobUnreadableError);
  });

  check('shows nothing of one tenant to another', async (store) => {
    const blob = await store.put(ACME, [bytes('ours')]);
    await store.put(GLOBEX, [bytes('theirs')]);
    await expectUnreadable(store, sliceOf(blob, 0, 4), GLOBEX);
  });
};

const describeDeletion = (open: Open<BlobStore>): void => {
  it('finds a deleted blob no more, at the latest after a restart', async () => {
    const { store, reopen, close } = await open();
    const [kept, gone] = [await store.put(ACME, [bytes('kept')]), await store.put(ACME, [bytes('gone')])];
    await store.delete(ACME, gone);
    const after = reopen === undefined ? store : await reopen();
    await expectUnreadable(after, sliceOf(gone, 0, 4));
    expect(await readOne(after, sliceOf(kept, 0, 4))).toBe('kept');
    await close();
  });
};

/** What every blob store has to do. */
export const describeBlobStore = (name: string, open: Open<BlobStore>): void => {
  const check = checksOf(open, ['read']);
  describe(`${name}: blob store`, () => {
    describe('put and delete', () => describeWrites(check));
    describe('after a restart', () => describeDeletion(open));
    describe('read', () => describeReads(check));
  });
};
