import { murmur2 } from '../lib/murmur2.ts';

/** Where Kafka's default partitioner would put this key: `toPositive(murmur2(key)) % partitions`. An empty key is a key. */
export const partitionForKey = (key: Uint8Array, partitions: number): number =>
  (murmur2(key) & 0x7fff_ffff) % partitions;
