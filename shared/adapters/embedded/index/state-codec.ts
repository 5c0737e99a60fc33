import { ByteReader } from '../encoding/byte-reader.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import { readEntries, writeEntries } from '../encoding/entry-codec.ts';
import type { PartitionState } from './partition-state.ts';

export const encodeState = ({ number, head, appendedBytes }: PartitionState): Buffer => {
  const to = new ByteWriter(64 + head.tail.length * 40);
  to.varint(number).varint(head.fence).varint(head.logStartOffset).varint(head.baseOffset).varint(head.nextOffset);
  to.varint(head.retainedBytes).varint(appendedBytes);
  writeEntries(to, head.tail);
  return to.bytes();
};

export const decodeState = (payload: Buffer): PartitionState => {
  const from = new ByteReader(payload);
  const number = from.varint();
  const fence = from.varint();
  const logStartOffset = from.varint();
  const baseOffset = from.varint();
  const nextOffset = from.varint();
  const retainedBytes = from.varint();
  const appendedBytes = from.varint();
  const tail = readEntries(from);
  return { number, head: { fence, logStartOffset, baseOffset, nextOffset, tail, retainedBytes }, appendedBytes };
};
