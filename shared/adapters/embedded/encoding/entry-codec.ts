import type { BlobRef } from '../../../ports/blob-store.ts';
import type { IndexEntry } from '../../../ports/offset-store.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** The number of a kind is its place here: append only. */
const KINDS: readonly BlobRef['kind'][] = ['journal', 'memory', 'inline', 'standard', 'zonal'];
/** Beside the kind: the time when it was stored stands at the end. */
const HAS_STORED_AT = 0x80;

/** About 32 bytes. The timestamp is a float, because it may be negative and as large as 8.64e15. */
export const writeEntry = (to: ByteWriter, entry: IndexEntry): void => {
  const { blob, storedAt } = entry;
  to.u8(KINDS.indexOf(blob.kind) | (storedAt === undefined ? 0 : HAS_STORED_AT));
  to.uuid(blob.id).varint(blob.zones);
  to.varint(entry.position).varint(entry.length).varint(entry.count).f64(entry.maxTimestamp);
  if (storedAt !== undefined) to.varint(storedAt);
};

export const readEntry = (from: ByteReader): IndexEntry => {
  const first = from.u8();
  const kind = KINDS[first & ~HAS_STORED_AT];
  if (kind === undefined) throw new RangeError('Unknown kind of blob.');
  const entry = {
    blob: { kind, id: from.uuid(), zones: from.varint() },
    position: from.varint(),
    length: from.varint(),
    count: from.varint(),
    maxTimestamp: from.f64(),
  };
  return (first & HAS_STORED_AT) === 0 ? entry : { ...entry, storedAt: from.varint() };
};

export const writeEntries = (to: ByteWriter, entries: readonly IndexEntry[]): void => {
  to.varint(entries.length);
  for (const entry of entries) {
    writeEntry(to, entry);
  }
};

export const readEntries = (from: ByteReader): IndexEntry[] =>
  Array.from({ length: from.varint() }, () => readEntry(from));
