import type { TenantId } from '../contract/ids.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import { type Block, type Kept, KeptMemory } from '../lib/kept-memory.ts';
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
 * The memory of an answer is kept as it is, without a copy: whoever reads the same records next sends them from there.
 */
export class RenderedEntries {
  readonly #kept: KeptMemory<RenderedEntry>;

  constructor(budgetBytes: number, pool: BufferPool) {
    this.#kept = new KeptMemory(budgetBytes, pool);
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
    const fresh = rendered.filter(([placed]) => !this.has(tenant, placed));
    const bytes = fresh.reduce((sum, [, { start, ends }]) => sum + (ends.at(-1) ?? start) - start, 0);
    const size = memory.buffer.byteLength;
    if (fresh.length === 0 || bytes < LEAST_SHARE * size) return undefined;
    return this.#kept.keep(memory, new Map(fresh.map(([placed, entry]) => [nameOf(tenant, placed), entry])), 1, size);
  }

  release(block: Block<RenderedEntry>): void {
    this.#kept.release(block);
  }
}

const nameOf = (tenant: TenantId, { entry, baseOffset }: PlacedEntry): string =>
  `${tenant}/${entry.blob.id}/${entry.position}/${baseOffset}`;
