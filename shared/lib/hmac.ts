import { createHmac } from 'node:crypto';

/** HMAC-SHA256 (RFC 2104), 32 bytes. */
export const hmacSha256 = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
