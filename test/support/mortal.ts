/** When a process dies: before the call is made, or when it is done and nobody has heard of it yet. */
export type Death = 'before' | 'behind';

const never = new Promise<never>(() => undefined);
/** Asks nothing of the world, or has to answer at once. */
const UNCOUNTED: ReadonlySet<string | symbol> = new Set([
  'now',
  'fraction',
  'bytes',
  'uuid',
  'enabled',
  'write',
  'end',
]);

/** Counts the calls that processes make of their ports, and kills the one that makes the call of a number. */
export class Reaper {
  readonly calls: string[] = [];
  killed = false;
  readonly #at: number;
  readonly #death: Death;
  readonly #died: () => void;

  /** `died` is told when it happens. */
  constructor(at: number, death: Death, died: () => void) {
    this.#at = at;
    this.#death = death;
    this.#died = died;
  }

  /** A process that is alive; each has its own ports. */
  process(): Mortal {
    const judge = (name: string): Death | undefined => {
      this.calls.push(name);
      return this.calls.length - 1 === this.#at ? this.#death : undefined;
    };
    return new Mortal(judge, () => {
      this.killed = true;
      this.#died();
    });
  }
}

/** A process as its ports see it: once it is dead no call does anything, and no answer arrives. */
export class Mortal {
  readonly #judge: (name: string) => Death | undefined;
  readonly #died: () => void;
  #dead = false;

  constructor(judge: (name: string) => Death | undefined, died: () => void) {
    this.#judge = judge;
    this.#died = died;
  }

  port<Port extends object>(port: Port, name: string): Port {
    return new Proxy(port, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]): unknown => (value as (...args: unknown[]) => unknown).apply(target, args);
        return UNCOUNTED.has(member) ? call : this.#mortal(call, `${name}.${String(member)}`);
      },
    });
  }

  #mortal(call: (...args: unknown[]) => unknown, name: string) {
    return (...args: unknown[]): unknown => {
      if (this.#dead) return never;
      const death = this.#judge(name);
      if (death === 'before') {
        this.#die();
        return never;
      }
      const answer = call(...args);
      if (answer instanceof Promise) return this.#hears(answer, death);
      if (death !== undefined) this.#die();
      return typeof answer === 'object' && answer !== null ? this.port(answer, name) : answer;
    };
  }

  async #hears(answer: Promise<unknown>, death: Death | undefined): Promise<unknown> {
    try {
      return await answer;
    } finally {
      if (death !== undefined) this.#die();
      if (this.#dead) await never;
    }
  }

  #die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#died();
  }
}
