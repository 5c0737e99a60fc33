import { ChasquiError } from '../contract/errors.ts';
import type { ByteLease } from './byte-budget.ts';
import type { Exchange } from './exchange.ts';
import { gunzipWithin } from './gunzip.ts';

/**
 * A request's body behind its decompression, at most `limit` bytes on either side of it.
 * @throws {ChasquiError} `payload_too_large`, `unsupported_media_type`, `invalid_request`, `unavailable`
 */
export const readBody = (exchange: Exchange, limit: number, lease: ByteLease | undefined): Promise<Buffer> => {
  const encoding = exchange.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return exchange.readBody(limit, lease);
  if (encoding === 'gzip' || encoding === 'x-gzip') return readGzip(exchange, limit, lease);
  throw new ChasquiError('unsupported_media_type', 'Of the content encodings, gzip and identity are taken.');
};

const readGzip = async (exchange: Exchange, limit: number, lease: ByteLease | undefined): Promise<Buffer> => {
  const body = await gunzipWithin(await exchange.readBody(limit, lease), limit);
  lease?.take(body.length);
  return body;
};
