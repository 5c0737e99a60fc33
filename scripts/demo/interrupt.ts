const INTERRUPTED = 130;

/** What has to be undone when the user interrupts the demo: the latest first. */
export class Interrupt {
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor() {
    const leave = async () => {
      for (const undo of this.#undo.toReversed()) await undo().catch(() => undefined);
      process.exit(INTERRUPTED);
    };
    process.once('SIGINT', leave).once('SIGTERM', leave);
  }

  undoing(undo: () => Promise<unknown>): void {
    this.#undo.push(undo);
  }
}
