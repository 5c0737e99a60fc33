import { bytesToUuid, uuidToBytes } from '../../../lib/uuid-bytes.ts';

/** Where a blob is. Packed into a UUID of version 8 (RFC 9562, free use), so that no table has to translate. */
export interface BlobPlace {
  readonly file: number;
  /** Of its first byte in the file. */
  readonly position: number;
  readonly length: number;
  /** 28 bits made of the file's nonce and the tenant: a ref of another tenant, or of another folder's file, finds nothing. */
  readonly tag: number;
}

/** 30 bits are left for the length. */
export const MAX_BLOB_BYTES = 2 ** 30 - 1;
export const TAG_BITS = 28;

export const encodeBlobId = ({ file, position, length, tag }: BlobPlace): string => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(file, 0);
  bytes.writeUInt16BE(tag >>> 12, 4);
  bytes.writeUInt16BE(0x8000 | (tag & 0xfff), 6);
  bytes.writeUInt32BE((0x8000_0000 | length) >>> 0, 8);
  bytes.writeUInt32BE(position, 12);
  return bytesToUuid(bytes);
};

export const decodeBlobId = (id: string): BlobPlace => {
  const bytes = uuidToBytes(id);
  return {
    file: bytes.readUInt32BE(0),
    tag: bytes.readUInt16BE(4) * 2 ** 12 + (bytes.readUInt16BE(6) & 0xfff),
    length: bytes.readUInt32BE(8) & 0x3fff_ffff,
    position: bytes.readUInt32BE(12),
  };
};
