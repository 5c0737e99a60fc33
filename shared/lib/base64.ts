/**
 * The bytes of a base64 text (RFC 4648 section 4); undefined unless it is exactly what an encoder writes: standard alphabet, padded, no
 * white space, unused bits zero. Node's decoder takes anything, so the proof is that encoding gives the same text again.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
