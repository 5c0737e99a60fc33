import type { BlobRef } from '../../../ports/blob-store.ts';
import type { IndexEntry } from '../../../ports/offset-store.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** The number of a kind is its place here: append only. */
const KINDS: readonly BlobRef['kind'][] = ['journal', 'memory', 'inline', 'standard', 'zonal'];

export const writeBlobRef = (to: ByteWriter, blob: BlobRef): void => {
  to.u8(KINDS.indexOf(blob.kind)).uuid(blob.id).varint(blob.zones);
};

export const readBlobRef = (from: ByteReader): BlobRef => {
  const kind = KINDS[from.u8()];
  if (kind === undefined) {
    throw new RangeError('Unknown kind of blob.');
  }
  return { kind, id: from.uuid(), zones: from.varint() };
};

/** About 32 bytes. The timestamp is a float, because it may be negative and as large as 8.64e15. */
export const writeEntry = (to: ByteWriter, entry: IndexEntry): void => {
  writeBlobRef(to, entry.blob);
  to.varint(entry.position).varint(entry.length).varint(entry.count).f64(entry.maxTimestamp);
};

export const readEntry = (from: ByteReader): IndexEntry => ({
  blob: readBlobRef(from),
  position: from.varint(),
  length: from.varint(),
  count: from.varint(),
  maxTimestamp: from.f64(),
});

export const writeEntries = (to: ByteWriter, entries: readonly IndexEntry[]): void => {
  to.varint(entries.length);
  for (const entry of entries) {
    writeEntry(to, entry);
  }
};

export const readEntries = (from: ByteReader): IndexEntry[] =>
  Array.from({ length: from.varint() }, () => readEntry(from));
