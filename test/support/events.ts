import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface ServerEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

const fieldsOf = (block: string): Map<string, string> => {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name !== '') fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  return fields;
};

/** A stream of events over plain node:http, read by hand: nothing reconnects by itself. */
export class EventReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Everything as it came. */
  text = '';
  ended = false;
  readonly #request: ClientRequest;
  #wake: () => void = () => undefined;

  constructor(sent: ClientRequest, message: IncomingMessage) {
    this.#request = sent;
    this.status = message.statusCode ?? 0;
    this.headers = message.headers;
    message.setEncoding('utf8');
    message.on('data', (chunk: string) => {
      this.text += chunk;
      this.#wake();
    });
    message.on('close', () => {
      this.ended = true;
      this.#wake();
    });
    message.on('error', () => undefined);
  }

  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers: { accept: 'text/event-stream', ...headers } }, (message) =>
        resolve(new EventReader(sent, message)),
      );
      sent.on('error', reject);
      sent.end();
    });
  }

  /** What has come so far: events with data, comments left out. */
  get events(): ServerEvent[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .map(fieldsOf)
      .filter((fields) => fields.has('data'))
      .map((fields) => ({
        id: fields.get('id'),
        event: fields.get('event') ?? 'message',
        data: fields.get('data') ?? '',
      }));
  }

  get records(): { readonly id: string | undefined; readonly value: unknown; readonly partition: number }[] {
    return this.events
      .filter(({ event }) => event === 'record')
      .map(({ id, data }) => ({ id, ...(JSON.parse(data) as { value: unknown; partition: number }) }));
  }

  /** Waits until it is so, or the stream has ended. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }

  close(): void {
    this.#request.destroy();
  }
}
