/** The end of service: those who wait are told at once, so that they answer with what they have. */
export class Drain {
  readonly #waiting = new Set<AbortController>();
  #draining = false;

  get draining(): boolean {
    return this.#draining;
  }

  /** Ends every wait, now and from now on. */
  start(): void {
    this.#draining = true;
    for (const controller of this.#waiting) controller.abort();
    this.#waiting.clear();
  }

  /** Ties a request's controller to the end of service. Always `leave` when the request is done. */
  join(controller: AbortController): void {
    if (this.#draining) controller.abort();
    else this.#waiting.add(controller);
  }

  leave(controller: AbortController): void {
    this.#waiting.delete(controller);
  }
}
