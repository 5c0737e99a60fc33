import type { FetchedRecord } from '../../client/fetched.ts';
import { type Flight, NUMBER_HEADER } from './flights.ts';

export interface Check {
  readonly name: string;
  readonly faults: number;
}

/** Looks at every record that one reader gets, in the order in which it gets them, and counts what is wrong. */
export class RecordChecker {
  readonly #flights: readonly Flight[];
  readonly #times: Uint32Array;
  readonly #nextOffsets = new Map<number, number>();
  readonly #lastOfKey = new Map<string, { readonly number: number; readonly partition: number }>();
  #gaps = 0;
  #outOfOrder = 0;
  #changed = 0;
  /** Records by key. */
  readonly departures = new Map<string, number>();

  constructor(flights: readonly Flight[]) {
    this.#flights = flights;
    this.#times = new Uint32Array(flights.length);
  }

  look(record: FetchedRecord): void {
    const { partition = -1, offset, key = null } = record;
    const number = Number(record.headers?.[NUMBER_HEADER] ?? Number.NaN);
    const flight = this.#flights[number];
    this.departures.set(key ?? '', (this.departures.get(key ?? '') ?? 0) + 1);
    if (offset !== (this.#nextOffsets.get(partition) ?? 0)) this.#gaps += 1;
    this.#nextOffsets.set(partition, offset + 1);
    if (flight === undefined || flight.origin !== key || flight.json !== JSON.stringify(record.value)) {
      this.#changed += 1;
      return;
    }
    this.#times[number] = (this.#times[number] ?? 0) + 1;
    const last = this.#lastOfKey.get(key);
    if (last !== undefined && (last.number >= number || last.partition !== partition)) this.#outOfOrder += 1;
    this.#lastOfKey.set(key, { number, partition });
  }

  checks(): Check[] {
    return [
      { name: 'nothing missing', faults: this.#times.filter((times) => times === 0).length },
      { name: 'nothing doubled', faults: this.#times.filter((times) => times > 1).length },
      { name: 'offsets without a gap', faults: this.#gaps },
      { name: 'in order per key', faults: this.#outOfOrder },
      { name: 'every value unchanged', faults: this.#changed },
    ];
  }
}

/** The same check of several readers as one. */
export const mergeChecks = (readers: readonly (readonly Check[])[]): Check[] =>
  (readers[0] ?? []).map(({ name }, at) => ({
    name,
    faults: readers.reduce((sum, checks) => sum + (checks[at]?.faults ?? 0), 0),
  }));
