import type { TenantId } from '../../../contract/ids.ts';
import type { IndexEntry } from '../../../ports/offset-store.ts';
import { ByteReader } from '../encoding/byte-reader.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import { readEntries, writeEntries } from '../encoding/entry-codec.ts';
import { guard, unguard } from './guarded-value.ts';
import { baseOffsetOfKey, segmentKey } from './keys.ts';
import type { Segment } from './partition-state.ts';

export interface SegmentContent {
  readonly baseOffset: number;
  readonly endOffset: number;
  /** Bytes of all entries of the partition before this segment. */
  readonly bytesBefore: number;
  readonly entries: readonly IndexEntry[];
}

const countOf = (entries: readonly IndexEntry[]): number => entries.reduce((sum, entry) => sum + entry.count, 0);
const maxTimestampOf = (entries: readonly IndexEntry[]): number =>
  entries.reduce((max, entry) => Math.max(max, entry.maxTimestamp), Number.NEGATIVE_INFINITY);

/** Encoded when it is sealed, not at the checkpoint, so that the work comes in small pieces. */
export const makeSegment = (tenant: TenantId, number: number, content: Omit<SegmentContent, 'endOffset'>): Segment => {
  const { baseOffset, bytesBefore, entries } = content;
  const key = segmentKey(tenant, number, baseOffset);
  const endOffset = baseOffset + countOf(entries);
  const maxTimestamp = maxTimestampOf(entries);
  const to = new ByteWriter(64 + entries.length * 40).f64(maxTimestamp).varint(endOffset).varint(bytesBefore);
  writeEntries(to, entries);
  return { number, baseOffset, endOffset, maxTimestamp, key, value: guard('segments', key, to.bytes()) };
};

/** The timestamp alone, without the entries. */
export const segmentMaxTimestamp = (payload: Buffer): number => payload.readDoubleBE(0);

export const decodeSegment = (key: Buffer, payload: Buffer): SegmentContent => {
  const from = new ByteReader(payload);
  from.f64();
  const endOffset = from.varint();
  const bytesBefore = from.varint();
  return { baseOffset: baseOffsetOfKey(key), endOffset, bytesBefore, entries: readEntries(from) };
};

export const openSegment = ({ key, value }: Segment): SegmentContent =>
  decodeSegment(key, unguard('segments', key, value));
