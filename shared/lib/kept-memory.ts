import type { BufferPool } from './buffer-pool.ts';
import { Lru } from './lru.ts';

/** A piece of memory with parts that have names. It is kept and forgotten as a whole, so that the budget counts the memory that there is. */
export interface Block<Part> {
  readonly memory: Uint8Array;
  readonly parts: ReadonlyMap<string, Part>;
  /** Of its first part: what the rest is forgotten by. */
  readonly name: string;
  /** How many look at it. */
  users: number;
  kept: boolean;
}

export interface Kept<Part> {
  readonly part: Part;
  readonly block: Block<Part>;
}

/**
 * Parts of memory that never change, by name, the least recently used forgotten first. What is forgotten goes back to the pool once
 * nobody looks at it; whoever never says that it has looked enough only costs memory.
 */
export class KeptMemory<Part> {
  readonly #pool: BufferPool;
  readonly #parts = new Map<string, Kept<Part>>();
  readonly #blocks: Lru<Block<Part>>;

  constructor(budgetBytes: number, pool: BufferPool) {
    this.#pool = pool;
    this.#blocks = new Lru(budgetBytes, (block) => this.#forget(block));
  }

  has(name: string): boolean {
    return this.#parts.has(name);
  }

  /** Whoever is given it looks at it, until `release`. */
  find(name: string): Kept<Part> | undefined {
    const kept = this.#parts.get(name);
    if (kept === undefined) return undefined;
    this.#blocks.get(kept.block.name);
    kept.block.users++;
    return kept;
  }

  /** There has to be a part. `users` look at it already; `bytes` are what it counts for. */
  keep(memory: Uint8Array, parts: ReadonlyMap<string, Part>, users: number, bytes: number): Block<Part> {
    const [name = ''] = parts.keys();
    const block: Block<Part> = { memory, parts, name, users, kept: true };
    for (const [partName, part] of parts) this.#parts.set(partName, { part, block });
    this.#blocks.set(name, block, bytes);
    return block;
  }

  release(block: Block<Part>): void {
    block.users--;
    this.#reuse(block);
  }

  #forget(block: Block<Part>): void {
    block.kept = false;
    for (const name of block.parts.keys()) if (this.#parts.get(name)?.block === block) this.#parts.delete(name);
    this.#reuse(block);
  }

  #reuse({ memory, users, kept }: Block<Part>): void {
    if (users === 0 && !kept) this.#pool.give(memory);
  }
}
