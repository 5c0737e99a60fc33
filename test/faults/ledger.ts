import { readPartition } from '../support/bus.ts';
import type { Caller } from '../support/http.ts';
import type { FetchedRecord, Placed } from '../support/shapes.ts';

/** What a writer put into each record's value: enough to know it again and to judge the order. */
export interface Written {
  readonly writer: string;
  readonly sequence: number;
}

interface Uncertain {
  readonly requestId: number;
  readonly written: Written;
}

const nameOf = ({ writer, sequence }: Written): string => `${writer}#${sequence}`;

/** What producers were told, to be held against what readers find. */
export class Ledger {
  readonly #acknowledged = new Map<string, Placed>();
  readonly #uncertain = new Map<string, Uncertain>();
  #requests = 0;

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  get uncertain(): number {
    return this.#uncertain.size;
  }

  /** The server said where each of them is. */
  acknowledge(written: readonly Written[], placed: readonly Placed[]): void {
    if (placed.length !== written.length)
      throw new Error(`${written.length} records were answered with ${placed.length} places.`);
    written.forEach((one, index) => {
      this.#acknowledged.set(nameOf(one), placed[index] as Placed);
      this.#uncertain.delete(nameOf(one));
    });
  }

  /** The answer was lost: they may be there, all of one request or none, and once at most. */
  doubt(written: readonly Written[]): void {
    this.#requests += 1;
    for (const one of written) this.#uncertain.set(nameOf(one), { requestId: this.#requests, written: one });
  }

  /** Reads everything and answers all that is wrong; an empty list is what everybody hopes for. */
  async audit(api: Caller, topic: string, partitions: number): Promise<string[]> {
    const faults: string[] = [];
    const found = new Map<string, Placed>();
    for (let partition = 0; partition < partitions; partition += 1) {
      const records = await readPartition(api, topic, partition, '&limit=10000&maxBytes=4194304');
      faults.push(...auditPartition(partition, records, found));
    }
    return [...faults, ...this.#auditAcknowledged(found), ...this.#auditUncertain(found)].slice(0, 20);
  }

  #auditAcknowledged(found: ReadonlyMap<string, Placed>): string[] {
    const faults: string[] = [];
    for (const [name, placed] of this.#acknowledged) {
      const there = found.get(name);
      if (there === undefined)
        faults.push(`${name} was acknowledged at ${placed.partition}/${placed.offset} and is lost`);
      else if (there.partition !== placed.partition || there.offset !== placed.offset) {
        faults.push(
          `${name} was acknowledged at ${placed.partition}/${placed.offset} and is at ${there.partition}/${there.offset}`,
        );
      } else if (there.timestamp !== placed.timestamp) faults.push(`${name} has another timestamp than its answer`);
    }
    return faults;
  }

  #auditUncertain(found: ReadonlyMap<string, Placed>): string[] {
    const faults: string[] = [];
    const outcomes = new Map<string, boolean>();
    for (const [name, { requestId, written }] of this.#uncertain) {
      const there = found.has(name);
      const part = `${requestId}/${written.writer}`;
      if ((outcomes.get(part) ?? there) !== there) faults.push(`${name}: its request is there in part`);
      outcomes.set(part, there);
    }
    for (const name of found.keys()) {
      if (!this.#acknowledged.has(name) && !this.#uncertain.has(name))
        faults.push(`${name} is there and nobody wrote it`);
    }
    return faults;
  }
}

/** Dense offsets, no record twice, each writer's records in the order in which they were written. */
const auditPartition = (partition: number, records: readonly FetchedRecord[], found: Map<string, Placed>): string[] => {
  const faults: string[] = [];
  const last = new Map<string, number>();
  records.forEach(({ offset, timestamp, value, key }, index) => {
    const { writer, sequence } = value as Written;
    const name = `${writer}#${sequence}`;
    if (offset !== index) faults.push(`partition ${partition} has offset ${offset} where ${index} belongs`);
    if (key !== writer) faults.push(`${name} has the key ${key}`);
    if (found.has(name)) faults.push(`${name} is there twice`);
    found.set(name, { partition, offset, timestamp });
    if (sequence <= (last.get(writer) ?? -1)) faults.push(`${name} stands behind a later one of its key`);
    last.set(writer, sequence);
  });
  return faults;
};
