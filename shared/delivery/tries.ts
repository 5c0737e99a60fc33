import type { TenantId, TopicName } from '../contract/ids.ts';
import type { Outcome } from '../contract/subscription.ts';
import type { Subscription } from '../ports/subscription-store.ts';
import type { WebhookAnswer } from '../ports/webhook-sender.ts';
import { type Origin, webhookIdOf } from './compose.ts';
import { type Buried, deadLetter } from './dead-letter.ts';
import { judge, type Verdict } from './judge.ts';
import type { LaneState } from './lane-state.ts';
import type { Pace } from './pace.ts';
import { firstOffset, lastOffset, type Parcel } from './parcel.ts';
import type { PushPorts } from './push-ports.ts';
import { send, toldBy } from './send.ts';

export interface LaneTask {
  readonly tenant: TenantId;
  readonly subscription: Subscription;
  readonly partition: number;
  /** Of the subscription, for all its lanes here. */
  readonly pace: Pace;
  /** The subscription has to stop, and why. */
  readonly pause: (reason: string) => Promise<void>;
}

/** After trouble of our own: a store that does not answer, damage, dead letters that are not taken. */
export const TROUBLE_PAUSE_MS = 60_000;
const LONGEST_FAILURE_MS = 5 * 24 * 60 * 60 * 1000;

type Note = (outcome: Outcome, nextTryAt: number | null) => void;

/** What a lane has under way, and what becomes of it. */
export class Tries {
  readonly #ports: PushPorts;
  readonly #task: LaneTask;
  readonly #state: LaneState;
  readonly #origin: Origin;
  readonly #ended: () => void;
  readonly #hopeless: () => void;
  readonly #abort = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  /** `ended` is told of every try that has ended, `hopeless` when no other may begin. */
  constructor(ports: PushPorts, task: LaneTask, state: LaneState, ended: () => void, hopeless: () => void) {
    const { subscription, partition } = task;
    this.#ports = ports;
    this.#task = task;
    this.#state = state;
    this.#origin = { topic: subscription.topic, topicId: subscription.topicId, partition };
    this.#ended = ended;
    this.#hopeless = hopeless;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Breaks off what is under way; it counts as not tried. */
  abort(): void {
    this.#abort.abort();
  }

  start(parcel: Parcel): void {
    const { clock } = this.#ports;
    parcel.state = 'sending';
    parcel.sealed = true;
    parcel.attempts += 1;
    this.#task.pace.take(clock.now(), this.#task.partition);
    const sent: Promise<void> = this.#try(parcel)
      .catch((error: unknown) => this.#tryFailed(parcel, error))
      .finally(() => {
        this.#underWay.delete(sent);
        this.#ended();
      });
    this.#underWay.add(sent);
  }

  /** Broken off, or trouble of our own: the endpoint has nothing to do with it. */
  #tryFailed(parcel: Parcel, error: unknown): void {
    const { clock, log } = this.#ports;
    parcel.state = 'waiting';
    parcel.attempts -= 1;
    if (this.#abort.signal.aborted) return;
    parcel.nextTryAt = clock.now() + TROUBLE_PAUSE_MS;
    log.write('error', 'push failed', { tenant: this.#task.tenant, subscription: this.#task.subscription.id, error });
  }

  async #try(parcel: Parcel): Promise<void> {
    const { clock, random } = this.#ports;
    const { tenant, subscription } = this.#task;
    const webhookId = webhookIdOf(this.#origin, firstOffset(parcel), lastOffset(parcel));
    const startedAt = clock.now();
    const { records } = parcel;
    const sending = { tenant, subscription, origin: this.#origin, records, webhookId };
    const answer = await send(this.#ports, sending, this.#abort.signal);
    const endedAt = clock.now();
    const tried = { attempts: parcel.attempts, at: endedAt, fraction: random.fraction() };
    const verdict = judge(answer, subscription.retry, tried);
    const note = { parcel, partition: this.#task.partition, webhookId, answer, startedAt, endedAt };
    await this.#settle(parcel, verdict, answer, (outcome, nextTryAt) =>
      this.#state.attempts.note({ ...note, outcome, nextTryAt }),
    );
  }

  async #settle(parcel: Parcel, verdict: Verdict, answer: WebhookAnswer, note: Note): Promise<void> {
    const state = this.#state;
    if (verdict.kind === 'delivered') {
      note('delivered', null);
      state.failingSince = undefined;
      state.window.finish(parcel);
      state.touch();
      return;
    }
    state.failingSince ??= this.#ports.clock.now();
    if ('holdUntil' in verdict && verdict.holdUntil !== undefined) this.#task.pace.hold(verdict.holdUntil);
    if (verdict.kind === 'exhausted') await this.#giveUp(parcel, answer, note);
    else if (verdict.kind === 'retry') {
      this.#putBack(parcel, verdict.nextTryAt);
      note('failed', verdict.nextTryAt);
    } else {
      this.#putBack(parcel, this.#ports.clock.now());
      note('failed', null);
    }
    state.touch(true);
    await this.#pauseIfHopeless(verdict);
  }

  #putBack(parcel: Parcel, nextTryAt: number): void {
    parcel.state = 'waiting';
    parcel.failedAt = this.#ports.clock.now();
    parcel.nextTryAt = nextTryAt;
  }

  async #giveUp(parcel: Parcel, answer: WebhookAnswer, note: Note): Promise<void> {
    const { deadLetterTopic } = this.#task.subscription;
    const buried = deadLetterTopic === undefined ? 'given up' : await this.#bury(parcel, answer, deadLetterTopic);
    if (buried === 'given up' || buried === 'stored') {
      note(buried === 'stored' ? 'dead-lettered' : 'given-up', null);
      this.#state.window.finish(parcel);
      return;
    }
    const hasTopic = buried === 'not stored';
    this.#putBack(parcel, this.#ports.clock.now() + (hasTopic ? TROUBLE_PAUSE_MS : 0));
    note('failed', hasTopic ? parcel.nextTryAt : null);
    this.#state.touch(true);
    if (!hasTopic) await this.#pause('The dead-letter topic was deleted.');
  }

  #bury(parcel: Parcel, answer: WebhookAnswer, topic: TopicName): Promise<Buried> {
    const { tenant, subscription } = this.#task;
    const { status, error } = toldBy(answer);
    const facts = { subscription: subscription.id, origin: this.#origin, attempts: parcel.attempts, status, error };
    return deadLetter(this.#ports, tenant, topic, parcel.records, facts);
  }

  async #pauseIfHopeless(verdict: Verdict): Promise<void> {
    const { clock } = this.#ports;
    const failingMs = clock.now() - (this.#state.failingSince ?? clock.now());
    if (verdict.kind === 'gone') await this.#pause('The endpoint answered 410 Gone.');
    else if (failingMs >= LONGEST_FAILURE_MS) await this.#pause('The endpoint has failed for five days.');
  }

  async #pause(reason: string): Promise<void> {
    this.#hopeless();
    await this.#state.save();
    await this.#task.pause(reason);
  }
}
