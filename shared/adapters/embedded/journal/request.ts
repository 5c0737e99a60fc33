import type { WritableIndex } from '../index/writable-index.ts';

type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/** One call that waits for its group. */
export class Request<Answer> {
  readonly promise: Promise<Answer>;
  readonly #judge: (index: WritableIndex) => Answer;
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;
  #outcome: Outcome<Answer> | undefined;

  constructor(judge: (index: WritableIndex) => Answer) {
    this.#judge = judge;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  judge(index: WritableIndex): void {
    try {
      this.#outcome = { answer: this.#judge(index) };
    } catch (error) {
      this.#outcome = { error };
    }
  }

  /** The group is durable. */
  answer(): void {
    const outcome = this.#outcome!;
    'error' in outcome ? this.#reject(outcome.error) : this.#resolve(outcome.answer);
  }

  /** The group failed; what was wrong before stays wrong for its own reason. */
  fail(error: unknown): void {
    const outcome = this.#outcome!;
    this.#reject('error' in outcome ? outcome.error : error);
  }
}
