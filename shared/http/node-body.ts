import type { IncomingMessage } from 'node:http';
import { ChasquiError } from '../contract/errors.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import type { Eventually } from '../lib/eventually.ts';
import type { ByteLease } from './byte-budget.ts';
import { lingerWhenClosed } from './linger.ts';
import { tooLarge } from './too-large.ts';

/** What reading a body may take, and from where. */
export interface BodyBounds {
  readonly limit: number;
  readonly lease: ByteLease | undefined;
  readonly pool: BufferPool | undefined;
}

const NOTHING = Buffer.alloc(0);
/** Node takes the chunks apart, and nothing else: what was packed before would be taken for the body. */
const PACKED = /,[ \t]*chunked[ \t]*$/i;

/** The client went away in the middle of its body: nobody will read the answer. */
const cutOff = (): ChasquiError => new ChasquiError('invalid_request', 'The body ended before it was complete.');

const refuse = <Refusal>(incoming: IncomingMessage, refusal: Refusal): Refusal => {
  lingerWhenClosed(incoming);
  return refusal;
};

const takeWhole = (incoming: IncomingMessage, lease: ByteLease | undefined): Buffer => {
  lease?.take(incoming.readableLength);
  return incoming.read() ?? NOTHING;
};

/** One piece of memory for several. */
const joined = (chunks: readonly Buffer[], size: number, pool: BufferPool | undefined): Buffer => {
  if (chunks.length === 1) return chunks[0]!;
  const whole = pool?.take(size) ?? Buffer.allocUnsafe(size);
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(whole, at);
  return whole.subarray(0, size);
};

/** Counting: not a byte beyond the limit is kept. */
const readOn = (incoming: IncomingMessage, { limit, lease, pool }: BodyBounds): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (done: () => void): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      done();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      try {
        if (size > limit) throw tooLarge(limit);
        lease?.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        settle(() => reject(refuse(incoming, error)));
      }
    };
    const onEnd = (): void => settle(() => resolve(joined(chunks, size, pool)));
    const onGone = (): void => settle(() => reject(cutOff()));
    if (incoming.destroyed) return reject(cutOff());
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });

/**
 * The body of a request of node:http; at once where it is there as a whole. A length that is declared is judged before a byte is read, and
 * before `askForIt` tells a client that waits for it ("100 Continue") to send.
 * @throws {ChasquiError} `payload_too_large`, `unsupported_media_type`, `invalid_request`, `unavailable`
 */
export const readNodeBody = (
  incoming: IncomingMessage,
  bounds: BodyBounds,
  askForIt: () => void,
): Eventually<Buffer> => {
  const declared = declaredBytes(incoming);
  if (declared > bounds.limit) throw refuse(incoming, tooLarge(bounds.limit));
  if (incoming.readableLength === declared && !incoming.destroyed) return takeWhole(incoming, bounds.lease);
  if (PACKED.test(incoming.headers['transfer-encoding'] ?? ''))
    throw new ChasquiError('unsupported_media_type', 'Of the transfer encodings, chunked is taken.');
  if (waitsForLeave(incoming)) askForIt();
  return readOn(incoming, bounds);
};

/** HTTP/1.0 knows no answers before the answer (RFC 9110 section 10.1.1). */
const waitsForLeave = ({ headers: { expect }, httpVersion }: IncomingMessage): boolean =>
  expect?.toLowerCase() === '100-continue' && httpVersion !== '1.0';

/** NaN where no length is declared. */
export const declaredBytes = ({ headers }: IncomingMessage): number => Number(headers['content-length']);
