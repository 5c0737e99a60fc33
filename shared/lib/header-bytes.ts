/**
 * The bytes of an HTTP header's value as they were on the wire. Node reads them as Latin-1, so a value in UTF-8 looks garbled until its
 * bytes are taken back; where a value holds more than Latin-1 (a platform that decoded it), it is encoded as UTF-8.
 */
export function headerBytes(value: string): Buffer {
  for (let at = 0; at < value.length; at++) {
    if (value.charCodeAt(at) > 0xff) return Buffer.from(value);
  }
  return Buffer.from(value, 'latin1');
}
