import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Requests that a client sends on one connection without waiting for their answers are done one after the other, as RFC 9112
 * (section 9.3.2) asks for those that write. Node begins all of them at once: records would change places, and one connection could
 * have a thousand large answers made at a time.
 */
export const oneAfterAnother = (listener: RequestListener): RequestListener => {
  const last = new WeakMap<Socket, ServerResponse>();
  return (incoming, outgoing) => {
    const { socket } = incoming;
    const before = last.get(socket);
    last.set(socket, outgoing);
    if (before === undefined || before.closed) return listener(incoming, outgoing);
    before.once('close', () => {
      // An answer that was the last one, or nobody there: what comes behind it is not begun.
      if (socket.writable) listener(incoming, outgoing);
    });
  };
};
