import { type FileBytes, type ParsedGroup, parseGroups, unsoundBlobs } from './parse-groups.ts';
import { isTorn, lacksSectors } from './torn-tail.ts';

export interface SoundGroups {
  readonly groups: readonly ParsedGroup[];
  /** The file's length without what is torn. */
  readonly keep: number;
  /** The first byte, in the file, of what neither reads nor is torn. */
  readonly damagedAt?: number;
}

/**
 * The groups of a file, without what a crash cut short at the end of the last file. Blobs are looked at in the very last group only: the
 * ones before were synced, and damage in them is for their readers to find.
 */
export const soundGroups = (source: FileBytes, firstSequence: number, isLastFile: boolean): SoundGroups => {
  const { groups, end } = parseGroups(source, firstSequence);
  if (end < source.offset + source.bytes.length) {
    const isCut = isLastFile && isTorn(source, end);
    return isCut ? { groups, keep: end } : { groups, keep: end, damagedAt: end };
  }
  const last = groups.at(-1);
  const unsound = isLastFile && last !== undefined ? unsoundBlobs(source, last) : [];
  if (last === undefined || unsound.length === 0) return { groups, keep: end };
  const isCut = unsound.every((blob) => lacksSectors(source, last, blob));
  return isCut ? { groups: groups.slice(0, -1), keep: last.start } : { groups, keep: end };
};
