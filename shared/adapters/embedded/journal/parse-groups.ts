import { crc32 } from '../../../lib/crc32.ts';
import { decodeGroupHeader, GROUP_HEADER_BYTES, groupBytes } from './group-frame.ts';
import type { Operation } from './operation.ts';
import { decodeOperations } from './operation-codec.ts';

/** Part of a journal file in memory. */
export interface FileBytes {
  readonly file: number;
  readonly nonce: number;
  /** Of the first byte, in the file. */
  readonly offset: number;
  readonly bytes: Buffer;
}

export interface ParsedGroup {
  readonly operations: readonly Operation[];
  /** In the file. */
  readonly start: number;
  readonly end: number;
}

export interface ParsedGroups {
  readonly groups: readonly ParsedGroup[];
  /** Where the sound groups end, in the file. */
  readonly end: number;
}

/** The sound groups that follow each other from the first byte on. Blobs are not looked at. */
export const parseGroups = (source: FileBytes, firstSequence: number): ParsedGroups => {
  const groups: ParsedGroup[] = [];
  let at = 0;
  for (;;) {
    const group = parseGroup(source, at, firstSequence + groups.length);
    if (group === undefined) return { groups, end: source.offset + at };
    groups.push(group);
    at = group.end - source.offset;
  }
};

const parseGroup = ({ bytes, nonce, offset }: FileBytes, at: number, sequence: number): ParsedGroup | undefined => {
  const header = decodeGroupHeader(bytes, at, nonce);
  if (header === undefined || header.sequence !== sequence || at + groupBytes(header) > bytes.length) return undefined;
  const from = at + GROUP_HEADER_BYTES + header.blobBytes;
  const encoded = bytes.subarray(from, from + header.operationBytes);
  if (crc32(encoded) !== header.operationCrc) return undefined;
  return { operations: decodeOperations(encoded), start: offset + at, end: offset + at + groupBytes(header) };
};

/** Part of a file, in the file. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Where the blobs of a group are that are not what was written. */
export const unsoundBlobs = ({ bytes, offset }: FileBytes, { operations, start }: ParsedGroup): Extent[] => {
  const unsound: Extent[] = [];
  let at = start + GROUP_HEADER_BYTES;
  for (const operation of operations) {
    if (operation.kind !== 'blob') continue;
    const blob = { start: at, end: at + operation.length };
    if (crc32(bytes.subarray(blob.start - offset, blob.end - offset)) !== operation.crc) unsound.push(blob);
    at = blob.end;
  }
  return unsound;
};
