import { ChasquiError } from '../contract/errors.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import type { Eventually } from '../lib/eventually.ts';
import type { ByteLease } from './byte-budget.ts';
import type { Exchange } from './exchange.ts';
import { gunzipWithin } from './gunzip.ts';

/**
 * A request's body behind its decompression, at most `limit` bytes on either side of it; to be given back to the pool.
 * @throws {ChasquiError} `payload_too_large`, `unsupported_media_type`, `invalid_request`, `unavailable`
 */
export const readBody = (
  exchange: Exchange,
  limit: number,
  lease?: ByteLease,
  pool?: BufferPool,
): Eventually<Buffer> => {
  const encoding = exchange.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return exchange.readBody(limit, lease, pool);
  if (encoding === 'gzip' || encoding === 'x-gzip') return readGzip(exchange, limit, lease, pool);
  throw new ChasquiError('unsupported_media_type', 'Of the content encodings, gzip and identity are taken.');
};

const readGzip = async (...[exchange, limit, lease, pool]: Parameters<typeof readBody>): Promise<Buffer> => {
  const packed = await exchange.readBody(limit, lease, pool);
  const body = await gunzipWithin(packed, limit);
  pool?.give(packed);
  lease?.take(body.length);
  return body;
};
