import type { IncomingMessage } from 'node:http';

const LINGER_MS = 1000;
const LINGER_BYTES = 16 * 1024 * 1024;

/**
 * Closes a connection whose client is still sending (RFC 9112 section 9.6): the answer and the end of our side go out, and what comes
 * in is thrown away for a moment. An outright close would reset the connection, and the client would never read why. For an answer
 * that says `Connection: close`: Node then calls `destroySoon`.
 */
export const lingerWhenClosed = (incoming: IncomingMessage): void => {
  const { socket } = incoming;
  let discarded = 0;
  incoming.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > LINGER_BYTES) socket.destroy();
  });
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
