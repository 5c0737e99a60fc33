import { crc32c } from './crc32c.ts';

const CRC_BYTES = 4;

const checksum = (body: Uint8Array, context: string): number =>
  crc32c(body, 0, body.length, crc32c(Buffer.from(context)));

/**
 * Bytes as a token that clients carry about: in base64url, with a CRC-32C of the context and the bytes at the end. It keeps damaged and
 * mixed up tokens out; it is no proof of where a token comes from.
 */
export const writeToken = (body: Uint8Array, context = ''): string => {
  const crc = Buffer.alloc(CRC_BYTES);
  crc.writeUInt32BE(checksum(body, context));
  return Buffer.concat([body, crc]).toString('base64url');
};

/** The bytes of a token that was written for this context and is whole, letter by letter; else undefined. */
export const readToken = (text: string, context = ''): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  const end = bytes.length - CRC_BYTES;
  if (end < 1 || bytes.toString('base64url') !== text) return undefined;
  const body = bytes.subarray(0, end);
  return bytes.readUInt32BE(end) === checksum(body, context) ? body : undefined;
};
