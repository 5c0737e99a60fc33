const LENGTH = 36;
const DASH = 0x2d;

/** Where the two digits of each of the sixteen bytes begin in the text. */
const DIGITS_AT = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** By character; -1: no lower-case hexadecimal digit. */
const VALUES = new Int8Array(256).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) VALUES[digit.charCodeAt(0)] = value;

const valueAt = (uuid: string, at: number): number => VALUES[uuid.charCodeAt(at)] ?? -1;

const isDash = (uuid: string, at: number): boolean => uuid.charCodeAt(at) === DASH;
const isDashed = (uuid: string): boolean =>
  uuid.length === LENGTH && isDash(uuid, 8) && isDash(uuid, 13) && isDash(uuid, 18) && isDash(uuid, 23);

/**
 * Writes the 16 bytes of a lower-case UUID at `at`.
 * @throws {TypeError} for anything else, because it would not come back as it was given.
 */
export const writeUuid = (uuid: string, into: Uint8Array, at: number): void => {
  let sound = isDashed(uuid);
  for (let byte = 0; byte < DIGITS_AT.length && sound; byte += 1) {
    const from = DIGITS_AT[byte]!;
    const high = valueAt(uuid, from);
    const low = valueAt(uuid, from + 1);
    sound = high >= 0 && low >= 0;
    into[at + byte] = (high << 4) | low;
  }
  if (!sound) throw new TypeError(`Not a lower-case UUID: ${uuid}`);
};

export const uuidToBytes = (uuid: string): Buffer => {
  const bytes = Buffer.alloc(16);
  writeUuid(uuid, bytes, 0);
  return bytes;
};

/** The 16 bytes at `at` as text; what is cut off gives no UUID. */
export const bytesToUuid = (bytes: Buffer, at = 0): string => {
  const hex = bytes.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
