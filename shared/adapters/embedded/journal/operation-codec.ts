import type { TenantId, TopicId } from '../../../contract/ids.ts';
import type { PartitionRef } from '../../../ports/offset-store.ts';
import { ByteReader } from '../encoding/byte-reader.ts';
import type { ByteWriter } from '../encoding/byte-writer.ts';
import { readEntry, writeEntry } from '../encoding/entry-codec.ts';
import type { Operation } from './operation.ts';

type Kind = Operation['kind'];
type OfKind<K extends Kind> = Extract<Operation, { kind: K }>;

interface Codec<K extends Kind> {
  /** Its first byte in the journal: never changes. */
  readonly code: number;
  write(to: ByteWriter, operation: OfKind<K>): void;
  read(from: ByteReader): OfKind<K>;
}

const writePlace = (to: ByteWriter, { tenant, ref }: { tenant: TenantId; ref: PartitionRef }): ByteWriter =>
  to.text(tenant).uuid(ref.topicId).varint(ref.partition);

const readTenant = (from: ByteReader): TenantId => from.text() as TenantId;
const readTopicId = (from: ByteReader): TopicId => from.uuid() as TopicId;
const readPlace = (from: ByteReader): { tenant: TenantId; ref: PartitionRef } => ({
  tenant: readTenant(from),
  ref: { topicId: readTopicId(from), partition: from.varint() },
});

const CODECS: { readonly [K in Kind]: Codec<K> } = {
  blob: {
    code: 1,
    write: (to, { length, crc }) => to.varint(length).u32(crc),
    read: (from) => ({ kind: 'blob', length: from.varint(), crc: from.u32() }),
  },
  append: {
    code: 2,
    write: (to, operation) => writeEntry(writePlace(to, operation).varint(operation.baseOffset), operation.entry),
    read: (from) => ({ kind: 'append', ...readPlace(from), baseOffset: from.varint(), entry: readEntry(from) }),
  },
  answer: {
    code: 3,
    write: (to, { tenant, key, fingerprint, expiresAt, answer }) =>
      to.text(tenant).text(key).block(fingerprint).f64(expiresAt).block(answer),
    read: (from) => ({
      kind: 'answer',
      tenant: readTenant(from),
      key: from.text(),
      fingerprint: Uint8Array.from(from.block()),
      expiresAt: from.f64(),
      answer: Uint8Array.from(from.block()),
    }),
  },
  seal: {
    code: 4,
    write: (to, operation) => writePlace(to, operation).varint(operation.baseOffset).varint(operation.count),
    read: (from) => ({ kind: 'seal', ...readPlace(from), baseOffset: from.varint(), count: from.varint() }),
  },
  fence: {
    code: 5,
    write: (to, operation) => writePlace(to, operation).varint(operation.fence),
    read: (from) => ({ kind: 'fence', ...readPlace(from), fence: from.varint() }),
  },
  trim: {
    code: 6,
    write: (to, operation) =>
      writePlace(to, operation)
        .varint(operation.logStartOffset)
        .varint(operation.retainedBytes)
        .varint(operation.deadBelow),
    read: (from) => ({
      kind: 'trim',
      ...readPlace(from),
      logStartOffset: from.varint(),
      retainedBytes: from.varint(),
      deadBelow: from.varint(),
    }),
  },
  create: {
    code: 7,
    write: (to, { tenant, topicId, from, to: end, firstNumber }) =>
      to.text(tenant).uuid(topicId).varint(from).varint(end).varint(firstNumber),
    read: (from) => ({
      kind: 'create',
      tenant: readTenant(from),
      topicId: readTopicId(from),
      from: from.varint(),
      to: from.varint(),
      firstNumber: from.varint(),
    }),
  },
  drop: {
    code: 8,
    write: (to, { tenant, topicId, partitions }) => to.text(tenant).uuid(topicId).varint(partitions),
    read: (from) => ({
      kind: 'drop',
      tenant: readTenant(from),
      topicId: readTopicId(from),
      partitions: from.varint(),
    }),
  },
  delete: {
    code: 9,
    write: (to, { tenant, id }) => to.text(tenant).uuid(id),
    read: (from) => ({ kind: 'delete', tenant: readTenant(from), id: from.uuid() }),
  },
};

const BY_CODE = new Map(Object.values(CODECS).map((codec) => [codec.code, codec]));

/** @throws when the operation holds something that would not come back as it is; part of it may have been written. */
export const writeOperation = <K extends Kind>(to: ByteWriter, operation: OfKind<K>): void => {
  const codec = CODECS[operation.kind as K] as unknown as Codec<K>;
  to.u8(codec.code);
  codec.write(to, operation);
};

/** @throws {RangeError} when the bytes are no operations. */
export const decodeOperations = (bytes: Buffer): Operation[] => {
  const from = new ByteReader(bytes);
  const operations: Operation[] = [];
  while (!from.atEnd) {
    const codec = BY_CODE.get(from.u8());
    if (codec === undefined) throw new RangeError('Unknown operation.');
    operations.push(codec.read(from));
  }
  return operations;
};
