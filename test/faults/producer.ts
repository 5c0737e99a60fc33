import { randomUUID } from 'node:crypto';
import type { Answer, Caller } from '../support/http.ts';
import type { Seeded } from '../support/seeded.ts';
import type { Placed, Produced } from '../support/shapes.ts';
import type { Ledger, Written } from './ledger.ts';

interface Sent {
  readonly idempotencyKey: string | undefined;
  readonly written: readonly Written[];
  readonly body: object;
}

interface Settled extends Sent {
  readonly text: string;
}

/** Writes one request after the other, of mixed kinds, under one key, and notes in the ledger what it was told. */
export class Producer {
  readonly #name: string;
  readonly #topic: string;
  readonly #ledger: Ledger;
  readonly #seeded: Seeded;
  readonly #paddingBytes: number;
  #sequence = 0;
  #lost: Sent[] = [];
  #settled: Settled[] = [];

  /** @param paddingBytes most that a record carries besides what the ledger wants to know */
  constructor(name: string, topic: string, ledger: Ledger, seeded: Seeded, paddingBytes = 400) {
    this.#name = name;
    this.#topic = topic;
    this.#ledger = ledger;
    this.#seeded = seeded;
    this.#paddingBytes = paddingBytes;
  }

  /** Until the server is gone: a failed connection ends it, any other answer than 200 is an error, but for being told to come back. */
  async run(api: Caller, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const sent = this.#next();
      const answer = await this.#post(api, sent).catch(() => undefined);
      if (answer === undefined) {
        this.#lose(sent);
        return;
      }
      this.#note(sent, answer);
    }
  }

  /** Sends every lost idempotent request again, which settles it, and some settled ones, which must be told the same. */
  async retry(api: Caller): Promise<void> {
    for (const sent of this.#lost.splice(0)) this.#note(sent, await this.#post(api, sent));
    for (const settled of this.#settled.splice(0).slice(-3)) {
      const answer = await this.#post(api, settled);
      const replayed = answer.headers['idempotency-replayed'] === 'true' && answer.text === settled.text;
      if (!replayed)
        throw new Error(`A repeat was answered ${answer.status} ${answer.text}, the first time ${settled.text}`);
    }
  }

  #next(): Sent {
    const kind = this.#seeded.integer(0, 4);
    const count = kind < 2 ? 1 : this.#seeded.integer(2, 40);
    const written = Array.from({ length: count }, () => this.#write());
    const records = written.map((value) => ({
      key: this.#name,
      value,
      headers: { padding: 'x'.repeat(this.#seeded.integer(0, this.#paddingBytes)) },
    }));
    return { written, body: { records }, idempotencyKey: kind % 2 === 0 ? undefined : randomUUID() };
  }

  #write(): Written {
    this.#sequence += 1;
    return { writer: this.#name, sequence: this.#sequence };
  }

  #post(api: Caller, { body, idempotencyKey }: Sent): Promise<Answer> {
    const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return api.post(`/v1/topics/${this.#topic}/records`, body, headers as Record<string, string>);
  }

  #note(sent: Sent, answer: Answer): void {
    if (answer.status === 503) {
      // Told to come back later. It is not sent again: by then its writer has gone on, and the order would be another one.
      this.#ledger.doubt(sent.written);
      return;
    }
    if (answer.status !== 200) throw new Error(`A producer was answered ${answer.status}: ${answer.text}`);
    const placed: readonly Placed[] = answer.json<Produced>().results;
    this.#ledger.acknowledge(sent.written, placed);
    if (sent.idempotencyKey !== undefined) this.#settled.push({ ...sent, text: answer.text });
  }

  #lose(sent: Sent): void {
    this.#ledger.doubt(sent.written);
    if (sent.idempotencyKey !== undefined) this.#lost.push(sent);
  }
}
