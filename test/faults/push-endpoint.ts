import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { type Event, PushLedger } from '../support/push-ledger.ts';
import type { Seeded } from '../support/seeded.ts';

/** How an endpoint of this run treats a request; percentages of all. */
const TROUBLE = {
  refuses: 20,
  /** Answers late, but in time. */
  slow: 1,
  /** Never answers. */
  hangs: 0.05,
  busy: 0.1,
  /** Closes the connection, before or after it has taken what came. */
  drops: 2,
} as const;
const SLOW_MS = 100;
const ARRIVAL_MS = 100;

export type Manner = 'accepts' | keyof typeof TROUBLE;

const EVERYTHING = Object.keys(TROUBLE) as (keyof typeof TROUBLE)[];

const isBatch = (type: string | undefined): boolean => type?.startsWith('application/cloudevents-batch+json') ?? false;

/** A receiver as a user writes it, of the `standardwebhooks` and `cloudevents` packages, that has all the troubles there are. */
export class PushEndpoint {
  readonly ledger = new PushLedger();
  readonly counts: Record<string, number> = {};
  readonly #seeded: Seeded;
  readonly #timeoutMs: number;
  #server: Server;
  #port = 0;
  #webhook: Webhook | undefined;

  constructor(seeded: Seeded, timeoutMs: number) {
    this.#seeded = seeded;
    this.#timeoutMs = timeoutMs;
    this.#server = this.#make();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  set secret(secret: string) {
    this.#webhook = new Webhook(secret);
  }

  async goUp(): Promise<void> {
    this.#server = this.#make();
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses connections, and breaks off what is under way. */
  async goDown(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    // What was answered arrives, so that the ledger is right about it.
    await new Promise((resolve) => setTimeout(resolve, ARRIVAL_MS));
    this.#server.closeAllConnections();
    await closed;
  }

  #make(): Server {
    return createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => this.#receive(request, response, Buffer.concat(parts)));
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const events = this.#verified(request, body);
    if (events === undefined) {
      response.writeHead(401).end();
      return;
    }
    const startedAt = performance.now();
    const answered = this.ledger.arrived(events, String(request.headers['webhook-id']));
    let accepts = false;
    response.once('close', () => {
      const isSure = response.writableFinished && performance.now() - startedAt < this.#timeoutMs / 2;
      answered(accepts && response.writableFinished, isSure);
    });
    const manner = events.some(({ poison }) => poison) ? 'refuses' : this.#choose();
    this.counts[manner] = (this.counts[manner] ?? 0) + 1;
    const accept = (): void => {
      accepts = true;
      response.writeHead(204).end();
    };
    this.#treat(manner, response, accept);
  }

  #treat(manner: Manner, response: ServerResponse, accept: () => void): void {
    if (manner === 'accepts') accept();
    else if (manner === 'refuses') response.writeHead(this.#seeded.pick([400, 404, 500, 502, 302])).end('not now');
    else if (manner === 'slow') setTimeout(accept, SLOW_MS);
    else if (manner === 'busy') response.writeHead(this.#seeded.pick([429, 503]), { 'retry-after': '1' }).end();
    else if (manner === 'drops') response.destroy();
  }

  #choose(): Manner {
    let left = this.#seeded.integer(0, 100_000) / 1000;
    for (const manner of EVERYTHING) {
      left -= TROUBLE[manner];
      if (left < 0) return manner;
    }
    return 'accepts';
  }

  /** Signed, and an event or a list of them with the ids that it was sent under. */
  #verified(request: IncomingMessage, body: Buffer): Event[] | undefined {
    const { headers } = request;
    try {
      this.#webhook?.verify(body, headers as Record<string, string>);
      const read = HTTP.toEvent({ headers, body: body.toString() });
      const events = Array.isArray(read) ? read : [read];
      const [first, last] = [events[0]!, events.at(-1)!];
      const range = String(last.id).split('.').at(-1);
      const id = first.id === last.id ? first.id : `${first.id}-${range}`;
      if (headers['webhook-id'] !== id) throw new Error(`webhook-id ${headers['webhook-id']}, event ${id}`);
      if (isBatch(headers['content-type']) !== Array.isArray(read)) throw new Error('a batch that is none');
      return events.map(({ data, partitionkey }) => {
        const event = data as Event;
        // The package leaves the percent-encoding of the HTTP binding as it is.
        if (decodeURIComponent(String(partitionkey)) !== event.key)
          throw new Error(`partitionkey ${String(partitionkey)} of ${event.key}`);
        return event;
      });
    } catch (error) {
      this.ledger.faults.push(`not verified: ${String(error)}`);
      return undefined;
    }
  }
}
