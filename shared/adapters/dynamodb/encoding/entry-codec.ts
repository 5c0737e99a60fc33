import { first48Bits } from '../../../lib/uuid-time.ts';
import type { BlobRef } from '../../../ports/blob-store.ts';
import type { IndexEntry } from '../../../ports/offset-store.ts';
import { DecodeError, Decoder, Encoder } from './byte-codec.ts';

/*
 * An index entry, 22 to 25 bytes as a rule:
 *   1     kind (low 3 bits) and zones (high 5 bits; 31: as an integer behind the UUID)
 *   16    the blob's UUID
 *   1-5   position, length and number of records, an integer each
 *   1-8   the latest timestamp, counted from the time in the UUID (version 7: its first 48 bits, in milliseconds)
 */

/** The number of a kind is its place here: append only. */
const KINDS: readonly BlobRef['kind'][] = ['memory', 'journal', 'inline', 'standard', 'zonal'];
const KIND_BITS = 3;
const MANY_ZONES = 31;

export const writeEntry = (to: Encoder, { blob, position, length, count, maxTimestamp }: IndexEntry): void => {
  const zones = Math.min(blob.zones, MANY_ZONES);
  to.raw(Uint8Array.of(KINDS.indexOf(blob.kind) | (zones << KIND_BITS))).uuid(blob.id);
  if (zones === MANY_ZONES) to.integer(blob.zones);
  to.integer(position).integer(length).integer(count);
  to.integer(maxTimestamp - first48Bits(blob.id));
};

export const readEntry = (from: Decoder): IndexEntry => {
  const first = from.byte();
  const kind = KINDS[first & ((1 << KIND_BITS) - 1)];
  if (kind === undefined) throw new DecodeError(0, 'no such kind of blob');
  const id = from.uuid();
  const zones = first >> KIND_BITS === MANY_ZONES ? from.integer() : first >> KIND_BITS;
  const position = from.integer();
  const length = from.integer();
  const count = from.integer();
  return { blob: { kind, id, zones }, position, length, count, maxTimestamp: from.integer() + first48Bits(id) };
};

export const encodeEntry = (entry: IndexEntry): Uint8Array => {
  const to = new Encoder();
  writeEntry(to, entry);
  return to.bytes();
};

export const decodeEntry = (bytes: Uint8Array): IndexEntry => {
  const from = new Decoder(bytes);
  const entry = readEntry(from);
  if (!from.atEnd) throw new DecodeError(bytes.length, 'more than an entry');
  return entry;
};
