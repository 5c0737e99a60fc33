import { createHash } from 'node:crypto';

interface FingerprintedRequest {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
}

/**
 * SHA-256 over method, path, query and body: what makes two requests with one Idempotency-Key the same. Each part goes with its
 * length before it, so that no two requests look alike by where one part ends.
 */
export function requestFingerprint({ method, path, rawQuery }: FingerprintedRequest, body: Uint8Array): Uint8Array {
  const hash = createHash('sha256');
  for (const part of [method, path, rawQuery]) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.update(body).digest();
}
