import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { must, produce } from '../support/bus.ts';
import { Seeded } from '../support/seeded.ts';
import type { Produced } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

/** Kafka's own test vectors (`UtilsTest.testMurmur2`): key and hash. */
const VECTORS: [string, number][] = [
  ['21', -973_932_308],
  ['foobar', -790_332_482],
  ['a-little-bit-long-string', -985_981_536],
  ['a-little-bit-longer-string', -1_486_304_829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
  ['abc', 479_470_107],
];

const byKafkajs = (key: Buffer, partitions: number): number => {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return kafkajs.Partitioners.DefaultPartitioner()({ topic: 't', partitionMetadata, message: { key, value: null } });
};

export const partitioning: Chapter = (bus) => {
  it("puts Kafka's test vectors where Kafka puts them", async () => {
    const topic = await bus.topic(7);
    const placed = await produce(
      bus.api,
      topic,
      VECTORS.map(([key]) => ({ key })),
    );
    expect(placed.map(({ partition }) => partition)).toEqual(VECTORS.map(([, hash]) => (hash & 0x7fffffff) % 7));
  });

  it.each([1, 2, 6, 13, 64])('agrees with kafkajs on random keys over %i partitions', async (partitions) => {
    const seeded = new Seeded(partitions);
    const keys = Array.from({ length: 300 }, () =>
      Buffer.from(Array.from({ length: seeded.integer(0, 40) }, () => seeded.integer(0, 256))),
    );
    const topic = await bus.topic(partitions);
    const placed = await produce(
      bus.api,
      topic,
      keys.map((key) => ({ keyBase64: key.toString('base64') })),
    );
    expect(placed.map(({ partition }) => partition)).toEqual(keys.map((key) => byKafkajs(key, partitions)));
  });

  it('hashes a key by its UTF-8, however it came', async () => {
    const topic = await bus.topic(64);
    const key = 'klíč 🔑';
    const records = [{ key }, { keyBase64: Buffer.from(key).toString('base64') }];
    const expected = byKafkajs(Buffer.from(key), 64);
    expect((await produce(bus.api, topic, records)).map(({ partition }) => partition)).toEqual([expected, expected]);
    const call = { body: 'raw', headers: { 'content-type': 'text/plain' } };
    const raw = must(
      await bus.api.send('POST', `/v1/topics/${topic}/records?key=${encodeURIComponent(key)}`, call),
      200,
    );
    expect(raw.json<Produced>().results[0]?.partition).toBe(expected);
  });

  it('hashes an empty key too: it is a key', async () => {
    const topic = await bus.topic(64);
    const expected = byKafkajs(Buffer.alloc(0), 64);
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await produce(bus.api, topic, [{ key: '' }]))[0]?.partition).toBe(expected);
    }
  });

  it('lets a partition that is given win over the key', async () => {
    const topic = await bus.topic(4);
    const records = [0, 1, 2, 3].map((partition) => ({ key: 'same', partition }));
    expect((await produce(bus.api, topic, records)).map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  });

  it('keeps records without a key together in a request, and spreads requests', async () => {
    const topic = await bus.topic(8);
    const used = new Set<number>();
    for (let turn = 0; turn < 40; turn += 1) {
      const placed = await produce(
        bus.api,
        topic,
        Array.from({ length: 5 }, (_, value) => ({ value })),
      );
      const partitions = new Set(placed.map(({ partition }) => partition));
      expect(partitions.size).toBe(1);
      for (const partition of partitions) used.add(partition);
    }
    expect(used.size).toBeGreaterThan(4);
  });

  it('keeps a request with keyed and keyless records sticky for the keyless ones only', async () => {
    const topic = await bus.topic(16);
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    const records = keys.flatMap((key) => [{ key }, { value: 'keyless' }]);
    const placed = await produce(bus.api, topic, records);
    expect(new Set(placed.filter((_, index) => index % 2 === 1).map(({ partition }) => partition)).size).toBe(1);
    const keyed = placed.filter((_, index) => index % 2 === 0).map(({ partition }) => partition);
    expect(keyed).toEqual(keys.map((key) => byKafkajs(Buffer.from(key), 16)));
  });
};
