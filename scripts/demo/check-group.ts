import type { FetchedRecord } from '../../client/fetched.ts';
import type { Check } from './check-records.ts';
import { NUMBER_HEADER } from './flights.ts';

type GroupRecord = FetchedRecord & { readonly partition: number };

/** Looks at what the members of a group handle and commit. */
export class GroupChecker {
  readonly #times: Uint32Array;
  readonly #committed = new Map<number, number>();
  readonly #last = new Map<string, number>();
  #left: number;
  #outOfOrder = 0;
  #afterCommit = 0;
  /** Handled more than once: what the dead one had not committed. */
  repeats = 0;

  constructor(flights: number) {
    this.#times = new Uint32Array(flights);
    this.#left = flights;
  }

  isDone(): boolean {
    return this.#left === 0;
  }

  handled(member: string, { partition, offset, headers }: GroupRecord): void {
    const number = Number(headers?.[NUMBER_HEADER]);
    const times = this.#times[number] ?? 0;
    this.#times[number] = times + 1;
    if (times === 0) this.#left -= 1;
    else this.repeats += 1;
    if (offset < (this.#committed.get(partition) ?? 0)) this.#afterCommit += 1;
    const place = `${member}/${partition}`;
    if (offset <= (this.#last.get(place) ?? -1)) this.#outOfOrder += 1;
    this.#last.set(place, offset);
  }

  committed(partition: number, offset: number): void {
    this.#committed.set(partition, Math.max(offset, this.#committed.get(partition) ?? 0));
  }

  checks(): Check[] {
    return [
      { name: 'every flight was handled', faults: this.#left },
      { name: 'each member in order', faults: this.#outOfOrder },
      { name: 'nothing again that was committed', faults: this.#afterCommit },
    ];
  }
}
