import type { StoredRecord } from '../../client/produce.ts';
import { table } from '../output/table.ts';

interface Range {
  readonly first: number;
  readonly last: number;
  readonly records: number;
}

const COLUMNS = ['PARTITION', 'RECORDS', 'FIRST OFFSET', 'LAST OFFSET'].map((title) => ({ title, isNumber: true }));

/** What was stored where. */
export class Tally {
  readonly #ranges = new Map<number, Range>();
  records = 0;
  inputBytes = 0;

  add({ partition, offset }: StoredRecord): void {
    const { first = offset, records = 0 } = this.#ranges.get(partition) ?? {};
    this.#ranges.set(partition, { first, last: offset, records: records + 1 });
    this.records += 1;
  }

  toString(): string {
    const rows = [...this.#ranges].sort(([a], [b]) => a - b);
    return table(
      COLUMNS,
      rows.map(([partition, { records, first, last }]) => [partition, records, first, last].map(String)),
    );
  }
}
