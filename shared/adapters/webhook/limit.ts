import { setMaxListeners } from 'node:events';

/**
 * What ends a request before its answer: its time, or its caller. By hand, as a signal for each request would cost a tenth of the request,
 * and `AbortSignal.any` of a signal that lives long keeps every request's own in memory with it.
 */
export class Limit {
  readonly #timer: NodeJS.Timeout;
  readonly #abort: AbortSignal | undefined;
  readonly #reach = (): void => {
    this.#reached = true;
    this.#cancel?.();
  };
  #reached = false;
  #cancel: (() => void) | undefined;

  constructor(ms: number, abort?: AbortSignal) {
    this.#timer = setTimeout(this.#reach, ms);
    this.#abort = abort;
    if (abort === undefined) return;
    // As many as are under way for one lane: no leak.
    setMaxListeners(0, abort);
    abort.addEventListener('abort', this.#reach, { once: true });
    if (abort.aborted) this.#reached = true;
  }

  get reached(): boolean {
    return this.#reached;
  }

  /** Of the one thing that is under way, once it is; called at once when the limit was reached before. */
  onReached(cancel: () => void): void {
    this.#cancel = cancel;
    if (this.#reached) cancel();
  }

  /** It counts no longer. */
  end(): void {
    clearTimeout(this.#timer);
    this.#abort?.removeEventListener('abort', this.#reach);
  }
}
