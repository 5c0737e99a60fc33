const PERCENT = 0x25;
const HEX_PAIR = /^[0-9a-fA-F]{2}$/;

/** One round of percent-decoding (RFC 3986 section 2.1); undefined where a percent sign is not followed by two hexadecimal digits. */
export function decodePercent(bytes: Buffer): Buffer | undefined {
  if (!bytes.includes(PERCENT)) return bytes;
  const decoded = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at]!;
    if (byte === PERCENT) {
      const pair = bytes.toString('latin1', at + 1, at + 3);
      if (!HEX_PAIR.test(pair)) return undefined;
      byte = Number.parseInt(pair, 16);
      at += 2;
    }
    decoded[length++] = byte;
  }
  return decoded.subarray(0, length);
}
