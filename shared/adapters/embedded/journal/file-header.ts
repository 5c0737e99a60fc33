import { crc32 } from '../../../lib/crc32.ts';

/**
 * The first bytes of every journal file: magic, the file's number, a random nonce (which no client ever sees, so that bytes of a
 * record never pass for a group of this file), the sequence number of its first group, CRC-32 of all that.
 */
export interface FileHeader {
  readonly number: number;
  readonly nonce: number;
  readonly firstSequence: number;
}

export const FILE_HEADER_BYTES = 32;
const MAGIC = 0x4351_4a31; // "CQJ1"

export const encodeFileHeader = (header: FileHeader): Buffer => {
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(header.number, 4);
  bytes.writeUInt32BE(header.nonce, 8);
  bytes.writeDoubleBE(header.firstSequence, 12);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
};

/** Undefined where the bytes are no header of the file with this number. */
export const decodeFileHeader = (bytes: Buffer, number: number): FileHeader | undefined => {
  if (bytes.length < FILE_HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC) return undefined;
  if (bytes.readUInt32BE(28) !== crc32(bytes.subarray(0, 28)) || bytes.readUInt32BE(4) !== number) return undefined;
  return { number, nonce: bytes.readUInt32BE(8), firstSequence: bytes.readDoubleBE(12) };
};
