const hex = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

const encode = (bytes: Uint8Array, plain: (byte: number) => boolean): string => {
  let text = '';
  for (const byte of bytes) text += plain(byte) ? String.fromCharCode(byte) : hex(byte);
  return text;
};

const isUnreserved = (byte: number): boolean => /[A-Za-z0-9._~-]/.test(String.fromCharCode(byte));
const UNRESERVED = new Set(Array.from({ length: 128 }, (_, byte) => byte).filter(isUnreserved));

/** All but RFC 3986's unreserved characters. */
export const encodePercent = (bytes: Uint8Array): string => encode(bytes, (byte) => UNRESERVED.has(byte));

/** As CloudEvents' HTTP binding asks (1.0.2, section 3.1.3.2): space, double quote, percent, and what is not visible ASCII. */
export const encodeHeaderText = (text: string): string =>
  /^[\x21\x23\x24\x26-\x7e]*$/.test(text)
    ? text
    : encode(Buffer.from(text), (byte) => byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x25);
