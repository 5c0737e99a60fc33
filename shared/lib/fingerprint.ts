import { createHash } from 'node:crypto';

/** SHA-256 over parts of any length, each with its length before it, so that no two lists of parts look the same. */
export function fingerprint(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest();
}
