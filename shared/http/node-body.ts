import type { IncomingMessage } from 'node:http';
import { ChasquiError } from '../contract/errors.ts';
import type { ByteLease } from './byte-budget.ts';
import { lingerWhenClosed } from './linger.ts';
import { tooLarge } from './too-large.ts';

const NOTHING = Buffer.alloc(0);

/** The client went away in the middle of its body: nobody will read the answer. */
const cutOff = (): ChasquiError => new ChasquiError('invalid_request', 'The body ended before it was complete.');

const refuse = <Refusal>(incoming: IncomingMessage, refusal: Refusal): Refusal => {
  lingerWhenClosed(incoming);
  return refusal;
};

const takeWhole = (incoming: IncomingMessage, lease: ByteLease | undefined): Buffer => {
  lease?.take(incoming.readableLength);
  const body = incoming.read() ?? NOTHING;
  // It has nothing more, and says so to whoever asks whether it has ended.
  incoming.resume();
  return body;
};

/** Counting: not a byte beyond the limit is kept. */
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

/**
 * The body of a request of node:http. A length that is declared is judged before a byte is read, and before `askForIt` tells a client
 * that waits for it ("100 Continue") to send.
 * @throws {ChasquiError} `payload_too_large`, `invalid_request`, `unavailable`
 */
export const readNodeBody = async (
  incoming: IncomingMessage,
  limit: number,
  lease: ByteLease | undefined,
  askForIt: () => void,
): Promise<Buffer> => {
  const declared = Number(incoming.headers['content-length']);
  if (declared > limit) throw refuse(incoming, tooLarge(limit));
  if (incoming.headers.expect?.toLowerCase() === '100-continue') askForIt();
  // A small body has come together with its headers: when the parser is through with them, it is there as a whole.
  await undefined;
  const isWhole = incoming.readableLength === declared && !incoming.destroyed;
  return isWhole ? takeWhole(incoming, lease) : await readOn(incoming, limit, lease);
};
