import type { IndexPage } from '../ports/offset-store.ts';

/** Entries that follow each other, and the offset of the first one's first record. */
export type EntryRun = Pick<IndexPage, 'baseOffset' | 'entries'>;

/** The same run from the entry on that holds `offset`; nothing of it where that is behind its end. */
export function entriesFrom({ baseOffset, entries }: EntryRun, offset: number): EntryRun {
  let base = baseOffset;
  let at = 0;
  for (let entry = entries[0]; entry !== undefined && base + entry.count <= offset; entry = entries[++at])
    base += entry.count;
  return { baseOffset: base, entries: at === 0 ? entries : entries.slice(at) };
}
