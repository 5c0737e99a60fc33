import type { BlobPlace } from './blob-id.ts';

/** Ends of journal files behind which nothing was kept, though places there had been given out. */
export class LostPlaces {
  readonly #from = new Map<number, number>();

  get isEmpty(): boolean {
    return this.#from.size === 0;
  }

  add(file: number, from: number): void {
    this.#from.set(file, Math.min(from, this.#from.get(file) ?? from));
  }

  has({ file, position }: Pick<BlobPlace, 'file' | 'position'>): boolean {
    const from = this.#from.get(file);
    return from !== undefined && position >= from;
  }
}
