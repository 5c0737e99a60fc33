import type { IncomingMessage, ServerResponse } from 'node:http';

const LINGER_MS = 1000;
const LINGER_BYTES = 16 * 1024 * 1024;

/** Throws away what comes in, up to a bound that no honest client meets. */
const discard = (incoming: IncomingMessage): void => {
  let discarded = 0;
  incoming.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > LINGER_BYTES) incoming.socket.destroy();
  });
};

/**
 * Closes a connection whose client is still sending (RFC 9112 section 9.6): the answer and the end of our side go out, and what comes
 * in is thrown away for a moment. An outright close would reset the connection, and the client would never read why. For an answer
 * that says `Connection: close`: Node then calls `destroySoon`.
 */
export const lingerWhenClosed = (incoming: IncomingMessage): void => {
  const { socket } = incoming;
  discard(incoming);
  let lingering = false;
  socket.destroySoon = () => {
    if (lingering) return;
    lingering = true;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
    incoming.resume();
  };
};

/**
 * For a body that nobody wanted and that may still come when its answer has gone out: a small rest is let by, and the connection stays. Begun
 * before the answer ends: from then on Node throws away by itself what nobody has begun to read, and counts nothing.
 */
export const discardRest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  discard(incoming);
  incoming.resume();
  outgoing.once('finish', () => {
    if (incoming.complete || incoming.destroyed) return;
    const timer = setTimeout(() => incoming.socket.destroy(), LINGER_MS);
    incoming.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  });
};
