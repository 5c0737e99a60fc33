import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** What the whole connection gave, for answers that follow each other. */
  readonly text: string;
  readonly closed: boolean;
}

const parseHead = (text: string, closed: boolean): RawAnswer => {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const body = end < 0 ? '' : text.slice(end + 4);
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0), head, body, text, closed };
};

const isWhole = (text: string): boolean => {
  const { head, body } = parseHead(text, false);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Buffer.byteLength(body, 'latin1') >= Number(length);
  return /\r\ntransfer-encoding: *chunked/i.test(head) && body.endsWith('0\r\n\r\n');
};

/** One connection, byte for byte. What `fetch` and node:http would never send goes through here. */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #closed = false;
  #changed: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#note(chunk.toString('latin1')));
    // A server may cut a connection that still sends: that is an answer too, not a failure of the test.
    socket.on('error', () => this.#end());
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#end());
  }

  static open(baseUrl: string): Promise<RawConnection> {
    const { hostname, port } = new URL(baseUrl);
    return new Promise((done, fail) => {
      const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        done(new RawConnection(socket));
      });
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get received(): string {
    return this.#received;
  }

  /** Resolves when the kernel has taken the bytes, or the connection is gone. */
  write(bytes: Uint8Array | string): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((done) => {
      this.#changed = done;
      this.#socket.write(bytes, () => done());
    });
  }

  /** Waits until `whole` says that enough has come, or the connection ends, or the time is over. */
  async read(timeoutMs = 5000, whole: (text: string) => boolean = isWhole): Promise<RawAnswer> {
    const until = Date.now() + timeoutMs;
    while (!this.#closed && !whole(this.#received) && Date.now() < until) await this.#change(until - Date.now());
    return parseHead(this.#received, this.#closed);
  }

  /** Closes this side; what the server still sends is read. */
  finish(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, timeoutMs);
      this.#changed = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  #note(text: string): void {
    this.#received += text;
    this.#changed();
  }

  #end(): void {
    this.#closed = true;
    this.#changed();
  }
}

/** Sends the bytes on a connection of their own and answers what came back first. */
export const exchange = async (baseUrl: string, bytes: Uint8Array | string, timeoutMs = 5000): Promise<RawAnswer> => {
  const connection = await RawConnection.open(baseUrl);
  try {
    await connection.write(bytes);
    return await connection.read(timeoutMs);
  } finally {
    connection.destroy();
  }
};
