import { ChasquiError } from '../contract/errors.ts';
import { fetchPartition } from '../log/fetch-partition.ts';
import { RecordCollector } from './delivery-record.ts';
import type { LaneState } from './lane-state.ts';
import type { PushPorts } from './push-ports.ts';
import { type LaneTask, TROUBLE_PAUSE_MS } from './tries.ts';

const PAGE = { records: 200, bytes: 1024 * 1024 };

/** Fills a lane's window from the log, as far as there is room. */
export class LaneReader {
  readonly #ports: PushPorts;
  readonly #task: LaneTask;
  readonly #state: LaneState;
  #mayHaveMore = true;
  #isGone = false;
  /** Bytes of records, as others know. */
  #held = 0;

  constructor(ports: PushPorts, task: LaneTask, state: LaneState) {
    this.#ports = ports;
    this.#task = task;
    this.#state = state;
  }

  /** The partition is no longer there. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** There may be more to read. */
  wake(): void {
    this.#mayHaveMore = true;
  }

  /** Reads until the window is full or the log is at its end. Answers when to try again where it could not. */
  async fill(isHalted: () => boolean): Promise<number | undefined> {
    try {
      while (this.#mayHaveMore && !isHalted() && !this.#state.window.isFull) {
        const held = this.account();
        const bytes = Math.min(this.#ports.readAhead.laneBytes - held, PAGE.bytes);
        if (bytes <= 0) break;
        // Others begin to read meanwhile: what is to come counts already.
        this.account(held + bytes);
        await this.#read(bytes);
      }
      return undefined;
    } catch (error) {
      return this.#readFailed(error);
    } finally {
      this.account();
    }
  }

  /** Tells how much the lane holds now. */
  account(bytes = this.#state.window.bytes): number {
    this.#ports.readAhead.change(bytes - this.#held);
    this.#held = bytes;
    return bytes;
  }

  async #read(bytes: number): Promise<void> {
    const { window } = this.#state;
    const { tenant, subscription, partition } = this.#task;
    const [before, openBefore] = [window.committedOffset, window.open?.from];
    // Before the read: whoever announces something meanwhile sets it again.
    this.#mayHaveMore = false;
    const collector = new RecordCollector();
    const call = {
      tenant,
      ref: { topicId: subscription.topicId, partition },
      start: { kind: 'offset', offset: window.nextOffset } as const,
      bounds: { ...PAGE, bytes },
      waitMs: 0,
    };
    const { nextOffset, highWatermark } = await fetchPartition(this.#ports, call, collector);
    window.add(collector.records, nextOffset, this.#ports.clock.now());
    if (nextOffset < highWatermark) this.#mayHaveMore = true;
    // How long a batch has waited has to outlast whoever began it.
    if (window.committedOffset !== before || window.open?.from !== openBefore) this.#state.touch();
  }

  #readFailed(error: unknown): number | undefined {
    const { clock, log } = this.#ports;
    const { tenant, subscription, partition } = this.#task;
    this.#mayHaveMore = true;
    if (error instanceof ChasquiError) {
      if (error.code === 'offset_out_of_range') return this.#skip(Number(error.extra['logStartOffset']));
      if (error.code === 'topic_not_found') {
        this.#isGone = true;
        return undefined;
      }
    }
    log.write('error', 'push cannot read', { tenant, subscription: subscription.id, partition, error });
    return clock.now() + TROUBLE_PAUSE_MS;
  }

  #skip(logStartOffset: number): number {
    const { clock } = this.#ports;
    const { window, attempts } = this.#state;
    // The log ends before us: not a gap to pass over, but one to be looked at.
    if (!(logStartOffset > window.nextOffset)) return clock.now() + TROUBLE_PAUSE_MS;
    attempts.noteSkipped(this.#task.partition, window.nextOffset, logStartOffset, clock.now());
    window.skipTo(logStartOffset);
    this.#state.touch(true);
    return clock.now();
  }
}
