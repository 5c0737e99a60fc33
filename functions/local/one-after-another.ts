import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Of one connection. Beyond that nothing more is read from it: whoever sends on waits, as the requests do. */
const MOST_WAITING = 16;

/** What one connection has asked for and not got yet. */
interface Line {
  last: ServerResponse;
  beforeLast: ServerResponse | undefined;
  waiting: number;
}

export interface InOrder {
  readonly listener: RequestListener;
  /** Calls back when every request that came whole on the connection has its answer; at once where that is so already. */
  whenAnswered(socket: Socket, callback: () => void): void;
}

/**
 * Requests that a client sends on one connection without waiting for their answers are done one after the other, as RFC 9112
 * (section 9.3.2) asks for those that write. Node begins all of them at once: records would change places, and one connection could
 * have a thousand large answers made at a time.
 */
export const oneAfterAnother = (listener: RequestListener): InOrder => {
  const lines = new WeakMap<Socket, Line>();
  return {
    listener: (incoming, outgoing) => {
      const { socket } = incoming;
      const line = lines.get(socket);
      if (line === undefined) {
        lines.set(socket, { last: outgoing, beforeLast: undefined, waiting: 0 });
        return listener(incoming, outgoing);
      }
      const before = line.last;
      line.beforeLast = before;
      line.last = outgoing;
      if (before.closed) return listener(incoming, outgoing);
      join(line, socket);
      before.once('close', () => {
        leave(line, socket);
        // An answer that was the last one, or nobody there: what comes behind it is not begun.
        if (socket.writable) listener(incoming, outgoing);
      });
    },
    whenAnswered: (socket, callback) => {
      const whole = lastWhole(lines.get(socket));
      if (whole === undefined || whole.closed) callback();
      else whole.once('close', callback);
    },
  };
};

/** Only the last one may still lack a part of its body. */
const lastWhole = (line: Line | undefined): ServerResponse | undefined =>
  line?.last.req.complete === false ? line.beforeLast : line?.last;

/** Behind the bytes that are being parsed: Node goes on reading at the end of each request that it finds in them. */
const join = (line: Line, socket: Socket): void => {
  line.waiting += 1;
  if (line.waiting >= MOST_WAITING) process.nextTick(() => socket.pause());
};

/** Where Node itself holds the connection back, for answers that nobody takes, it stays so. */
const leave = (line: Line, socket: Socket): void => {
  line.waiting -= 1;
  if (line.waiting < MOST_WAITING && socket.isPaused()) socket.resume();
};
