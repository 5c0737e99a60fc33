import type { TenantId } from '../../contract/ids.ts';
import type { ByteOutput } from '../../lib/byte-output.ts';
import type { Block } from '../../lib/kept-memory.ts';
import type { ReadBounds, Walk } from '../../log/read-bounds.ts';
import type { PlacedEntry } from '../../log/record-sink.ts';
import type { RenderedEntries, RenderedEntry } from '../../log/rendered-entries.ts';

/** Where an answer's parts come from. */
export interface Remembered {
  readonly tenant: TenantId;
  readonly entries: RenderedEntries;
}

/** Texts that were rendered before, and where they belong among those of this answer. */
interface Insertion {
  readonly at: number;
  readonly text: Uint8Array<ArrayBuffer>;
}

/** An entry that is being rendered. */
interface Begun {
  readonly placed: PlacedEntry;
  start: number;
  readonly ends: number[];
}

/** How many of the texts from `first` on, `most` at the most, end at or before `limit`. */
const countUpTo = (ends: readonly number[], first: number, most: number, limit: number): number => {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (ends[first + middle - 1]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
};

/**
 * What an answer shares with others: texts of whole entries that another one has rendered, which are sent from where they are, and those
 * that it renders itself, which it leaves behind for the next ones.
 */
export class RenderedAnswer {
  readonly #out: ByteOutput;
  readonly #separator: number;
  readonly #remembered: Remembered;
  readonly #insertions: Insertion[] = [];
  readonly #finished: (readonly [PlacedEntry, RenderedEntry])[] = [];
  readonly #borrowed: Block<RenderedEntry>[] = [];
  #begun: Begun | undefined;
  #own: Block<RenderedEntry> | undefined;
  /** Of all insertions. */
  insertedBytes = 0;

  /** `separator`: the byte between two texts. */
  constructor(out: ByteOutput, separator: number, remembered: Remembered) {
    this.#out = out;
    this.#separator = separator;
    this.#remembered = remembered;
  }

  begin(placed: PlacedEntry): void {
    const isWorthIt = this.#remembered.entries.isWorthIt(placed);
    this.#begun = isWorthIt ? { placed, start: -1, ends: [] } : undefined;
  }

  /** A record's text stands at `start`, up to where the output is now. */
  added(start: number): void {
    const begun = this.#begun;
    if (begun === undefined) return;
    if (begun.ends.length === 0) begun.start = start;
    begun.ends.push(this.#out.at);
    if (begun.ends.length === begun.placed.entry.count) this.#finished.push([begun.placed, begun]);
  }

  /** The text that was added last is taken back. */
  undone(): void {
    if (this.#finished.at(-1)?.[1] === this.#begun) this.#finished.pop();
    this.#begun = undefined;
  }

  knows(placed: PlacedEntry): boolean {
    return this.#remembered.entries.has(this.#remembered.tenant, placed);
  }

  /** As `RecordSink.recall`, for an answer that has `bytes` of texts so far. */
  recall(placed: PlacedEntry, offset: number, bounds: ReadBounds, bytes: number): Walk | undefined {
    const { entries, tenant } = this.#remembered;
    const found = entries.find(tenant, placed);
    if (found === undefined) return undefined;
    const { start, ends } = found.part;
    const first = offset - placed.baseOffset;
    const from = first === 0 ? start : ends[first - 1]! + 1;
    const most = Math.min(bounds.records, ends.length - first);
    const isFirst = bytes === 0;
    const room = bounds.bytes - bytes - (isFirst ? 0 : 1);
    const given = Math.max(countUpTo(ends, first, most, from + room), isFirst ? Math.min(1, most) : 0);
    if (given === 0) entries.release(found.block);
    else {
      if (!isFirst) this.#out.byte(this.#separator);
      this.#insert(found.block, from, ends[first + given - 1]!);
    }
    return { nextOffset: offset + given, given, full: given < ends.length - first || given >= bounds.records };
  }

  #insert(block: Block<RenderedEntry>, from: number, to: number): void {
    this.#borrowed.push(block);
    const text = block.memory.subarray(from, to) as Uint8Array<ArrayBuffer>;
    this.#insertions.push({ at: this.#out.at, text });
    this.insertedBytes += text.length;
  }

  /** The answer in one piece or, with what others have rendered, in several; the output is of no use afterwards. */
  parts(): Buffer<ArrayBuffer> | readonly Uint8Array<ArrayBuffer>[] {
    const { tenant, entries } = this.#remembered;
    const whole = this.#out.written();
    if (this.#finished.length > 0) this.#own = entries.keep(tenant, this.#out.bytes, this.#finished);
    if (this.#insertions.length === 0) return whole;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let from = 0;
    for (const { at, text } of this.#insertions) {
      if (at > from) parts.push(whole.subarray(from, at));
      parts.push(text);
      from = at;
    }
    parts.push(whole.subarray(from));
    return parts;
  }

  /** When nobody looks at the parts any more. */
  release(): void {
    const { entries } = this.#remembered;
    for (const block of this.#borrowed) entries.release(block);
    if (this.#own === undefined) this.#out.release();
    else entries.release(this.#own);
  }
}
