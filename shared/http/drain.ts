/** The end of service: those who wait are told at once, so that they answer with what they have. */
export class Drain {
  readonly #waiting = new Set<AbortController>();
  #draining = false;
  #underWay = 0;
  #idle: (() => void) | undefined;

  get draining(): boolean {
    return this.#draining;
  }

  /** A request has come. Every `begin` has its `finish`, when the answer has gone out or nobody is there to take it. */
  begin(): void {
    this.#underWay += 1;
  }

  finish(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#idle?.();
  }

  /** Ends every wait, now and from now on. Resolves when no request is under way. */
  start(): Promise<void> {
    this.#draining = true;
    for (const controller of this.#waiting) controller.abort();
    this.#waiting.clear();
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
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
