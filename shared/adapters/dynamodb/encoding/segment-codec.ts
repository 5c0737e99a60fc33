import type { IndexEntry } from '../../../ports/offset-store.ts';
import { DecodeError, Decoder, Encoder } from './byte-codec.ts';
import { readEntry, writeEntry } from './entry-codec.ts';

/** Entries that were sealed together, with what was counted before them. */
export interface Segment {
  readonly baseOffset: number;
  /** 0 for the first segment of its partition, and so on. */
  readonly ordinal: number;
  /** Bytes of all entries of the partition before this segment. */
  readonly bytesBefore: number;
  readonly entries: readonly IndexEntry[];
}

export const recordsOf = (entries: readonly IndexEntry[]): number => entries.reduce((sum, { count }) => sum + count, 0);

export const bytesOf = (entries: readonly IndexEntry[]): number => entries.reduce((sum, { length }) => sum + length, 0);

export const peakOf = (entries: readonly IndexEntry[]): number =>
  entries.reduce((peak, { maxTimestamp }) => Math.max(peak, maxTimestamp), Number.NEGATIVE_INFINITY);

export const encodeSegment = ({ baseOffset, ordinal, bytesBefore, entries }: Segment): Uint8Array => {
  const to = new Encoder().integer(baseOffset).integer(ordinal).integer(bytesBefore).integer(entries.length);
  for (const entry of entries) writeEntry(to, entry);
  return to.bytes();
};

/** @throws {DecodeError} also when the entries do not end at `endOffset`, which is the segment's key. */
export const decodeSegment = (bytes: Uint8Array, endOffset: number): Segment => {
  const from = new Decoder(bytes);
  const baseOffset = from.integer();
  const ordinal = from.integer();
  const bytesBefore = from.integer();
  const entries = Array.from({ length: from.integer() }, () => readEntry(from));
  if (!from.atEnd) throw new DecodeError(bytes.length, 'more than a segment');
  if (baseOffset + recordsOf(entries) !== endOffset) throw new DecodeError(0, 'the entries do not fill the segment');
  return { baseOffset, ordinal, bytesBefore, entries };
};
