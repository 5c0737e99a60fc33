export interface Event {
  readonly key: string;
  /** Its number among the records of its key, from 0. */
  readonly index: number;
  readonly poison: boolean;
}

export const nameOf = ({ key, index }: Event): string => `${key}/${index}`;

interface Accepted {
  readonly life: number;
  /** Whether the sender can have missed the answer. */
  readonly isSure: boolean;
  /** Milliseconds since the epoch; for whoever reads a fault. */
  readonly at: number;
}

/** What an endpoint got, and what of it must not be: gaps, steps back, repeats without a reason, two of one key at once. */
export class PushLedger {
  readonly faults: string[] = [];
  repeats = 0;
  readonly #accepted = new Map<string, Accepted>();
  readonly #underWay = new Set<string>();
  /** Under which `webhook-id` each has come. */
  readonly #ids = new Map<string, string>();
  /** Of each life of the server, the last index of each key. */
  #last = new Map<string, number>();
  #life = 0;
  /** Went out before an earlier one of their key was accepted: right only if that one was given up. */
  readonly #skipped: { readonly given: string; readonly early: string }[] = [];

  get acceptedCount(): number {
    return this.#accepted.size;
  }

  wasAccepted(event: Event): boolean {
    return this.#accepted.has(nameOf(event));
  }

  /** The server was killed: it goes on from what it had stored. */
  serverDied(): void {
    this.#life += 1;
    this.#last = new Map();
    this.#underWay.clear();
  }

  /** A request has come, under its `webhook-id`. Tell the answer when it has ended, whatever became of it. */
  arrived(events: readonly Event[], id = ''): (accepted: boolean, isSure: boolean) => void {
    const life = this.#life;
    for (const event of events) this.#checkId(nameOf(event), id);
    const keys = [...new Set(events.map(({ key }) => key))];
    for (const key of keys) {
      if (this.#underWay.has(key)) this.faults.push(`two of ${key} at once`);
      this.#underWay.add(key);
    }
    const firsts = new Map(events.toReversed().map((event) => [event.key, event]));
    for (const event of firsts.values()) this.#check(event);
    this.#checkWithin(events);
    return (accepted, isSure) => {
      if (life === this.#life) for (const key of keys) this.#underWay.delete(key);
      if (accepted) for (const event of events) this.#accepted.set(nameOf(event), { life, isSure, at: Date.now() });
    };
  }

  /** To be asked at the end, with the names of what was given up. */
  skipped(givenUp: ReadonlySet<string>): string[] {
    return this.#skipped
      .filter(({ given }) => !givenUp.has(given))
      .map(({ given, early }) => `${early} came before ${given} was accepted`);
  }

  /** Stable over retries, whoever makes them. */
  #checkId(name: string, id: string): void {
    const known = this.#ids.get(name);
    if (known !== undefined && known !== id) this.faults.push(`${name} under ${id}, before under ${known}`);
    this.#ids.set(name, id);
  }

  /** A batch may hold more of a key: they go together, in order. */
  #checkWithin(events: readonly Event[]): void {
    const last = new Map<string, number>();
    for (const event of events) {
      if (event.index <= (last.get(event.key) ?? -1)) this.faults.push(`${nameOf(event)} out of order in its batch`);
      last.set(event.key, event.index);
    }
  }

  #check(event: Event): void {
    const { key, index } = event;
    const name = nameOf(event);
    const last = this.#last.get(key);
    if (last !== undefined && index < last) this.faults.push(`${name} behind ${last}`);
    this.#last.set(key, index);
    for (let before = index - 1; before >= 0; before -= 1) {
      const given = nameOf({ ...event, index: before });
      if (this.#accepted.has(given)) break;
      this.#skipped.push({ given, early: name });
    }
    const accepted = this.#accepted.get(name);
    if (accepted === undefined) return;
    this.repeats += 1;
    if (accepted.isSure && accepted.life === this.#life) {
      this.faults.push(`${name} again for no reason, ${Date.now() - accepted.at} ms later`);
    }
  }
}
