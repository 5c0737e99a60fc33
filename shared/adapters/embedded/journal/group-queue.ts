import type { TenantId } from '../../../contract/ids.ts';
import { crc32 } from '../../../lib/crc32.ts';
import type { BlobRef } from '../../../ports/blob-store.ts';
import { UnknownOutcomeError } from '../../../ports/offset-store.ts';
import type { IndexState } from '../index/index-state.ts';
import type { WritableIndex } from '../index/writable-index.ts';
import { NotWrittenError } from '../not-written-error.ts';
import { type BlobPlace, encodeBlobId } from './blob-id.ts';
import type { Journal } from './journal.ts';
import type { BlobWritten } from './operation.ts';
import { writeOperation } from './operation-codec.ts';
import { Request } from './request.ts';

/** An empty blob takes a byte, so that its id is its own. */
const PADDING: readonly Uint8Array[] = [new Uint8Array(1)];

interface Filling {
  readonly blobs: Uint8Array[];
  readonly written: BlobWritten[];
  readonly requests: Request<unknown>[];
  /** Of the blobs: to be told when they have been written, or will not be. */
  readonly releases: (() => void)[];
}

const refused = (reason: string): Error => new NotWrittenError({ cause: new Error(reason) });

const emptyFilling = (): Filling => ({ blobs: [], written: [], requests: [], releases: [] });

/** Follows the queue. */
export interface QueueWatcher {
  /** Called after every group that became durable. */
  noteWrite(): void;
  /** Nothing more may be written at present. */
  readonly isOverdue: boolean;
}

/**
 * Group commit. What arrives while a group is on its way to the disk goes into the next one:
 * 1. Requests and blobs are queued, without a wait.
 * 2. When the event loop has run everything that was ready, the queue is taken: every request is judged against what is durable and
 *    what the ones before it do, and says what it does.
 * 3. Blobs and operations are written as one group and synced once.
 * 4. What they did becomes visible, and every request is answered.
 * The queue is as long as its callers let it be.
 */
export class GroupQueue {
  readonly #journal: Journal;
  readonly #state: IndexState;
  #filling = emptyFilling();
  #scheduled = false;
  #flush: Promise<void> | undefined;
  readonly #isLost = (blob: BlobRef): boolean => this.#journal.hasLost(blob);
  #closed = false;
  readonly #watcher: QueueWatcher;

  constructor(journal: Journal, state: IndexState, watcher: QueueWatcher) {
    this.#journal = journal;
    this.#state = state;
    this.#watcher = watcher;
  }

  /** The blob has its place at once; it is durable no later than anything that is submitted after it. `release`: as the port has it. */
  put(tenant: TenantId, parts: readonly Uint8Array[], release?: () => void): BlobRef {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const place = this.#journal.place(tenant, length);
    const stored = length === 0 ? PADDING : parts;
    this.#filling.blobs.push(...stored);
    if (release !== undefined) this.#filling.releases.push(release);
    const crc = stored.reduce((sum, part) => crc32(part, sum), 0);
    this.#filling.written.push({ kind: 'blob', length: Math.max(1, length), crc });
    // A commit most likely follows: leave it the rest of this turn.
    setImmediate(this.#start);
    return { kind: 'journal', id: encodeBlobId(place), zones: 0 };
  }

  /** Resolves with what `judge` answered when what it did is durable. What it throws rejects, and must have done nothing. */
  submit<Answer>(judge: (index: WritableIndex) => Answer): Promise<Answer> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    const request = new Request(judge);
    this.#filling.requests.push(request as Request<unknown>);
    this.#schedule();
    return request.promise;
  }

  /** Resolves when the place can be read, or never will be. */
  async settled(place: BlobPlace): Promise<void> {
    while (!this.#journal.isDurable(place) && !this.#journal.isLost(place) && this.#isBusy()) await this.#step();
  }

  /** Takes nothing more; resolves when everything has been answered. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#isBusy()) await this.#step();
    await this.#journal.close();
  }

  #refusal(): Error | undefined {
    if (this.#closed) return refused('The store is closed.');
    return this.#watcher.isOverdue ? refused('The index cannot be stored.') : undefined;
  }

  #isBusy(): boolean {
    return this.#flush !== undefined || this.#hasWork();
  }

  #hasWork(): boolean {
    return this.#filling.requests.length + this.#filling.written.length > 0;
  }

  async #step(): Promise<void> {
    this.#start();
    await this.#flush;
  }

  /** A tick that is asked for in a microtask comes when all microtasks have run. */
  #schedule(): void {
    if (this.#scheduled || this.#flush !== undefined) return;
    this.#scheduled = true;
    queueMicrotask(() => process.nextTick(this.#start));
  }

  readonly #start = (): void => {
    this.#scheduled = false;
    if (this.#flush !== undefined || !this.#hasWork()) return;
    this.#flush = this.#run().finally(() => {
      this.#flush = undefined;
      if (this.#hasWork()) this.#schedule();
    });
  };

  async #run(): Promise<void> {
    const { blobs, written, requests, releases } = this.#filling;
    this.#filling = emptyFilling();
    const draft = this.#state.begin();
    for (const blob of written) writeOperation(draft.operations, blob);
    const index = { state: this.#state, draft, isLost: this.#isLost };
    for (const request of requests) request.judge(index);
    try {
      if (draft.operations.length > 0) {
        const position = await this.#journal.write(blobs, draft.operations.bytes(), this.#dropBlobs);
        this.#state.publish(draft, position);
      } else {
        this.#state.discard();
      }
    } catch (error) {
      this.#fail(requests, error);
      return;
    } finally {
      for (const release of releases) release();
    }
    for (const request of requests) request.answer();
    this.#watcher.noteWrite();
  }

  /** The blobs that wait have their places behind the lost ones, so they are lost too; requests that wait name none or fail by themselves. */
  readonly #dropBlobs = (): void => {
    this.#filling.blobs.length = 0;
    this.#filling.written.length = 0;
    for (const release of this.#filling.releases.splice(0)) release();
  };

  #fail(requests: readonly Request<unknown>[], cause: unknown): void {
    this.#state.discard();
    const error = cause instanceof NotWrittenError ? cause : new UnknownOutcomeError({ cause });
    for (const request of requests) request.fail(error);
  }
}
