import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ChasquiError } from '../contract/errors.ts';
import { tooLarge } from './too-large.ts';

const inflate = promisify(gunzip);

/**
 * Unpacks at most `limit` bytes: a bomb is cut off where it passes the limit.
 * @throws {ChasquiError} `payload_too_large`, `invalid_request`
 */
export const gunzipWithin = async (bytes: Buffer, limit: number): Promise<Buffer> => {
  try {
    return await inflate(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new ChasquiError('invalid_request', 'The body is not what its Content-Encoding says: gzip.', {
      cause: error,
    });
  }
};
