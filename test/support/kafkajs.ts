import { createRequire } from 'node:module';

/** The inner modules of kafkajs, which has no types for them: an implementation of Kafka's formats that is not ours. */
const load = createRequire(import.meta.url);

interface Encoder {
  readonly buffer: Buffer;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: unknown): Encoder;
}

export interface KafkajsRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: unknown;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

export interface KafkajsDecoded {
  readonly firstOffset: string;
  readonly lastOffsetDelta: number;
  readonly maxTimestamp: string;
  readonly producerId: string;
  readonly records: readonly {
    readonly attributes: number;
    readonly timestamp: string;
    readonly offset: string;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers: Readonly<Record<string, Buffer>>;
  }[];
}

const Long = load('kafkajs/src/utils/long') as { fromValue(value: number | string): unknown };
const EncoderClass = load('kafkajs/src/protocol/encoder') as new () => Encoder;
const DecoderClass = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => unknown;
const recordOf = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: KafkajsRecord) => unknown;
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch(batch: Readonly<Record<string, unknown>>): Promise<Encoder>;
};
const decodeBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: unknown,
) => Promise<KafkajsDecoded>;
const { JavaCompatiblePartitioner } = load('kafkajs/src/producer/partitioners') as {
  JavaCompatiblePartitioner(): (message: Readonly<Record<string, unknown>>) => number;
};

export const kafkajsLong = (value: number): unknown => Long.fromValue(String(value));
export const kafkajsVarint = (value: number): Buffer => new EncoderClass().writeVarInt(value).buffer;
export const kafkajsVarlong = (value: number): Buffer => new EncoderClass().writeVarLong(kafkajsLong(value)).buffer;
export const kafkajsCrc32c = load('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;

export interface KafkajsBatch {
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly compression: number;
  readonly records: readonly KafkajsRecord[];
}

export async function kafkajsEncode({
  firstTimestamp,
  maxTimestamp,
  compression,
  records,
}: KafkajsBatch): Promise<Buffer> {
  const batch = await RecordBatch({
    compression,
    firstTimestamp: kafkajsLong(firstTimestamp),
    maxTimestamp: kafkajsLong(maxTimestamp),
    lastOffsetDelta: records.length - 1,
    records: records.map(recordOf),
  });
  return batch.buffer;
}

export const kafkajsDecode = (bytes: Buffer): Promise<KafkajsDecoded> => decodeBatch(new DecoderClass(bytes));

const partition = JavaCompatiblePartitioner();
export const kafkajsPartition = (key: Buffer, partitions: number): number =>
  partition({
    topic: 'topic',
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 })),
    message: { key },
  });
