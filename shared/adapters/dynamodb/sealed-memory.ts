import type { Head, IndexEntry } from '../../ports/offset-store.ts';
import type { SealedState } from './encoding/sealed-state.ts';
import { decodeHead, type HeadItem } from './head-item.ts';
import type { Item } from './table.ts';

interface Remembered {
  readonly baseOffset: number;
  readonly sealed: SealedState;
}

/**
 * A sealer needs what the head knows of everything sealed, which the port's `Head` does not show, and has to write without reading. So
 * it is remembered by the tail's first entry, an object that was decoded together with it and that the sealer hands back. It holds as
 * long as the tail begins there, which the seal's own condition checks. Without it (the entry is of another process) the head is read.
 */
export class SealedMemory {
  readonly #byFirstEntry = new WeakMap<IndexEntry, Remembered>();

  decode(item: Item | undefined): HeadItem | undefined {
    const found = decodeHead(item);
    const first = found?.head.tail[0];
    if (found !== undefined && first !== undefined) {
      const { head, sealed } = found;
      this.#byFirstEntry.set(first, { baseOffset: head.baseOffset, sealed });
    }
    return found;
  }

  decodeHead(item: Item | undefined): Head | undefined {
    return this.decode(item)?.head;
  }

  recall(baseOffset: number, entries: readonly IndexEntry[]): SealedState | undefined {
    const remembered = entries[0] === undefined ? undefined : this.#byFirstEntry.get(entries[0]);
    return remembered?.baseOffset === baseOffset ? remembered.sealed : undefined;
  }
}
