import { LIMITS } from '../../shared/contract/limits.ts';
import { usageError } from '../cli-error.ts';
import { Batch } from './batch.ts';
import type { Place } from './place.ts';

/**
 * One request at a time, so that the order of the input is kept. While it is under way the next batch fills; when it is answered,
 * whatever has come goes at once: a slow pipe is not held up, a fast file makes full requests.
 */
export class BatchSender {
  readonly #send: (batch: Batch) => Promise<void>;
  readonly #failed = new AbortController();
  #filling = new Batch();
  #underWay: Promise<void> | undefined;
  #pump: Promise<void> | undefined;

  constructor(send: (batch: Batch) => Promise<void>) {
    this.#send = send;
  }

  /** Aborts with the error of the first batch that failed; nothing is sent behind it. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Takes a record, when there is room for it. */
  async add(record: Buffer, place: Place, inputBytes: number): Promise<void> {
    while (!this.#filling.add(record, place)) {
      if (this.#filling.places.length === 0)
        throw usageError(`The record is larger than a request may be (${LIMITS.requestBytes} bytes).`);
      this.flush();
      await this.#underWay?.catch(() => undefined);
      this.failed.throwIfAborted();
    }
    this.#filling.inputBytes += inputBytes;
  }

  /** What has come may go. */
  flush(): void {
    this.#pump ??= this.#run();
  }

  /** Resolves when everything that was flushed is stored. @throws what the first failed batch threw. */
  async drain(): Promise<void> {
    await this.#pump;
    this.failed.throwIfAborted();
  }

  async #run(): Promise<void> {
    try {
      while (this.#filling.places.length > 0 && !this.failed.aborted) {
        const batch = this.#filling;
        this.#filling = new Batch();
        this.#underWay = this.#send(batch);
        await this.#underWay;
      }
    } catch (error) {
      this.#failed.abort(error);
    } finally {
      this.#underWay = undefined;
      this.#pump = undefined;
    }
  }
}
