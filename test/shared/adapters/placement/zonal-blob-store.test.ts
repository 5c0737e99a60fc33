import { describe, expect, it } from 'vitest';
import { createZonalBlobStore, type ZonalOptions } from '../../../../shared/adapters/placement/zonal-blob-store.ts';
import { ChasquiError } from '../../../../shared/contract/errors.ts';
import { type BlobRef, type BlobStore, BlobUnreadableError } from '../../../../shared/ports/blob-store.ts';
import { describeBlobStore } from '../../../contracts/blob-store.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME } from '../../../support/index-fixtures.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';
import { createMemoryZone } from './memory-zone.ts';

const open = (zoneCount = 3, options: Partial<ZonalOptions> = {}) => {
  const clock = createFakeClock();
  const zones = Array.from({ length: zoneCount }, (_, at) => createMemoryZone(clock, `zone ${at}`));
  const replication = { copies: zoneCount, quorum: Math.min(2, zoneCount) };
  const random = createSeededRandom();
  const store = createZonalBlobStore({ zones, clock, random, replication, ...options });
  return { clock, zones, store };
};

const text = (value: string): Uint8Array[] => [Buffer.from(value)];
const readAll = async (store: BlobStore, blob: BlobRef, length: number): Promise<string> =>
  Buffer.from((await store.read(ACME, [{ blob, position: 0, length }]))[0]!).toString();
const holders = (zones: readonly { objects: Map<string, unknown> }[], blob: BlobRef): number[] =>
  zones.map(({ objects }) => Number(objects.has(`${ACME}/${blob.id}`)));
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  const turn = new Promise((resolve) => setImmediate(() => resolve(pending)));
  return (await Promise.race([promise.catch(() => 'failed'), turn])) !== pending;
};

describeBlobStore('three zones in memory', async () => ({ store: open().store, close: async () => undefined }));
describeBlobStore('one zone in memory', async () => ({ store: open(1).store, close: async () => undefined }));

describe('zonal put', () => {
  it('resolves at the second-fastest zone, and the slowest gets its copy afterwards', async () => {
    const { clock, zones, store } = open();
    zones.forEach((zone, at) => {
      zone.delayMs = [10, 30, 200][at]!;
    });
    const put = store.put(ACME, text('hello'));
    await clock.advance(29);
    expect(await isSettled(put)).toBe(false);
    await clock.advance(1);
    const blob = await put;
    expect(blob).toMatchObject({ kind: 'zonal', zones: 0b011 });
    expect(holders(zones, blob)).toEqual([1, 1, 0]);
    await clock.advance(200);
    expect(holders(zones, blob)).toEqual([1, 1, 1]);
  });

  it('goes on when a zone fails, is lost or hangs', async () => {
    for (const state of ['failing', 'lost', 'hanging'] as const) {
      const { zones, store } = open();
      zones[1]!.state = state;
      const blob = await store.put(ACME, text('hello'));
      expect(blob.zones).toBe(0b101);
      expect(await readAll(store, blob, 5)).toBe('hello');
    }
  });

  it('says that nothing was stored when the quorum cannot be had', async () => {
    const { zones, store } = open();
    for (const at of [0, 2]) zones[at]!.state = 'failing';
    const error = await store.put(ACME, text('hello')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChasquiError);
    expect(error).toMatchObject({ code: 'unavailable', sideEffects: 'none', retryable: true });
  });

  it('gives up when zones hang, in time', async () => {
    const { clock, zones, store } = open();
    for (const at of [0, 2]) zones[at]!.state = 'hanging';
    const put = store.put(ACME, text('hello'));
    put.catch(() => undefined);
    await clock.advance(3000);
    await expect(put).rejects.toBeInstanceOf(ChasquiError);
  });

  it('tells once of a zone that keeps failing, and again when it has been well meanwhile', async () => {
    const told: string[] = [];
    const { clock, zones, store } = open(3, { onFailing: (zone) => told.push(zone), breaker: { coolMs: 1 } });
    for (const state of ['failing', 'fine', 'failing'] as const) {
      zones[1]!.state = state;
      for (let at = 0; at < 10; at += 1) {
        await store.put(ACME, text('hello'));
        await clock.advance(5);
      }
    }
    expect(told).toEqual(['zone 1', 'zone 1']);
  });

  it('leaves a zone alone that keeps failing, and tries it again later', async () => {
    const { clock, zones, store } = open();
    zones[0]!.state = 'failing';
    for (let at = 0; at < 20; at += 1) await store.put(ACME, text('hello'));
    expect(zones[0]!.calls.put).toBe(3);
    zones[0]!.state = 'fine';
    await clock.advance(10_000);
    await store.put(ACME, text('hello'));
    await clock.advance(0);
    const blob = await store.put(ACME, text('hello'));
    expect(holders(zones, blob)).toEqual([1, 1, 1]);
  });

  it('asks a doubtful zone rather than fail', async () => {
    const { zones, store } = open();
    zones[0]!.state = 'failing';
    for (let at = 0; at < 5; at += 1) await store.put(ACME, text('hello'));
    zones[0]!.state = 'fine';
    zones[1]!.state = 'failing';
    const blob = await store.put(ACME, text('hello'));
    expect(blob.zones).toBe(0b101);
  });

  it('takes the replication of the call, shares the load and replaces a zone that fails by another', async () => {
    const { zones, store } = open(4);
    const twice = { copies: 2, quorum: 2 };
    for (let at = 0; at < 60; at += 1) await store.put(ACME, text('hello'), { replication: twice });
    const shares = zones.map(({ objects }) => objects.size);
    expect(shares.reduce((sum, share) => sum + share)).toBe(120);
    expect(Math.min(...shares)).toBeGreaterThan(10);
    zones[2]!.state = 'failing';
    for (let at = 0; at < 60; at += 1) await store.put(ACME, text('hello'), { replication: twice });
    expect(zones.reduce((sum, { objects }) => sum + objects.size, 0)).toBe(240);
    const beyond = store.put(ACME, text('hello'), { replication: { copies: 5, quorum: 5 } });
    await expect(beyond).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none' });
  });

  it('sends no further bytes to a zone that owes too many answers', async () => {
    const { zones, store } = open(3, { backlogBytes: 1000 });
    zones[0]!.state = 'hanging';
    for (let at = 0; at < 5; at += 1) await store.put(ACME, [new Uint8Array(600)]);
    expect(zones[0]!.calls.put).toBe(2);
  });
});

describe('zonal read', () => {
  it('asks the nearest zone that has a copy, and nobody else', async () => {
    const { zones, store } = open(3, { nearest: 2 });
    const blob = await store.put(ACME, text('hello'));
    expect(await readAll(store, { ...blob, zones: 0b011 }, 5)).toBe('hello');
    expect(await readAll(store, { ...blob, zones: 0b110 }, 5)).toBe('hello');
    expect(zones.map(({ calls }) => calls.get)).toEqual([1, 0, 1]);
  });

  it('asks the next zone too after a while, and takes the first answer', async () => {
    const { clock, zones, store } = open();
    const blob = await store.put(ACME, text('hello'));
    zones[0]!.delayMs = 500;
    const read = readAll(store, { ...blob, zones: 0b111 }, 5);
    await clock.advance(49);
    expect(zones.map(({ calls }) => calls.get)).toEqual([1, 0, 0]);
    await clock.advance(1);
    expect(await read).toBe('hello');
    expect(zones.map(({ calls }) => calls.get)).toEqual([1, 1, 0]);
  });

  it('asks the next zone at once when one fails or has lost the blob, and finds later copies', async () => {
    const { zones, store } = open();
    const blob = await store.put(ACME, text('hello'));
    zones[0]!.state = 'failing';
    zones[1]!.objects.clear();
    expect(await readAll(store, { ...blob, zones: 0b011 }, 5)).toBe('hello');
  });

  it('takes a part of a blob for none', async () => {
    const { zones, store } = open();
    const blob = await store.put(ACME, text('hello'));
    zones[0]!.objects.set(`${ACME}/${blob.id}`, Buffer.from('hel'));
    expect(await readAll(store, { ...blob, zones: 0b111 }, 5)).toBe('hello');
  });

  it('tells what is lost from what cannot be read now', async () => {
    const { zones, store } = open();
    const blob = await store.put(ACME, text('hello'));
    for (const zone of zones) zone.objects.clear();
    await expect(readAll(store, blob, 5)).rejects.toBeInstanceOf(BlobUnreadableError);
    zones[2]!.state = 'failing';
    await expect(readAll(store, blob, 5)).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none' });
  });

  it('leaves no timer behind', async () => {
    const { clock, store } = open();
    const blob = await store.put(ACME, text('hello'));
    await readAll(store, blob, 5);
    await clock.turn();
    expect(clock.sleeping()).toBe(0);
  });
});

describe('zonal repair', () => {
  it('brings back what a zone lost, and changes nothing where all is well', async () => {
    const { zones, store } = open();
    zones[1]!.state = 'lost';
    const blobs = [];
    for (let at = 0; at < 10; at += 1) blobs.push(await store.put(ACME, text(`blob ${at}`)));
    zones[1]!.state = 'fine';
    for (const blob of blobs) expect(await store.repair(ACME, blob, 3)).toEqual({ copies: 3, made: 1 });
    const puts = zones.map(({ calls }) => calls.put);
    for (const blob of blobs) {
      expect(await store.repair(ACME, blob, 3)).toEqual({ copies: 3, made: 0 });
      expect(holders(zones, blob)).toEqual([1, 1, 1]);
    }
    expect(zones.map(({ calls }) => calls.put)).toEqual(puts);
  });

  it('replaces a part of a blob by the whole', async () => {
    const { zones, store } = open();
    const blob = await store.put(ACME, text('hello'));
    zones[2]!.objects.set(`${ACME}/${blob.id}`, Buffer.from('he'));
    expect(await store.repair(ACME, blob, 3)).toEqual({ copies: 3, made: 1 });
    expect(Buffer.from(zones[2]!.objects.get(`${ACME}/${blob.id}`)!).toString()).toBe('hello');
  });

  it('makes as many copies as are asked for, and as can be had', async () => {
    const { zones, store } = open();
    const blob = await store.put(ACME, text('hello'), { replication: { copies: 1, quorum: 1 } });
    expect(await store.repair(ACME, blob, 2)).toEqual({ copies: 2, made: 1 });
    expect(holders(zones, blob).reduce((sum, held) => sum + held)).toBe(2);
    const spare = zones.find((_, at) => holders(zones, blob)[at] === 0)!;
    spare.state = 'failing';
    expect(await store.repair(ACME, blob, 3)).toEqual({ copies: 2, made: 0 });
  });

  it('says so when no zone has the blob', async () => {
    const { zones, store } = open();
    const blob = await store.put(ACME, text('hello'));
    for (const zone of zones) zone.objects.clear();
    await expect(store.repair(ACME, blob, 3)).rejects.toBeInstanceOf(BlobUnreadableError);
  });
});
