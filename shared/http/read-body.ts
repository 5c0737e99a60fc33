import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { ChasquiError } from '../contract/errors.ts';
import type { ByteLease } from './byte-budget.ts';
import type { EdgeEnv } from './edge-request.ts';
import { gunzipWithin } from './gunzip.ts';
import { lingerWhenClosed } from './linger.ts';
import { tooLarge } from './too-large.ts';

/** The client went away in the middle of its body: nobody will read the answer. */
const cutOff = (): ChasquiError => new ChasquiError('invalid_request', 'The body ended before it was complete.');

const refuse = <Refusal>(incoming: IncomingMessage, refusal: Refusal): Refusal => {
  lingerWhenClosed(incoming);
  return refusal;
};

const NOTHING = Buffer.alloc(0);

const takeWhole = (incoming: IncomingMessage, lease: ByteLease | undefined): Buffer => {
  lease?.take(incoming.readableLength);
  return incoming.read() ?? NOTHING;
};

/** Straight from node:http, counting: not a byte beyond the limit is kept. */
const readOn = (incoming: IncomingMessage, limit: number, lease: ByteLease | undefined): Promise<Buffer> =>
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
    const onEnd = (): void => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    const onGone = (): void => settle(() => reject(cutOff()));
    if (incoming.destroyed) return reject(cutOff());
    incoming.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });

const readIncoming = async (
  incoming: IncomingMessage,
  declared: string | undefined,
  limit: number,
  lease: ByteLease | undefined,
): Promise<Buffer> => {
  // A small body has come together with its headers: when the parser is through with them, it is there as a whole.
  await undefined;
  const isWhole = incoming.readableLength === Number(declared) && !incoming.destroyed;
  return isWhole ? takeWhole(incoming, lease) : await readOn(incoming, limit, lease);
};

const readRequest = async (request: Request, limit: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
};

/** A length that is declared is judged before a byte is read, and before a client that waits for "100 Continue" is asked to send. */
const readRaw = (
  c: Context<EdgeEnv>,
  declared: string | undefined,
  limit: number,
  lease: ByteLease | undefined,
): Promise<Buffer> => {
  const incoming = c.env?.incoming;
  if (declared !== undefined && Number(declared) > limit) {
    throw incoming === undefined ? tooLarge(limit) : refuse(incoming, tooLarge(limit));
  }
  if (incoming === undefined) return readRequest(c.req.raw, limit);
  if (incoming.headers.expect?.toLowerCase() === '100-continue') c.env?.outgoing?.writeContinue();
  return readIncoming(incoming, declared, limit, lease);
};

/** @throws {ChasquiError} `payload_too_large`, `unsupported_media_type`, `invalid_request`, `unavailable` */
export const readBody = (
  c: Context<EdgeEnv>,
  header: (name: string) => string | undefined,
  limit: number,
  lease: ByteLease | undefined,
): Promise<Buffer> => {
  const encoding = header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return readRaw(c, header('content-length'), limit, lease);
  if (encoding === 'gzip' || encoding === 'x-gzip') return readGzip(c, header('content-length'), limit, lease);
  throw new ChasquiError('unsupported_media_type', 'Of the content encodings, gzip and identity are taken.');
};

const readGzip = async (...[c, declared, limit, lease]: Parameters<typeof readRaw>): Promise<Buffer> => {
  const body = await gunzipWithin(await readRaw(c, declared, limit, lease), limit);
  lease?.take(body.length);
  return body;
};
