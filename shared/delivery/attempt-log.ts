import type { Outcome } from '../contract/subscription.ts';
import type { Random } from '../ports/random.ts';
import { ATTEMPTS_KEPT, type Attempt } from '../ports/subscription-store.ts';
import type { WebhookAnswer } from '../ports/webhook-sender.ts';
import { firstOffset, lastOffset, type Parcel } from './parcel.ts';
import { toldBy } from './send.ts';

export interface Noted {
  readonly parcel: Parcel;
  readonly partition: number;
  readonly webhookId: string;
  readonly outcome: Outcome;
  readonly answer: WebhookAnswer;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly nextTryAt: number | null;
}

/** Tries that have not been stored yet: every failure, and of those that delivered as many as are kept. */
export class AttemptLog {
  readonly #random: Pick<Random, 'uuid'>;
  #delivered: Attempt[] = [];
  #failed: Attempt[] = [];

  constructor(random: Pick<Random, 'uuid'>) {
    this.#random = random;
  }

  note({ parcel, partition, webhookId, outcome, answer, startedAt, endedAt, nextTryAt }: Noted): void {
    this.#keep({
      id: this.#random.uuid(),
      time: startedAt,
      partition,
      offset: firstOffset(parcel),
      lastOffset: lastOffset(parcel),
      attempt: parcel.attempts,
      outcome,
      webhookId,
      ...toldBy(answer),
      durationMs: Math.max(0, Math.round(endedAt - startedAt)),
      nextTryAt,
    });
  }

  /** Records that were deleted before they could be sent. */
  noteSkipped(partition: number, from: number, to: number, now: number): void {
    this.#keep({
      id: this.#random.uuid(),
      time: now,
      partition,
      offset: from,
      lastOffset: to - 1,
      attempt: 0,
      outcome: 'skipped',
      webhookId: '',
      status: null,
      error: 'the records were deleted before they could be sent',
      durationMs: 0,
      response: '',
      nextTryAt: null,
    });
  }

  /** Hands over what there is. */
  take(): Attempt[] {
    const all = [...this.#failed, ...this.#delivered];
    this.#failed = [];
    this.#delivered = [];
    return all;
  }

  #keep(attempt: Attempt): void {
    if (attempt.outcome !== 'delivered') this.#failed.push(attempt);
    else if (this.#delivered.push(attempt) > ATTEMPTS_KEPT) this.#delivered.shift();
  }
}
