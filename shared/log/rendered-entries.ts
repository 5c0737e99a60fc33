import type { TenantId } from '../contract/ids.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import { type Block, type Kept, KeptMemory } from '../lib/kept-memory.ts';
import { ReuseDistance } from '../lib/reuse-distance.ts';
import type { PlacedEntry } from './record-sink.ts';

/** What the records of an index entry became: their texts one behind the other, a byte between each and the next. */
export interface RenderedEntry {
  /** Of the first text, in its memory. */
  readonly start: number;
  /** Behind each text, in its memory. */
  readonly ends: readonly number[];
}

/** Whatever a smaller entry becomes is found as fast as it is remembered. */
const SMALLEST_BYTES = 16 * 1024;
/** An answer that is mostly something else is not worth its memory. */
const LEAST_SHARE = 0.5;

/**
 * Entries as they were rendered, within a budget of bytes. Neither an entry nor its place ever changes, so nothing here is ever stale.
 * What is rendered a second time, before more than the budget has come between, is kept where it is, in the memory of its answer: whoever
 * reads the same records next sends them from there.
 */
export class RenderedEntries {
  readonly #kept: KeptMemory<RenderedEntry>;
  readonly #rendered: ReuseDistance;

  constructor(budgetBytes: number, pool: BufferPool) {
    this.#kept = new KeptMemory(budgetBytes, pool);
    this.#rendered = new ReuseDistance(budgetBytes);
  }

  isWorthIt({ entry }: PlacedEntry): boolean {
    return entry.length >= SMALLEST_BYTES;
  }

  has(tenant: TenantId, placed: PlacedEntry): boolean {
    return this.isWorthIt(placed) && this.#kept.has(nameOf(tenant, placed));
  }

  /** To be released when what was found in it has been sent. */
  find(tenant: TenantId, placed: PlacedEntry): Kept<RenderedEntry> | undefined {
    return this.isWorthIt(placed) ? this.#kept.find(nameOf(tenant, placed)) : undefined;
  }

  /** Undefined: it is not kept. Else whoever gave it looks at it, until they release it. */
  keep(
    tenant: TenantId,
    memory: Uint8Array,
    rendered: readonly (readonly [PlacedEntry, RenderedEntry])[],
  ): Block<RenderedEntry> | undefined {
    const parts = new Map<string, RenderedEntry>();
    let partBytes = 0;
    for (const [placed, entry] of rendered) {
      const name = nameOf(tenant, placed);
      const bytes = (entry.ends.at(-1) ?? entry.start) - entry.start;
      if (!this.#rendered.see(name, bytes) || this.#kept.has(name)) continue;
      parts.set(name, entry);
      partBytes += bytes;
    }
    const { byteLength } = memory.buffer;
    if (parts.size === 0 || partBytes < LEAST_SHARE * byteLength) return undefined;
    return this.#kept.keep(memory, parts, 1, byteLength);
  }

  release(block: Block<RenderedEntry>): void {
    this.#kept.release(block);
  }
}

const nameOf = (tenant: TenantId, { entry, baseOffset }: PlacedEntry): string =>
  `${tenant}/${entry.blob.id}/${entry.position}/${baseOffset}`;
