import { crc32 } from '../../../lib/crc32.ts';
import { IndexDamagedError } from '../../../ports/offset-store.ts';

/** LMDB has no checksums. Every value begins with the CRC-32 of its table, its key and itself, so that one in a wrong place is found too. */
const CRC_BYTES = 4;

const checksum = (table: string, key: Uint8Array, payload: Uint8Array): number =>
  crc32(payload, crc32(key, crc32(table)));

export const guard = (table: string, key: Uint8Array, payload: Uint8Array): Buffer => {
  const value = Buffer.allocUnsafe(CRC_BYTES + payload.length);
  value.writeUInt32BE(checksum(table, key, payload), 0);
  value.set(payload, CRC_BYTES);
  return value;
};

/** @throws {IndexDamagedError} when the value is not what was stored under this key. */
export const unguard = (table: string, key: Uint8Array, value: Buffer): Buffer => {
  const payload = value.subarray(CRC_BYTES);
  if (value.length < CRC_BYTES || value.readUInt32BE(0) !== checksum(table, key, payload)) {
    throw new IndexDamagedError(`index/${table} ${Buffer.from(key).toString('hex')}`);
  }
  return payload;
};
