import { describe, expect, it } from 'vitest';
import { createMemoryBlobStore } from '../../../../shared/adapters/memory/memory-blob-store.ts';
import { createZonalBlobStore } from '../../../../shared/adapters/placement/zonal-blob-store.ts';
import { createZonedBlobStore } from '../../../../shared/adapters/placement/zoned-blob-store.ts';
import { type BlobRef, BlobUnreadableError } from '../../../../shared/ports/blob-store.ts';
import { describeBlobStore } from '../../../contracts/blob-store.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME } from '../../../support/index-fixtures.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';
import { createMemoryZone } from './memory-zone.ts';

const TWICE = { replication: { copies: 2, quorum: 2 } };

const open = () => {
  const clock = createFakeClock();
  const zones = [0, 1, 2].map((at) => createMemoryZone(clock, `zone ${at}`));
  const replication = { copies: 3, quorum: 2 };
  const zonal = createZonalBlobStore({ zones, clock, random: createSeededRandom(), replication });
  const memory = createMemoryBlobStore();
  const lengths = new Map<string, number>();
  const journal: typeof memory = {
    ...memory,
    put: async (tenant, parts) => {
      const blob: BlobRef = { ...(await memory.put(tenant, parts)), kind: 'journal' };
      lengths.set(blob.id, Buffer.concat(parts).length);
      return blob;
    },
  };
  const store = createZonedBlobStore({ journal, zonal, lengthOf: ({ id }) => lengths.get(id) ?? 0 });
  const held = () => zones.reduce((sum, { objects }) => sum + objects.size, 0);
  return { zones, memory, store, held };
};

const text = (value: string) => [Buffer.from(value)];

describeBlobStore('journal and zones, one copy', async () => ({ store: open().store, close: async () => undefined }));
describeBlobStore('journal and zones, two copies', async () => {
  const { store } = open();
  return { store: { ...store, put: (tenant, parts) => store.put(tenant, parts, TWICE) }, close: async () => undefined };
});

describe('journal and zones', () => {
  it('keep a single copy in the journal alone, and several in zones alone', async () => {
    const { store, held } = open();
    expect((await store.put(ACME, text('once'))).kind).toBe('journal');
    expect(held()).toBe(0);
    expect((await store.put(ACME, text('twice'), TWICE)).kind).toBe('zonal');
    expect(held()).toBe(2);
  });

  it('read what is in both at once, in the order of the call', async () => {
    const { store } = open();
    const blobs = [await store.put(ACME, text('once')), await store.put(ACME, text('two'), TWICE)];
    const slices = [1, 0, 1].map((at) => ({ blob: blobs[at]!, position: 0, length: 3 }));
    expect((await store.read(ACME, slices)).map((bytes) => Buffer.from(bytes).toString())).toEqual([
      'two',
      'onc',
      'two',
    ]);
  });

  it('bring a blob of the journal into zones, and read it there when the journal has lost it', async () => {
    const { store, memory, held } = open();
    const [kept, lost] = [await store.put(ACME, text('kept')), await store.put(ACME, text('lost'))];
    expect(await store.repair(ACME, lost, 3)).toEqual({ copies: 3, made: 3 });
    expect(await store.repair(ACME, lost, 3)).toEqual({ copies: 3, made: 0 });
    expect(held()).toBe(3);
    await memory.delete(ACME, lost);
    const slices = [kept, lost].map((blob) => ({ blob, position: 1, length: 3 }));
    expect((await store.read(ACME, slices)).map((bytes) => Buffer.from(bytes).toString())).toEqual(['ept', 'ost']);
    await memory.delete(ACME, kept);
    await expect(store.read(ACME, slices)).rejects.toBeInstanceOf(BlobUnreadableError);
  });

  it('delete every copy', async () => {
    const { store, held } = open();
    const [once, twice] = [await store.put(ACME, text('once')), await store.put(ACME, text('twice'), TWICE)];
    await store.repair(ACME, once, 3);
    await store.delete(ACME, once);
    await store.delete(ACME, twice);
    expect(held()).toBe(0);
  });
});
